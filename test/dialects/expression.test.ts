import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inferTypes } from '../../engine/expression/type.ts';
import { cases } from '../expression/cases.ts';
import { randomExpression } from '../expression/generate.ts';
import { parse } from '../expression/parsing.ts';
import { typeOf } from '../expression/rows.ts';
import { runs, SEED } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { type Answer, askAll, selectOf, teach } from './asking.ts';
import type { Contender } from './contender.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

const sqlite = openSqlite();
let postgres: Contender | null = null;

beforeAll(async () => {
  await teach(sqlite, () => true);
  postgres = await openPostgres();
  if (postgres) await teach(postgres, () => true);
});

afterAll(async () => {
  await postgres?.stop();
});

describe('law 7: an expression', () => {
  test('that is known to be odd', async () => {
    if (!postgres) throw new Error('no');
    expect(await differences(postgres, cases)).toEqual([]);
  });
  test('of any kind', { timeout: 600_000 }, async () => {
    if (!postgres) throw new Error('no');
    const texts = fc.sample(randomExpression, { numRuns: runs(1000, 20_000), seed: SEED });
    expect(await differences(postgres, texts)).toEqual([]);
  });
});

async function differences(contender: Contender, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const text of texts) {
    const parsed = parse(text);
    if ('problems' in parsed) continue;
    const inferred = inferTypes(parsed.expression, typeOf);
    if ('problems' in inferred) continue;
    const { typed } = inferred;
    const ours = await askAll(sqlite, typed);
    const theirs = await askAll(contender, typed);
    ours.forEach((mine, row) => {
      const other = theirs[row] ?? null;
      if (agree(mine, other)) tell(`agree`);
      else if (mine !== null && typeof mine === 'object') tell('only ours fail');
      else
        found.push(
          `${text} [row ${row}]\n  ${selectOf(contender.dialect, typed)}\n  SQLite ${JSON.stringify(mine)}\n  ${contender.name} ${JSON.stringify(other)}`,
        );
    });
  }
  return found;
}

function agree(mine: Answer, other: Answer): boolean {
  const failed = (answer: Answer) => answer !== null && typeof answer === 'object';
  return failed(mine) || failed(other) ? failed(mine) && failed(other) : mine === other;
}
