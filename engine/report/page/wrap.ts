/** Lines that an expression or a name may take, until it is cut. */
const MOST = 3;

/** A text in lines of so many letters, broken behind blanks, dots and underscores where it has some. */
export function wrapped(text: string, letters: number): readonly string[] {
  const lines: string[] = [];
  for (const part of text.match(/[^\s._]*[\s._]?/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && (last + part).trimEnd().length <= letters) lines[lines.length - 1] = last + part;
    else for (let at = 0; at < part.length; at += letters) lines.push(part.slice(at, at + letters));
  }
  const all = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  const [cut = ''] = all.slice(MOST - 1);
  return all.length > MOST ? [...all.slice(0, MOST - 1), `${cut.slice(0, letters - 1)}\u2026`] : all;
}
