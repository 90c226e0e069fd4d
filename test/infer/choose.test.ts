/** What somebody at a terminal is asked, and what becomes of the answers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choose } from '../../engine/commands/choose.ts';
import { infer } from '../../engine/infer/infer.ts';
import { equalityText } from '../../engine/infer/join-lines.ts';
import { propose } from '../../engine/infer/propose.ts';
import { inScratch } from '../support/scratch.ts';
import { layouts } from './shop.ts';

interface Asked {
  /** What was asked, each question in one line. */
  readonly questions: readonly string[];
  /** The root, and each join; null where nothing was decided. */
  readonly chosen: readonly string[] | null;
}

/** Answers one question after the other; behind the last answer nobody is there any more. */
function answering(answers: readonly string[], root: string | null = null): Promise<Asked> {
  return inScratch(async (folder) => {
    const path = join(folder, 'wal.json');
    writeFileSync(path, Object.values(layouts)[0] ?? '');
    const found = await infer(path, { format: null, limit: 50_000, only: [] });
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question.replaceAll(/\n */g, ' / '));
      return answers[questions.length - 1] ?? null;
    };
    const choice = await choose(found, { root, ask });
    if (choice === null) return { questions, chosen: null };
    const { root: chosen, joins, aliasOf } = propose(found, { ...choice, metric: null });
    return { questions, chosen: [chosen.alias, ...joins.map(({ link }) => equalityText(link, aliasOf))] };
  });
}

const LINE = '"order line".order_id = order.id';
const CUSTOMER = 'order.customer_id = customers.id';
const SHOP = 'order.shop = shop.code';

test('the answer to every question is there already', async () => {
  const { questions, chosen } = await answering(['', '', '', '']);
  expect(questions).toEqual([
    'Each row of the metric is a row of which table? / 1  order line   80 rows, 3 other tables can be joined / 2  customers   12 rows, 0 other tables can be joined / 3  shop   4 rows, 0 other tables can be joined / 4  order   40 rows, 2 other tables can be joined / 5  audit   5 rows, 0 other tables can be joined / [1] ',
    `Join ${LINE}   100%: 80 of 80 rows / [Y/n] `,
    `Join ${CUSTOMER}   95%: 38 of 40 rows / [Y/n] `,
    `Join left: ${SHOP}   75%: 30 of 40 rows, 10 have a NULL key / [Y/n] `,
  ]);
  expect(chosen).toEqual(['order line', LINE, CUSTOMER, SHOP]);
});

test('a table that is named is not asked for', async () => {
  const { questions, chosen } = await answering(['', ''], 'order');
  expect(questions).toHaveLength(2);
  expect(chosen).toEqual(['order', CUSTOMER, SHOP]);
});

test('a join that is refused is left out, and with it what only it leads to', async () => {
  expect((await answering(['', 'y', 'No', 'Y'])).chosen).toEqual(['order line', LINE, SHOP]);
  expect((await answering(['1', 'n'])).chosen).toEqual(['order line']);
});

test('a number that is none of the list is asked for again', async () => {
  const { questions, chosen } = await answering(['6', 'order', '0', '4', '', '']);
  expect(questions.filter((question) => question.startsWith('Each row'))).toHaveLength(4);
  expect(chosen).toEqual(['order', CUSTOMER, SHOP]);
});

test('who goes away decides nothing', async () => {
  expect((await answering([])).chosen).toBeNull();
  expect((await answering(['', ''])).chosen).toBeNull();
});
