import { describe, expect, test } from 'vitest';
import { workloadOf } from './workload.ts';

const SEEDS = Array.from({ length: 50 }, (_, place) => place + 1);

describe('random workloads', () => {
  const scripts = SEEDS.map((seed) => workloadOf(seed).parts.join('\n'));

  test('are the same for the same seed, and others for another', () => {
    expect(workloadOf(7).parts.join('\n')).toBe(scripts[6]);
    expect(new Set(scripts).size).toBe(SEEDS.length);
  });

  test.each([
    ['a changed key', /UPDATE (?:event_v2_data SET event_id|transaction SET transaction_id) = /],
    ['a join key that becomes NULL', /flow_id = NULL/],
    ['a row deleted and inserted again at once', /DELETE FROM (\w+) WHERE (\w+ = \S+);\nINSERT INTO \1/],
    ['a value too large for its row', /"pad": "\w{8000}/],
    ['a rollback', /^ROLLBACK;/m],
    ['a rollback to a savepoint', /^ROLLBACK TO SAVEPOINT/m],
    ['a transaction of many changes', /BEGIN;\n(?:(?!COMMIT)[^;]+;\n){20}/],
    ['an old row told whole', /REPLICA IDENTITY FULL/],
    ['a column that comes', /ADD COLUMN IF NOT EXISTS note/],
    ['a message in its transaction', /emit_message\(true/],
    ['a message outside it', /emit_message\(false/],
  ])('show %s in most seeds', (_, pattern) => expect(count(pattern)).toBeGreaterThan(25));

  test.each([
    ['a truncate', /^TRUNCATE/m],
    ['a column that goes', /DROP COLUMN/],
    ['a column that fills old rows', /ADD COLUMN .* DEFAULT/],
    ['a column that widens', /TYPE bigint/],
    ['an old row told by its key again', /REPLICA IDENTITY DEFAULT/],
  ])('show %s in some seeds', (_, pattern) => expect(count(pattern)).toBeGreaterThan(8));

  function count(pattern: RegExp): number {
    return scripts.filter((script) => pattern.test(script)).length;
  }
});
