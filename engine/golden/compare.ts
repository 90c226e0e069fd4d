import { members } from '../json.ts';

/** Rows shown of a case that differs. */
const SHOWN = 5;

/** What differs between expected and actual rows, as bags, in lines for people; none where they are equal. */
export function compareRows(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const missing = without(expected, actual);
  const unexpected = without(actual, expected);
  if (missing.length === 0 && unexpected.length === 0) return [];
  const lines = [`${expected.length} rows expected, ${actual.length} came`];
  const left = [...unexpected];
  for (const row of missing.slice(0, SHOWN)) lines.push(...missingLines(row, left));
  for (const row of left.slice(0, SHOWN)) lines.push(`unexpected: ${row}`);
  const more = Math.max(0, missing.length - SHOWN) + Math.max(0, left.length - SHOWN);
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** A missing row beside the unexpected one that is most like it, which is taken out of `left`. */
function missingLines(row: string, left: string[]): readonly string[] {
  const cells = cellsOf(row);
  const differences = left.map((other) => differingCells(cells, cellsOf(other)));
  const fewest = Math.min(...differences.map((each) => each.length));
  if (fewest > cells.size / 2) return [`missing: ${row}`];
  const found = differences.findIndex((each) => each.length === fewest);
  left.splice(found, 1);
  return [`in row ${[...cells.values()][0]}:`, ...(differences[found] ?? []).map((line) => `  ${line}`)];
}

function differingCells(expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): readonly string[] {
  const names = new Set([...expected.keys(), ...actual.keys()]);
  return [...names].flatMap((name) => {
    const [want, have] = [expected.get(name) ?? 'no such column', actual.get(name) ?? 'no such column'];
    return want === have ? [] : [`${name}: expected ${want}, came ${have}`];
  });
}

function cellsOf(row: string): ReadonlyMap<string, string> {
  return new Map(members(row, 0).map(({ name, start, end }) => [name, row.slice(start, end)]));
}

function without(rows: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count <= 0;
  });
}

/** The first place where two texts differ; nothing where they are equal. */
export function compareLines(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const length = Math.max(expected.length, actual.length);
  const at = Array.from({ length }, (_, n) => n).find((n) => expected[n] !== actual[n]);
  if (at === undefined) return [];
  return [
    `line ${at + 1}:`,
    `  expected ${expected[at] ?? 'no such line'}`,
    `  came     ${actual[at] ?? 'no such line'}`,
  ];
}
