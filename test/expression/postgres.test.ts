import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extract } from '../../engine/expression/operation/path.ts';
import { NO_POSTGRES, type Postgres, startPostgres } from '../servers/postgres.ts';
import { SEED } from '../support/counts.ts';
import { cases } from './cases.ts';
import { operatorSoup, randomExpression, randomJson, randomSteps } from './generate.ts';
import { parse } from './parsing.ts';
import { type Answer, ask, pathSql, sqlOf, teach } from './postgresSql.ts';
import { answer, postgresColumns, postgresRows, ROW_COUNT } from './rows.ts';

const AT_RUN_TIME = new Set(['BAD_CAST', 'OUT_OF_RANGE', 'VALUE_OUT_OF_RANGE', 'DIVISION_BY_ZERO']);

const FULL = process.env.ETL_TEST === 'full';

let postgres: Postgres | null = null;

beforeAll(async () => {
  postgres = startPostgres();
  if (postgres) await teach(postgres, postgresColumns, postgresRows);
  else if (FULL) throw new Error(NO_POSTGRES);
}, 60_000);

afterAll(() => postgres?.stop());

describe('an expression means what it means in PostgreSQL', () => {
  test('for what is known to be odd', async (context) => {
    const texts = cases.flatMap((text) =>
      Array.from({ length: text.includes('t.') ? ROW_COUNT : 1 }, (_, row) => ({ text, row })),
    );
    expect(await differences(texts, context.skip)).toEqual([]);
  });

  test(`for any expression (ETL_SEED=${SEED})`, { timeout: 600_000 }, async (context) => {
    const count = FULL ? 20_000 : 300;
    expect(await differences(sampled(randomExpression, count), context.skip)).toEqual([]);
  });

  test(`by precedence, where there are no parentheses (ETL_SEED=${SEED})`, { timeout: 600_000 }, async (context) => {
    const questions = sampled(operatorSoup, FULL ? 20_000 : 300);
    expect(await differences(questions, context.skip, ({ text }) => text)).toEqual([]);
  });
});

test(`a nested path gives what it gives in PostgreSQL (ETL_SEED=${SEED})`, async (context) => {
  if (postgres === null) return context.skip(NO_POSTGRES);
  const questions = sample(fc.record({ json: randomJson, steps: randomSteps }), FULL ? 5_000 : 200);
  const theirs = await ask(
    postgres,
    questions.map(({ json, steps }) => ({ sql: pathSql(json, steps), row: 0 })),
  );
  const ours = questions.map(({ json, steps }) => ({ type: 'text', text: extract(json, steps) }));
  expect(ours).toEqual(theirs);
});

interface Question {
  readonly text: string;
  readonly row: number;
}

function sampled(expressions: fc.Arbitrary<string>, count: number): Question[] {
  return sample(fc.record({ text: expressions, row: fc.nat(ROW_COUNT - 1) }), count);
}

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: SEED });
}

/** Where the engine and PostgreSQL do not answer the same; both may fail, each in its words. */
async function differences(
  questions: readonly Question[],
  skip: (note: string) => void,
  sqlFor = translated,
): Promise<string[]> {
  if (postgres === null) {
    skip(NO_POSTGRES);
    return [];
  }
  const found: string[] = [];
  for (let start = 0; start < questions.length; start += 1000) {
    const batch = questions.slice(start, start + 1000);
    const theirs = await ask(
      postgres,
      batch.map((question) => ({ sql: sqlFor(question), row: question.row })),
    );
    batch.forEach((question, n) => {
      const [mine, other] = [answered(question), theirs[n] ?? { error: 'no answer' }];
      if (!agree(mine, other) && !mayFail(mine, question.text))
        found.push(
          `row ${question.row}: ${question.text}\n  ours ${JSON.stringify(mine)}\n  PostgreSQL ${JSON.stringify(other)}`,
        );
    });
  }
  return found;
}

function answered({ text, row }: Question): Answer {
  const parsed = parse(text);
  return 'problems' in parsed
    ? { error: parsed.problems.map(({ code }) => code).join() }
    : answer(parsed.expression, row);
}

/** What does not parse is asked as it stands, and has to fail there too. */
function translated({ text }: Question): string {
  const parsed = parse(text);
  return 'problems' in parsed ? text : sqlOf(parsed.expression);
}

function agree(mine: Answer, other: Answer): boolean {
  if ('error' in mine || 'error' in other) return 'error' in mine && 'error' in other;
  return mine.type === other.type && mine.text === other.text;
}

/**
 * Whether the engine may fail where PostgreSQL does not: it casts a constant before any row is read, computes what
 * stands beside a NULL, and reads times in ISO form only.
 */
function mayFail(mine: Answer, text: string): boolean {
  if (!('error' in mine)) return false;
  if (mine.error === 'BAD_LITERAL') return text.includes('cast(');
  if (mine.error === 'BAD_CAST' && /as (?:date|timestamp)/.test(text)) return true;
  return AT_RUN_TIME.has(mine.error) && text.includes('null');
}
