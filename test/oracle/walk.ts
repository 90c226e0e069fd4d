import type { Json } from './json.ts';

/** What PostgreSQL's `->>` gives at the end of a path: text, or null where it leads nowhere or to JSON null. */
export function walk(json: Json, steps: readonly (string | number)[]): string | null {
  let at: Json | undefined = json;
  for (const step of steps) at = at && stepInto(at, step);
  if (!at || at.kind === 'null') return null;
  return at.kind === 'string' ? at.value : at.raw;
}

function stepInto(json: Json, step: string | number): Json | undefined {
  if (typeof step === 'number') return json.kind === 'array' ? json.items[step] : undefined;
  return json.kind === 'object' ? json.members.get(step) : undefined;
}
