import schema from '../../schemas/mapping.schema.json' with { type: 'json' };
import type { Answer } from './answer.ts';

/** The JSON Schema of a mapping, for editors. */
export function printSchema(): Answer {
  return { exit: 0, text: JSON.stringify(schema, null, 2), result: schema, diagnostics: [] };
}
