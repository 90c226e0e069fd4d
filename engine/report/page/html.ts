/** Markup. Only `html` makes it, and what it puts in is escaped: so no value can be more than text. */
export interface Html {
  readonly markup: string;
}

export type Part = Html | string | number | null | readonly Part[];

/** Markup with parts: texts are escaped, lists put one behind the other, and of null nothing is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((markup, text, n) => markup + markupOf(parts[n - 1] ?? null) + text) };
}

function markupOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, which a page can't hold, and those that turn the order of letters around. */
const HIDDEN = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/gu;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign).replace(HIDDEN, pictured);
}

/** As Unicode pictures them, where it does. */
function pictured(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
