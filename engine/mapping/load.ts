import { readFile } from 'node:fs/promises';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { systemReason } from '../diagnostic/system.ts';
import { checkDraft } from './check.ts';
import { readDocument } from './document.ts';
import type { Loaded } from './loaded.ts';
import type { Mapping } from './mapping.ts';
import { parseDraft } from './parse.ts';
import { openReport } from './report.ts';
import { checkShape } from './schema.ts';
import { withMetrics } from './upstream.ts';

/** Reads and checks one YAML file, and those of the metrics that it reads. */
export async function loadMapping(file: string): Promise<Loaded> {
  return loadFor(file, []);
}

async function loadFor(file: string, readers: readonly Mapping[]): Promise<Loaded> {
  const read = await readText(file);
  if ('diagnostic' in read) return { diagnostics: [read.diagnostic] };
  const parsed = parseMapping(read.text, file);
  if ('diagnostics' in parsed) return parsed;
  const whole = await withMetrics(parsed.mapping, readers, loadFor);
  if ('diagnostics' in whole) return { diagnostics: [...parsed.warnings, ...whole.diagnostics] };
  return { ...whole, warnings: [...parsed.warnings, ...whole.warnings] };
}

/**
 * Every stage goes on with what the one before it could read, so that one mistake hides no other:
 *
 *     text
 *      |  document.ts   YAML, with places
 *     MapNode
 *      |  schema.ts     has it the shape of a mapping? (misspelled keys put right)
 *     MapNode
 *      |  parse.ts      names and expressions
 *     Draft
 *      |  check.ts      do the names exist, and fit together?
 *     Mapping
 */
export function parseMapping(text: string, file: string): Loaded {
  const report = openReport(file, text);
  const document = readDocument(report);
  if (!document) return { diagnostics: report.findings() };
  const shaped = checkShape(document, report);
  const draft = parseDraft(shaped, report);
  const mapping = checkDraft(draft, report);
  return mapping ? { mapping, warnings: report.findings() } : { diagnostics: report.findings() };
}

async function readText(file: string): Promise<{ text: string } | { diagnostic: Diagnostic }> {
  const data = { file };
  try {
    const bytes = await readFile(file);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { diagnostic: diagnose('MAPPING_NOT_UTF8', undefined, { data }) };
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { diagnostic: diagnose('MAPPING_NOT_FOUND', undefined, { data }) };
    if (code === 'EISDIR') return { diagnostic: diagnose('MAPPING_IS_FOLDER', undefined, { data }) };
    return { diagnostic: diagnose('MAPPING_NOT_READABLE', { reason: systemReason(error) }, { data }) };
  }
}
