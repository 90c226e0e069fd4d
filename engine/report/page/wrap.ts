/** Lines that an expression or a name may take, until it is cut. */
const MOST = 3;

/** How wide a text is, in letters of a font of even width: those of East Asia and pictures take two places each. */
export function lettersOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2), 0);
}

/** A text in lines of so many letters, broken behind blanks, dots and underscores where it has some. */
export function wrapped(text: string, letters: number): readonly string[] {
  const lines: string[] = [];
  for (const part of text.match(/[^\s._]*[\s._]?/g) ?? []) {
    const last = lines.pop() ?? '';
    if (lettersOf(`${last}${part}`.trimEnd()) <= letters) lines.push(`${last}${part}`);
    else lines.push(last, ...pieces(part, letters));
  }
  const all = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  const [cut = ''] = all.slice(MOST - 1);
  const shorter = pieces(cut, letters - 1)[0] ?? '';
  return all.length > MOST ? [...all.slice(0, MOST - 1), `${shorter}\u2026`] : all;
}

/** A text without a place to break it, in pieces. */
function pieces(text: string, letters: number): readonly string[] {
  const found = [''];
  for (const letter of text) {
    const last = found.at(-1) ?? '';
    if (lettersOf(last + letter) <= letters) found[found.length - 1] = last + letter;
    else found.push(letter);
  }
  return found;
}
