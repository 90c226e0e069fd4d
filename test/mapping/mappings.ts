/** Small mappings to test with: they differ from these in one place. */
import { diagnosticJson } from '../../engine/diagnostic/frame.ts';
import { parseMapping } from '../../engine/mapping/load.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';

export const payments = `metric: payments
source: { format: wal2json, path: data/wal.json }
tables:
  event: { key: event_id }
  transaction: { key: transaction_id }
from: event
join:
  - event.transaction_id = transaction.transaction_id
columns:
  - event.event_id
  - transaction.amount
sink: { sqlite: metrics.db }
`;

/** The mapping with one part of its text replaced; the part has to be there. */
export function replaced(part: string, by: string, text = payments): string {
  if (!text.includes(part)) throw new Error(`"${part}" is not in the mapping`);
  return text.replace(part, () => by);
}

/** The mapping, which has no error. */
export function mappingOf(text: string): Mapping {
  const loaded = parseMapping(text, 'm.yaml');
  if ('mapping' in loaded) return loaded.mapping;
  throw new Error(loaded.diagnostics.map((each) => `${each.code}: ${each.message}`).join('\n'));
}

/** The findings as `CODE words`: the words of the mapping that have the caret. */
export function findingsOf(text: string): string[] {
  const loaded = parseMapping(text, 'm.yaml');
  return ('mapping' in loaded ? loaded.warnings : loaded.diagnostics).map(({ code, mapping }) =>
    `${code} ${mapping ? text.slice(mapping.span.start, mapping.span.end) : ''}`.trim(),
  );
}

/** The hints of all findings. */
export function hintsOf(text: string): (string | null)[] {
  const loaded = parseMapping(text, 'm.yaml');
  return ('mapping' in loaded ? loaded.warnings : loaded.diagnostics).map((each) => diagnosticJson(each).hint);
}
