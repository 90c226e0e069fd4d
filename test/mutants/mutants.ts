// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the engine's text has templates, and these are pieces of it.
/** Bugs that somebody might make, as changes of the engine's text, and the test that catches each. */

export interface Mutant {
  readonly bug: string;
  /** Where it is put: what stands there, exactly once, and what then stands there instead. */
  readonly file: string;
  readonly is: string;
  readonly becomes: string;
  /** A test file, and how the name of a test in it begins. */
  readonly caughtBy: readonly [file: string, test: string];
}

const AT_ONCE = ['test/laws/laws.test.ts', 'law 1: a metric is what'] as const;
const GROWN = ['test/laws/laws.test.ts', 'law 1: after every file'] as const;

export const mutants: readonly Mutant[] = [
  {
    bug: 'a TOAST value that an update leaves out becomes NULL',
    file: 'engine/store/staging.ts',
    is: '(shape.seen[n] && !isReadAt(relation, n) ? [n] : [])',
    becomes: '(!isReadAt(relation, n) ? [n] : [])',
    caughtBy: AT_ONCE,
  },
  {
    bug: 'the old row stays when its key changes',
    file: 'engine/store/pick.ts',
    is: "if (change.op === 'update' && before === null && scan.key.length > 0) return 'after';",
    becomes: "if (change.op === 'update' && scan.key.length > 0) return 'after';",
    caughtBy: AT_ONCE,
  },
  {
    bug: 'a delete is ignored',
    file: 'engine/store/stager.ts',
    is: 'return changes.delete().run(...old).changes > 0;',
    becomes: 'return true;',
    caughtBy: ['test/laws/laws.test.ts', 'law 5'],
  },
  {
    bug: 'numbers go through doubles',
    file: 'engine/expression/value.ts',
    is: "return typeof literal === 'object' ? literal.json : String(literal);",
    becomes: "return typeof literal === 'object' ? String(Number(literal.json)) : String(literal);",
    caughtBy: ['test/laws/types.test.ts', 'integers beyond doubles stay apart'],
  },
  {
    bug: 'the schema of a table is ignored',
    file: 'engine/store/table.ts',
    is: "return schema === null || schema === (scan.schema ?? 'public');",
    becomes: 'return scan !== undefined || schema !== undefined;',
    caughtBy: ['test/laws/types.test.ts', 'a table of another schema'],
  },
  {
    bug: 'a NULL that an old row leaves out stands for any value',
    file: 'engine/store/staging.ts',
    is: 'columns.map((_, n) => `c${n} IS ?`)',
    becomes: 'columns.map((_, n) => `coalesce(?, c${n}) IS c${n}`)',
    caughtBy: ['test/laws/bag.test.ts', 'a row without a key that was never seen'],
  },
  {
    bug: 'an old key that lacks a column of the key is taken for whole',
    file: 'engine/store/pick.ts',
    is: 'if (before === null || missing.length > 0) throw',
    becomes: 'if (before === null) throw',
    caughtBy: ['test/errors/errors.test.ts', 'OLD_ROW_MISSING'],
  },
  {
    bug: 'the checkpoint is written before the rows, and not together with them',
    file: 'engine/pipeline/session.ts',
    is: 'commit(portion: Portion): void {',
    becomes: `commit(portion: Portion): void {
    const early = this.db.prepare('UPDATE _etl_file SET bytes = ?, records = ?, digest = ? WHERE path = ?');
    for (const { bytes, records, digest, path } of portion.marks) early.run(bytes, records, digest, path);`,
    caughtBy: ['test/errors/kept.test.ts', 'rows of a batch that stopped a run'],
  },
  {
    bug: 'touched roots are sought from new images only',
    file: 'engine/store/touch.ts',
    is: "{ INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] }",
    becomes: "{ INSERT: ['NEW'], UPDATE: ['NEW'] }",
    caughtBy: GROWN,
  },
  {
    bug: 'touched roots are sought from old images only',
    file: 'engine/store/touch.ts',
    is: "{ INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] }",
    becomes: "{ UPDATE: ['OLD'], DELETE: ['OLD'] }",
    caughtBy: ['test/laws/alike.test.ts', 'law 8'],
  },
  {
    bug: 'a transaction that was delivered again is taken again',
    file: 'engine/pipeline/portion.ts',
    is: 'return lsn !== null && this.#lsn !== null && lsn <= this.#lsn;',
    becomes: 'return lsn !== null && this.#lsn !== null && lsn < 0n;',
    caughtBy: ['test/laws/replay.test.ts', 'law 3: transactions with LSNs'],
  },
  {
    bug: 'a quote in a name is not doubled',
    file: 'engine/sql/dialect.ts',
    is: `name.replaceAll('"', '""')`,
    becomes: 'name',
    caughtBy: ['test/laws/alike.test.ts', 'law 6'],
  },
  {
    bug: 'what was read of half a transaction counts again when it is read whole',
    file: 'engine/pipeline/portion.ts',
    is: 'if (reading.starts) this.#drop();',
    becomes: '',
    caughtBy: ['test/laws/follow.test.ts', 'law 2: a log that is followed'],
  },
  {
    bug: 'rows that go are not taken out of the counts of their group',
    file: 'engine/sink/delta.ts',
    is: '`coalesce(sum(sign) FILTER (WHERE ${column} IS NOT NULL), 0)`',
    becomes: '`coalesce(sum(max(sign, 0)) FILTER (WHERE ${column} IS NOT NULL), 0)`',
    caughtBy: ['test/laws/groups.test.ts', 'law 1: groups and windows'],
  },
  {
    bug: 'a row that goes from a partition does not touch it',
    file: 'engine/sink/windows.ts',
    is: 'for (const window of windows) touch(db, table, window);\n  differences.apply();',
    becomes: 'differences.apply();',
    caughtBy: ['test/laws/groups.test.ts', 'law 1: groups and windows'],
  },
  {
    bug: 'of a transaction that goes on over a commit the rows before it are forgotten',
    file: 'engine/store/batch.ts',
    is: 'this.#rows.slice(Math.max(0, this.#whole - this.#aside))',
    becomes: '[]',
    caughtBy: ['test/store/batch.test.ts', 'a transaction that ends'],
  },
  {
    bug: 'a new file is read before what the rotated one still holds',
    file: 'engine/source/resume.ts',
    is: 'return (a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1);',
    becomes: 'return (a, b) => (placeOf(a) < 0 || a < b ? -1 : 1);',
    caughtBy: ['test/laws/files.test.ts', 'a folder of files what a rotated log has grown by'],
  },
  {
    bug: 'a followed file that was replaced is taken for the one that was read',
    file: 'engine/source/known.ts',
    is: 'return bytesRead === last.length && bytes.equals(last);',
    becomes: 'return bytesRead === last.length;',
    caughtBy: ['test/source/follow.test.ts', 'a file that is replaced stops a log'],
  },
  {
    bug: 'a followed log that is just being rotated is read as it looks at that moment',
    file: 'engine/source/look.ts',
    is: 'const wasMoving = isMoving(last, marks, known);',
    becomes: 'if (last.files.length > 0) return last;\n    const wasMoving = isMoving(last, marks, known);',
    caughtBy: ['test/source/follow.test.ts', 'a rotated log may be compressed'],
  },
  {
    bug: 'what touched roots had before a batch stays in the counts of the joins',
    file: 'engine/store/counting.ts',
    is: 'add(sums, -1, derivation, before, roots);',
    becomes: '',
    caughtBy: ['test/laws/joins.test.ts', 'after every file that comes, the joins are counted'],
  },
  {
    bug: 'a row that waits for its partner counts again with each batch that brings it a root',
    file: 'engine/store/sums.ts',
    is: 'return Number(now > 0) - Number(now > rows);',
    becomes: 'return Math.sign(rows) * Number(now >= 0);',
    caughtBy: ['test/laws/joins.test.ts', 'a row that waits for its partner counts once'],
  },
  {
    bug: 'rows that share the largest watermark so far are not read again',
    file: 'engine/source/table/statement.ts',
    is: '`${mark} >= ${dialect.value(2)} OR',
    becomes: '`${mark} > ${dialect.value(2)} OR',
    caughtBy: ['test/table/sqlite.test.ts', 'by watermark rows that share'],
  },
  {
    bug: 'a row that a snapshot could not take lets others be deleted',
    file: 'engine/pipeline/comparing.ts',
    is: 'this.#isWhole = false;\n    const digest',
    becomes: 'const digest',
    caughtBy: ['test/table/sqlite.test.ts', 'a row that can not be taken does not let'],
  },
  {
    bug: 'a row of another that has a key of the metric is not minded',
    file: 'engine/sink/existing/apply.ts',
    is: 'UPDATE temp._etl_wanted SET taken = 1 WHERE rid IN',
    becomes: 'UPDATE temp._etl_wanted SET taken = 0 WHERE rid IN',
    caughtBy: ['test/laws/existing.test.ts', 'is not doubled'],
  },
  {
    bug: 'of two rows of one key the first is taken for ours',
    file: 'engine/sink/existing/ledger.ts',
    is: 'WHEN count(${like}) = 1 THEN min(${like}) END',
    becomes: 'ELSE min(${at}) END',
    caughtBy: ['test/laws/existing.test.ts', 'makes ours one of others'],
  },
  {
    bug: 'a row of ours is written anew where it is changed, so that its other columns are lost',
    file: 'engine/sink/existing/apply.ts',
    is: '    const removed = remove(derivation, shared);',
    becomes:
      '    const removed = remove(derivation, shared);\n    db.exec(`DELETE FROM ${shared.table} WHERE rowid IN (SELECT at FROM temp._etl_found);\n      DELETE FROM temp._etl_found`);',
    caughtBy: ['test/laws/existing.test.ts', 'is changed in its place'],
  },
  {
    bug: 'of equal versions the one read first wins',
    file: 'engine/store/versions.ts',
    is: 'return compareValues(version, than) < 0;',
    becomes: 'return compareValues(version, than) <= 0;',
    caughtBy: ['test/laws/version.test.ts', 'of equal versions'],
  },
  {
    bug: 'a delete leaves no tombstone',
    file: 'engine/store/versioning.ts',
    is: 'bury(known, place, key, told === null && standing ? standing : old);',
    becomes: '',
    caughtBy: ['test/laws/version.test.ts', 'law 3: with versions'],
  },
  {
    bug: 'a row that moves to another key leaves no tombstone where it was never seen',
    file: 'engine/store/versioning.ts',
    is: 'if (isMoved(change)) bury(known, place, change.old, change.row);',
    becomes: '',
    caughtBy: ['test/laws/version.test.ts', 'law 3: with versions'],
  },
  {
    bug: 'versions are compared as they are stored',
    file: 'engine/store/versions.ts',
    is: "return operation === null ? version : { kind: 'call', operation, args: [version], type: null };",
    becomes: 'return operation === null ? version : version;',
    caughtBy: ['test/laws/version.test.ts', 'versions are compared as PostgreSQL compares them'],
  },
  {
    bug: 'a row of which a check can not be computed passes it',
    file: 'engine/expression/failing.ts',
    is: 'return diagnose(error.code, error.facts).message;',
    becomes: 'return null;',
    caughtBy: ['test/laws/checks.test.ts', 'a row of which a check cannot be computed is shown'],
  },
  {
    bug: 'a column that two rows share is proposed as a key',
    file: 'engine/infer/rows.ts',
    is: 'return count <= 1;',
    becomes: 'return count <= 2;',
    caughtBy: ['test/infer/random.test.ts', 'a mapping that is proposed for a random log'],
  },
  {
    bug: 'a column whose values another one has more than once is proposed for a join',
    file: 'engine/infer/link.ts',
    is: 'const isUnique = other.different.size === other.filled.length;',
    becomes: 'const isUnique = true;',
    caughtBy: ['test/infer/joins.test.ts', 'none to a column that several rows share'],
  },
  {
    bug: 'what a file had before the checkpoint counts as still to be read',
    file: 'engine/pipeline/progress.ts',
    is: 'bytes && Math.max(0, bytes - (read.get(path) ?? 0))',
    becomes: 'bytes',
    caughtBy: ['test/cli/progress.test.ts', 'a run tells how much there is to be read'],
  },
  {
    bug: 'a row whose key is NULL is said to wait for a partner',
    file: 'engine/why/unpaired.ts',
    is: 'if (nulls.length > 0) return',
    becomes: 'if (nulls.length > on.length) return',
    caughtBy: ['test/why/fate.test.ts', 'a root is in the metric exactly'],
  },
  {
    bug: 'why blames the first join, whichever stops a row',
    file: 'engine/why/stop.ts',
    is: 'if (through.length === 0 && first)',
    becomes: 'if ((through.length === 0 || n === 0) && first)',
    caughtBy: ['test/why/fate.test.ts', 'a root is in the metric exactly'],
  },
  {
    bug: 'of a deletion that tells the key alone the log knows no row',
    file: 'engine/why/following.ts',
    is: 'return keys.size + own.size > 0 && keysOf',
    becomes: 'return keys.size + own.size < 0 && keysOf',
    caughtBy: ['test/why/absent.test.ts', 'a partner that was found by a column'],
  },
  {
    bug: 'what a source holds beyond the checkpoint is counted from its start',
    file: 'engine/pipeline/lag.ts',
    is: 'readSource(source, marks, () => null)',
    becomes: 'readSource(source, [], () => null)',
    caughtBy: ['test/laws/status.test.ts', 'status says what the last run said'],
  },
  {
    bug: 'who reads a metric goes on behind what is not noted any more',
    file: 'engine/source/metric.ts',
    is: 'mark === null || mark.commit < history.since',
    becomes: 'mark === null',
    caughtBy: ['test/metric/metric.test.ts', 'what nobody has read for long'],
  },
  {
    bug: 'a row of the metric that a check rejects stays',
    file: 'engine/sql/query.ts',
    is: 'return [...sayFilters(plan, names, dialect), ...checks];',
    becomes: 'return checks.length < 0 ? checks : sayFilters(plan, names, dialect);',
    caughtBy: ['test/laws/checks.test.ts', 'a row of the metric is a group'],
  },
  {
    bug: 'NULL and an empty text make one surrogate key',
    file: 'engine/expression/surrogate-key.ts',
    is: "arg === null ? 'n'",
    becomes: "arg === null ? '0:'",
    caughtBy: ['test/expression/postgres.test.ts', 'an expression means what it means in PostgreSQL for what is known'],
  },
  {
    bug: 'a row that goes stays in a target elsewhere',
    file: 'engine/store/outbox.ts',
    is: 'gone: isWhole ? [] : reading(db, gone)',
    becomes: 'gone: []',
    caughtBy: ['test/sink/postgres.test.ts', 'follows inserts, updates, deletes'],
  },
  {
    bug: 'what another state has shipped is taken for what this one has',
    file: 'engine/pipeline/shipping.ts',
    is: 'arrived !== null && (arrived === outbox.shipped || arrived === outbox.sent)',
    becomes: 'arrived !== null',
    caughtBy: ['test/sink/postgres.test.ts', 'a table that is gone there is sent all rows again'],
  },
  {
    bug: 'a target elsewhere is verified by the table in the state',
    file: 'engine/verify/verify.ts',
    is: 'if (!remote) return verifyState(mapping, options);',
    becomes: 'if (remote || !remote) return verifyState(mapping, options);',
    caughtBy: ['test/sink/postgres.test.ts', 'what others change there is told by verify'],
  },
];
