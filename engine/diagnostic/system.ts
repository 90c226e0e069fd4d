/** The operating system's own words for what it did not do: of `ELOOP: too many links, stat 'a'` those in the middle. */
export function systemReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: (.+?), \w+/.exec(text)?.[1] ?? text;
}
