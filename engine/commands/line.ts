/** So many of a list are named. */
const MOST = 6;

/** `a, b and 3 more` */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST;
  return `${names.slice(0, MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A line of an answer, behind the step that it tells of. */
export function line(step: string, text: string): string {
  return `  ${step.padEnd(8)}${text}`;
}
