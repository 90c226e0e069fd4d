/** A line of an answer, behind the step that it tells of. */
export function line(step: string, text: string): string {
  return `  ${step.padEnd(8)}${text}`;
}
