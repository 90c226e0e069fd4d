/** Everything that is wrong with a mapping is said in one go. */
import { expect, test } from 'vitest';
import { onBench } from './etl.ts';

const mistaken = `metric: payments
sorce: { format: wal2json, path: wal.json }
tables:
  event: { key: event_id }
  transaction: { key: transaction_id }
from: event
join:
  - event.transaction_id = transacton.transaction_id
columns:
  - event.event_id
  - name: reason
    expr: coalesc(event.reason, 'none')
  - name: cents
    expr: event.amount * * 100
  - event.details.event_id
sink: { sqlite: metrics.db }
`;

const findings = `payments.yaml:2:1: error UNKNOWN_KEY: "sorce" is no key of a mapping

  1 | metric: payments
  2 | sorce: { format: wal2json, path: wal.json }
    | ^^^^^
  hint: "source" is spelled almost the same

payments.yaml:8:28: error UNKNOWN_TABLE: "transacton" is not declared under tables

  7 | join:
  8 |   - event.transaction_id = transacton.transaction_id
    |                            ^^^^^^^^^^
  hint: "transaction" is spelled almost the same

payments.yaml:12:11: error UNKNOWN_FUNCTION: "coalesc" is no function

  11 |   - name: reason
  12 |     expr: coalesc(event.reason, 'none')
     |           ^^^^^^^
  hint: "coalesce" is spelled almost the same

payments.yaml:14:26: error EXPRESSION_SYNTAX: "*" stands where a path, a literal or a function belongs

  13 |   - name: cents
  14 |     expr: event.amount * * 100
     |                          ^

payments.yaml:15:5: error DUPLICATE_COLUMN: a second column is named "event_id"; the first is event.event_id

  14 |     expr: event.amount * * 100
  15 |   - event.details.event_id
     |     ^^^^^^^^^^^^^^^^^^^^^^
  hint: with a name of its own: { name: event_event_id, expr: event.details.event_id }
`;

test('five mistakes in one mapping are five findings, each with its place, caret and hint', () =>
  onBench({ 'payments.yaml': mistaken }, async ({ etl }) => {
    for (const command of ['validate', 'run']) {
      expect(await etl([command, 'payments.yaml'])).toEqual({ exit: 2, stdout: '', stderr: findings });
    }
  }));

test('with --json the five are told as data', () =>
  onBench({ 'payments.yaml': mistaken }, async ({ json }) => {
    const { ok, exit, diagnostics } = await json(['validate', 'payments.yaml']);
    expect({ ok, exit }).toEqual({ ok: false, exit: 2 });
    expect(
      diagnostics.map(({ code, line, column, endLine, endColumn }) => [code, line, column, endLine, endColumn]),
    ).toEqual([
      ['UNKNOWN_KEY', 2, 1, 2, 6],
      ['UNKNOWN_TABLE', 8, 28, 8, 38],
      ['UNKNOWN_FUNCTION', 12, 11, 12, 18],
      ['EXPRESSION_SYNTAX', 14, 26, 14, 27],
      ['DUPLICATE_COLUMN', 15, 5, 15, 27],
    ]);
    expect(diagnostics.filter(({ hint }) => hint === null).map(({ code }) => code)).toEqual(['EXPRESSION_SYNTAX']);
  }));
