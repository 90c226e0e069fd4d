import type { Expression } from '../expression/expression.ts';
import { rewrite } from '../expression/paths.ts';
import { printExpression } from '../expression/print.ts';
import type { Scan } from './plan.ts';

/**
 * What decides which rows a relation holds and which of them wins: under another one its rows would be others. It is said
 * without the alias, and in one order where order means nothing.
 */
export interface Reads {
  readonly source: string;
  readonly schema: string;
  readonly tables: readonly string[];
  readonly key: readonly string[];
  readonly version: string | null;
}

export function readsOf({ source, schema, tables, key, version }: Scan): Reads {
  return {
    source,
    schema: schema ?? 'public',
    tables: tables.toSorted(),
    key: key.toSorted(),
    version: version && bareText(version),
  };
}

/** By which checks the rows that fail were told, which are held all the same. */
export function checksOf({ checks }: Scan): readonly string[] {
  return checks.map(({ expression, onFail }) => `${bareText(expression)} or ${onFail}`);
}

function bareText(expression: Expression): string {
  const bare = rewrite(expression, (each) => (each.kind === 'column' ? { ...each, alias: '' } : null));
  return printExpression(bare);
}
