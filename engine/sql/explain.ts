import { toDot } from '../plan/dot.ts';
import { toMermaid } from '../plan/mermaid.ts';
import type { Plan } from '../plan/plan.ts';
import { toText } from '../plan/text.ts';
import { clickhouse } from './clickhouse/dialect.ts';
import { type Dialect, sqlite } from './dialect.ts';
import { metricQuery } from './metric.ts';
import { type Names, namesForReading } from './names.ts';
import { postgres } from './postgres/dialect.ts';
import { sayQuery } from './query.ts';
import { scriptOf } from './script.ts';

export type Format = 'text' | 'mermaid' | 'dot' | 'sql';

export type DialectName = Dialect['name'];

/** What else a plan is said by. */
export interface Explaining {
  readonly dialect?: DialectName;
  /** What is known of the relations' columns; else what the mapping says. */
  readonly typeOf?: Names['type'] | undefined;
}

/**
 * A plan for people and their tools. Relations and columns go by the names of the mapping.
 *
 * Throws an EtlError where the types don't fit an expression, or the database can't say it.
 */
export function explainPlan(plan: Plan, format: Format, { dialect = 'sqlite', typeOf }: Explaining = {}): string {
  switch (format) {
    case 'text':
      return toText(plan);
    case 'mermaid':
      return toMermaid(plan);
    case 'dot':
      return toDot(plan);
    case 'sql':
      return sayIn(plan, dialect, typeOf);
  }
}

function sayIn(plan: Plan, name: DialectName, typeOf?: Names['type']): string {
  if (name === 'sqlite') return `${sayQuery(metricQuery(plan, namesForReading(plan, sqlite), sqlite))};`;
  const { functions, tables, select } = scriptOf(plan, name === 'postgres' ? postgres : clickhouse, typeOf);
  return [...functions, ...tables, `${select};`].join('\n\n');
}
