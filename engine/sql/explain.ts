import { toDot } from '../plan/dot.ts';
import { toMermaid } from '../plan/mermaid.ts';
import type { Plan } from '../plan/plan.ts';
import { toText } from '../plan/text.ts';
import { sqlite } from './dialect.ts';
import { metricQuery } from './metric.ts';
import { namesForReading } from './names.ts';
import { sayQuery } from './query.ts';

export type Format = 'text' | 'mermaid' | 'dot' | 'sql';

/**
 * A plan for people and their tools. Relations and columns go by the names of the mapping.
 *
 * Throws an EtlError where the types that the mapping says don't fit an expression.
 */
export function explainPlan(plan: Plan, format: Format): string {
  switch (format) {
    case 'text':
      return toText(plan);
    case 'mermaid':
      return toMermaid(plan);
    case 'dot':
      return toDot(plan);
    case 'sql':
      return `${sayQuery(metricQuery(plan, namesForReading(plan, sqlite), sqlite))};`;
  }
}
