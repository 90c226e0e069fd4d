import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Type, Value } from '../../engine/change.ts';
import type { Typed } from '../../engine/expression/expression.ts';
import { inferTypes } from '../../engine/expression/type/type.ts';
import type { Dialect } from '../../engine/sql/dialect.ts';
import { cases } from '../expression/cases.ts';
import { randomExpression } from '../expression/generate.ts';
import { parse } from '../expression/parsing.ts';
import { isFull, runs, SEED } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { type Answer, askAll, selectOf, type Table, teach, typedTable, typeIn, untypedTable } from './asking.ts';
import type { Contender } from './contender.ts';
import { contenders, opened } from './contenders.ts';
import { openSqlite } from './sqlite.ts';

/** What nothing may make a value of. */
const OVERFLOW = /OUT_OF_RANGE|DIVISION_BY_ZERO/;

/** What ClickHouse says where it has no such number or time, and would cut or bend it. */
const REFUSAL = /more digits|VALUE_OUT_OF_RANGE|CONSTANT_NOT_HELD/;

/** What a database may do otherwise than PostgreSQL does by itself: here numbers end in no zeros. */
const ODD = ["cast(t.s || '.000000000000000000000000' as numeric) / 7", 't.i + t.k - t.k', 't.i * t.k'];

describe.each(contenders)('law 7: in $name an expression gives what it gives in SQLite', (contender) => {
  const sqlite = openSqlite();
  let other: Contender | null = null;

  beforeAll(async () => {
    other = await opened(contender);
    if (!other) return;
    for (const table of [typedTable, untypedTable]) {
      for (const each of [sqlite, other]) await teach(each, table, heldBy(other.dialect));
    }
  });

  afterAll(async () => {
    await sqlite.stop();
    await other?.stop();
  });

  test('for what is known to be odd', { timeout: 300_000 }, async ({ skip }) => {
    if (!other) return skip(contender.absence);
    expect(await differences(sqlite, other, typedTable, [...cases, ...ODD])).toEqual([]);
  });

  test('for what is known to be odd, where no type is known', { timeout: 300_000 }, async ({ skip }) => {
    if (!other) return skip(contender.absence);
    const overColumns = cases.filter((text) => text.includes('t.')).filter((_, n) => isFull || n % 5 === 0);
    expect(await differences(sqlite, other, untypedTable, overColumns)).toEqual([]);
  });

  test.for([typedTable, untypedTable])(
    `for any expression over $name columns (ETL_SEED=${SEED})`,
    { timeout: 600_000 },
    async (table, { skip }) => {
      if (!other) return skip(contender.absence);
      const texts = fc.sample(randomExpression, { numRuns: runs(100, 500), seed: SEED });
      expect(await differences(sqlite, other, table, texts)).toEqual([]);
    },
  );
});

function heldBy({ value: say }: Dialect): (value: Value, type: Type | null) => boolean {
  return (value, type) => {
    try {
      say(value, type);
      return true;
    } catch {
      return false;
    }
  };
}

/** Where both do not give the same. What SQLite refuses may be computed elsewhere: no run comes so far. */
async function differences(
  sqlite: Contender,
  other: Contender,
  table: Table,
  texts: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const [text, typed] of texts.flatMap((text) => typedOver(table, text))) {
    // Of two conditions a database may look at either first, and what stands beside a NULL it need not compute; whole
    // numbers of unknown type go on as decimals.
    const isLoud = table === typedTable && !/\b(?:or|and|null)\b/.test(text);
    const [ours, theirs] = [await askAll(sqlite, table, typed), await askAll(other, table, typed)];
    for (const [row, mine] of ours.entries()) {
      const verdict = judge(mine, theirs[row] ?? null, isLoud);
      if (verdict !== 'differs') tell(`expressions over a row, ${other.name}: ${verdict}`);
      else
        found.push(
          `${text}, row ${row}: ${JSON.stringify({ mine, theirs: theirs[row] })}\n${said(other.dialect, table, typed)}`,
        );
    }
  }
  return found;
}

function typedOver(table: Table, text: string): (readonly [text: string, typed: Typed])[] {
  const parsed = parse(text);
  if ('problems' in parsed) return [];
  const inferred = inferTypes(parsed.expression, typeIn(table));
  return 'problems' in inferred ? [] : [[text, inferred.typed]];
}

function isFailure(answer: Answer): answer is { readonly error: string } {
  return answer !== null && typeof answer === 'object';
}

/** `isLoud`: what overflows or is divided by zero has to fail. */
function judge(mine: Answer, theirs: Answer, isLoud: boolean): 'same' | 'fails in SQLite' | 'refused' | 'differs' {
  if (isFailure(mine)) {
    return isLoud && OVERFLOW.test(mine.error) && !isFailure(theirs) ? 'differs' : 'fails in SQLite';
  }
  if (isFailure(theirs)) return REFUSAL.test(theirs.error) ? 'refused' : 'differs';
  return mine === theirs ? 'same' : 'differs';
}

function said(dialect: Dialect, table: Table, typed: Typed): string {
  try {
    return selectOf(dialect, table, typed);
  } catch (error) {
    return String(error);
  }
}
