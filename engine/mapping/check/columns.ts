import type { Type } from '../../change.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { ColumnDraft } from '../draft.ts';
import type { ColumnDeclaration } from '../mapping.ts';
import type { Report } from '../report.ts';
import { checkOutput, type Grouped } from './output.ts';

/** The columns of a metric, as far as they are right. */
export interface CheckedColumns {
  readonly columns: readonly ColumnDeclaration[];
  /** All names there are; null where some column has none that can be read. */
  readonly names: readonly string[] | null;
}

/** Names and types each column; two of one name are a finding. */
export function checkColumns(drafts: readonly (ColumnDraft | null)[], within: Grouped, report: Report): CheckedColumns {
  const taken = new Map<string, ColumnDraft>();
  const checked = drafts.map((draft) => {
    const name = draft && nameOf(draft, report);
    const expression = draft && checkOutput(draft, within, report);
    if (!draft || name === null) return null;
    reportTaken(name, draft, taken, report);
    return { name, expression, span: draft.expression.span };
  });
  const named = checked.filter((column) => column !== null);
  return {
    columns: named.flatMap(({ name, expression, span }) => (expression ? [{ name, expression, span }] : [])),
    names: named.length < checked.length ? null : named.map((column) => column.name),
  };
}

/** The name given, or the last segment of a path; null after a finding. */
function nameOf({ name, expression, type }: ColumnDraft, report: Report): string | null {
  if (name) return name.text;
  const { parsed, span } = expression;
  if (!parsed) return null;
  const last = parsed.kind === 'path' ? parsed.segments.at(-1)?.name : undefined;
  if (typeof last === 'string') return last;
  const text = inOneLine(expression.text);
  report.add('COLUMN_WITHOUT_NAME', { text }, span, hints.columnName(entryText('...', text, type)));
  return null;
}

/** Names equal but for the case of ASCII letters are one name in SQLite. */
function reportTaken(name: string, draft: ColumnDraft, taken: Map<string, ColumnDraft>, report: Report): void {
  const first = taken.get(folded(name));
  if (first) {
    const facts = { name, first: inOneLine(first.expression.text) };
    report.add('DUPLICATE_COLUMN', facts, (draft.name ?? draft.expression).span, proposal(name, draft, taken));
  } else taken.set(folded(name), draft);
}

/** `{ name: transaction_amount, expr: transaction.amount }`, where the name is still free. */
function proposal(name: string, draft: ColumnDraft, taken: ReadonlyMap<string, ColumnDraft>): string | undefined {
  const { parsed, text } = draft.expression;
  const alias = parsed?.kind === 'path' ? parsed.segments[0]?.name : undefined;
  const free = `${alias}_${name}`;
  if (alias === undefined || taken.has(folded(free))) return undefined;
  return hints.columnName(entryText(free, inOneLine(text), draft.type));
}

function entryText(name: string, expression: string, type: Type | null): string {
  return `{ name: ${quotedForYaml(name)}, expr: ${quotedForYaml(expression)}${type ? `, type: ${type}` : ''} }`;
}

function inOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

/** What YAML would not read as the same text inside `{ }` stands in its single quotes. */
function quotedForYaml(text: string): string {
  return /^[\w.][\w .+*/()<>=-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
