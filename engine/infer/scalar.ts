/** Texts as YAML writes them. */

/** Words that YAML, or a reader of an older version of it, takes for something else than a text. */
const OTHERS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A text that is the same inside of `{ }`, `[ ]` and on a line of its own. */
export function scalar(text: string): string {
  return /^[A-Za-z_][\w.]*$/.test(text) && !OTHERS.test(text) ? text : quoted(text);
}

/** A text on a line of its own: plain also where it is an equality of plain paths, or a plain path to a file. */
export function lineScalar(text: string): string {
  const isPlain = /^[A-Za-z_./][\w./=-]*(?: [\w./=-]+)*$/.test(text) && !OTHERS.test(text);
  return isPlain ? text : quoted(text);
}

/** What a text may hold in a comment, which ends with its line. */
export function comment(text: string): string {
  return text.replaceAll(UNSAFE, escaped);
}

/** What is no character that YAML prints, and what some editors take for the end of a line. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff\ufffe\uffff]/gu;

/** In single quotes where that spares escapes. JSON's strings are YAML's too. */
function quoted(text: string): string {
  if (/["\\]/.test(text) && !text.includes("'") && text.search(UNSAFE) === -1) return `'${text}'`;
  return JSON.stringify(text).replaceAll(UNSAFE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Texts as a list on one line. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(scalar).join(', ')}]`;
}
