/** What C's isspace takes for space; PostgreSQL ignores it around numbers, booleans and times. */
const SPACES = ' \t\n\v\f\r';

export function trimSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && SPACES.includes(text.charAt(start))) start++;
  while (end > start && SPACES.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Without the blanks at the end: what a character(n) means. */
export function trimBlanksAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  return text.slice(0, end);
}
