import { parseDocument } from 'yaml';
import type { MapNode } from './node.ts';
import type { Report } from './report.ts';
import { readTree } from './tree.ts';
import { reportYaml } from './yaml-findings.ts';

/** Scalars by YAML 1.2, which reads `no` and `on` as texts; tags beyond its core are findings. */
const OPTIONS = { uniqueKeys: false, prettyErrors: false, resolveKnownTags: false } as const;

/**
 * Reads the report's text as one YAML map. Where it is none, gives null and one finding that says why: what follows a
 * mistake of YAML is guesswork. Of a key that stands twice the first one stands.
 */
export function readDocument(report: Report): MapNode | null {
  const yaml = parseDocument(report.text, OPTIONS);
  const [mistake] = [...yaml.errors, ...yaml.warnings];
  if (mistake) {
    reportYaml(mistake, report);
    return null;
  }
  const root = readTree(yaml, report);
  if (root === null || root.kind === 'map') return root;
  const span = { start: 0, end: report.text.trimEnd().length };
  if (root.kind === 'null') report.add('EMPTY_MAPPING', undefined, span);
  else report.add('NOT_A_MAP', { actual: root.kind }, span);
  return null;
}
