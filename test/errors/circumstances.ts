/** What has to be the case for a finding to be made, where a mapping and a log alone do not lead to it. */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { readCall } from '../../engine/cli/program.ts';
import { runMappings } from '../../engine/commands/run.ts';
import type { Diagnostic } from '../../engine/diagnostic/diagnostic.ts';
import type { DiagnosticJson } from '../../engine/diagnostic/frame.ts';
import type { Code } from '../../engine/diagnostic/messages.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import { targetPlaceOf } from '../../engine/pipeline/places.ts';
import { compile } from '../../engine/plan/compile.ts';
import { failDatabase, loadDriver } from '../../engine/server/failure.ts';
import type { DatabasePlace } from '../../engine/server/place.ts';
import { failBehind } from '../../engine/sink/behind.ts';
import { openPostgres } from '../../engine/sink/postgres/postgres.ts';
import { refuseNul } from '../../engine/sink/postgres/value.ts';
import { FROM_THE_START } from '../../engine/source/format/decoder.ts';
import { openWal2json } from '../../engine/source/format/wal2json/wal2json.ts';
import { explainPlan } from '../../engine/sql/explain.ts';
import { verifyState } from '../../engine/verify/verify.ts';
import { execute } from '../support/engine.ts';
import { withoutPrivileges } from '../support/privileges.ts';
import { fileOf, inputs, runOnce, type Trial } from './trial.ts';

/** Brings the case about. Gives findings, or throws an EtlError. */
type Circumstance = (trial: Trial) => Promise<readonly Diagnostic[]>;

export const circumstances: Partial<Record<Code, Circumstance>> = {
  NO_PERMISSION: async (trial) => {
    const log = copied(trial, '.json');
    chmodSync(log, 0o000);
    return withoutPrivileges(trial.scratch, () => runOnce(trial, { inputs: inputs(log) }));
  },
  FILE_NOT_READABLE: async (trial) => {
    const link = join(trial.scratch, 'wal.json');
    symlinkSync(link, link);
    return runOnce(trial, { inputs: inputs(link) });
  },
  FILE_AWAITED: async (trial) => {
    const end = new AbortController();
    return runOnce(trial, { follow: true, signal: end.signal, onCaughtUp: () => end.abort() });
  },
  FILE_REPLACED: async (trial) => {
    const log = copied(trial, '.json');
    await runOnce(trial, { inputs: inputs(log) });
    copied(trial, '.then.json');
    return runOnce(trial, { inputs: inputs(log) });
  },
  CHANGE_TOO_LARGE: async () => {
    const decoder = openWal2json('wal.json', FROM_THE_START, []);
    // The same megabyte again and again: a file of that size would take the test its time and memory.
    const stretch = Buffer.alloc(1 << 20, 'x');
    for (const _ of decoder.push(Buffer.from('{"change":[{"kind":"')));
    for (let count = 0; count < 512; count++) for (const _ of decoder.push(stretch));
    return [];
  },
  CONSTANT_NOT_HELD: async ({ mapping }) => {
    explainPlan(compile(mapping), 'sql', { dialect: 'clickhouse' });
    return [];
  },
  DRIVER_MISSING: async () => {
    const gone = Object.assign(new Error('no such package'), { code: 'ERR_MODULE_NOT_FOUND' });
    await loadDriver('pg', SHOP, () => Promise.reject(gone));
    return [];
  },
  LOGIN_REFUSED: async () => failDatabase('login', new Error('password "secret" for user "reader"'), SHOP),
  ROWS_REFUSED: async () => failDatabase('rows', new Error('numeric field overflow'), SHOP),
  TARGET_BEHIND: async ({ mapping: { sink } }) => failBehind({ ...SHOP, table: sink.table }),
  BAD_SINK_PLACE: async (trial) => targetPlaceOf(trial.mapping, {}) && [],
  NAME_TOO_LONG: async ({ mapping: { sink, metric } }) => {
    await openPostgres({ ...SHOP, kind: 'postgres', metric, table: sink.table, partitionBy: [] });
    return [];
  },
  SERVER_BUSY: async () => failDatabase('busy', new Error('deadlock detected'), SHOP),
  TOO_MANY_COLUMNS: async (trial) => {
    const log = join(trial.scratch, 'wal.json');
    const names = Array.from({ length: 2_000 }, (_, n) => `"column_${n}"`);
    const columns = `"columnnames":["event_id",${names}],"columnvalues":[1,${names}]`;
    writeFileSync(log, `{"change":[{"kind":"insert","schema":"public","table":"event",${columns}}]}`);
    return runOnce(trial, { inputs: inputs(log) });
  },
  VALUE_NOT_HELD: async () => {
    const [row, columns] = [['a\0b'], [{ name: 'event_id', type: 'text' }]] as const;
    refuseNul(row, columns, SHOP.shown);
    return [];
  },
  CONNECTION_LOST: async () => failDatabase('lost', new Error('Connection terminated unexpectedly'), SHOP),
  TABLE_NOT_FOUND: (trial) => runOverShop(trial, 'CREATE TABLE items (id INTEGER)'),
  QUERY_REFUSED: (trial) => runOverShop(trial, 'CREATE TABLE item (id INTEGER)'),
  WATERMARK_MISSING: (trial) =>
    runOverShop(
      trial,
      `CREATE TABLE item (id INTEGER, name TEXT, updated_at TEXT); INSERT INTO item VALUES (1, 'a', NULL)`,
    ),
  LOOKBACK_MISFIT: async (trial) => {
    await runOverShop(trial, `CREATE TABLE item (id INTEGER, name TEXT); INSERT INTO item VALUES (1, 'a')`);
    return runOverShop(trial, '');
  },
  SAMPLE_IS_STREAM: () => called('init', '--from', '-'),
  SAMPLE_FORMAT: (trial) => called('init', '--from', written(trial, 'shop.db', 'SQLite format 3\0')),
  NO_SAMPLE: (trial) => called('init', '--from', written(trial, 'wal.json', '[]')),
  NOT_IN_SAMPLE: () => called('init', '--from', 'data/wal.json', '--root', 'transactions'),
  FILE_EXISTS: (trial) => called('init', '--from', 'data/wal.json', '-o', written(trial, 'mapping.yaml', '')),
  FILE_NOT_WRITTEN: (trial) => called('init', '--from', 'data/wal.json', '-o', join(trial.scratch, 'none', 'm.yaml')),
  STATE_FORMAT: async (trial) => {
    await runOnce(trial);
    execute(trial.database, 'UPDATE _etl_state SET format = 0');
    return runOnce(trial);
  },
  TARGET_EXISTS: async (trial) => {
    execute(trial.database, 'CREATE TABLE events (event_id INTEGER)');
    return runOnce(trial);
  },
  TARGET_MISFIT: (trial) =>
    runBeside(trial, 'CREATE TABLE events (event_id INTEGER, amount NUMERIC, seen_on TEXT NOT NULL)'),
  TARGET_CHANGES_VALUE: (trial) => runBeside(trial, 'CREATE TABLE events (event_id INTEGER, amount FLOAT)'),
  TARGET_REFUSES_ROW: (trial) =>
    runBeside(trial, 'CREATE TABLE events (event_id INTEGER, amount FLOAT CHECK (amount > 0))'),
  TARGET_ROW_DIFFERS: (trial) =>
    runBeside(
      trial,
      'CREATE TABLE events (event_id INTEGER PRIMARY KEY, amount FLOAT); INSERT INTO events VALUES (2, 3)',
    ),
  NO_STATE: async (trial) => {
    execute(trial.database, 'CREATE TABLE notes (note TEXT)');
    verifyState(trial.mapping, { output: trial.database });
    return [];
  },
  PLAN_CHANGED: async (trial) => {
    const loaded = await loadMapping(fileOf(trial, '.first.yaml'));
    if ('mapping' in loaded) await runOnce({ ...trial, mapping: loaded.mapping });
    verifyState(trial.mapping, { output: trial.database });
    return [];
  },
  TARGET_ALTERED: async (trial) => {
    await runOnce(trial);
    execute(trial.database, 'ALTER TABLE events ADD COLUMN note TEXT');
    return runOnce(trial);
  },
  DEAD_LETTER_NOT_WRITTEN: (trial) => {
    const file = join(trial.scratch, 'no-such-folder', 'dead.jsonl');
    return called('run', fileOf(trial, '.yaml'), '--output', trial.database, '--dead-letter', file);
  },
  STATE_OVERTAKEN: (trial) => runOvertaken(trial),
  ROW_NEVER_SEEN: (trial) => runOnce(trial, { strict: true }),
  TARGET_NOT_OPENED: (trial) => runOnce(trial, { output: join(trial.scratch, 'no-such-folder', 'metrics.db') }),
  TARGET_READ_ONLY: async (trial) => {
    execute(trial.database, 'CREATE TABLE notes (note TEXT)');
    chmodSync(trial.database, 0o444);
    return withoutPrivileges(trial.scratch, () => runOnce(trial));
  },
  TARGET_NOT_SQLITE: async (trial) => {
    writeFileSync(trial.database, 'event_id,name\n1,created\n'.repeat(100));
    return runOnce(trial);
  },
  TARGET_LOCKED: async (trial) => {
    const other = new Sqlite(trial.database);
    other.exec('BEGIN IMMEDIATE');
    return runOnce(trial, { lockWait: 50 }).finally(() => other.close());
  },
  TARGET_DISK_FULL: (trial) => runWithFullDisk(trial),
  BUG: async (trial) => {
    await runOnce(trial);
    execute(trial.database, 'DROP TABLE _etl_file');
    return (await runMappings([fileOf(trial, '.yaml')], { output: trial.database }, {})).diagnostics;
  },
  NO_GOLDEN: () => called('test', 'mappings/dashboard_metric.yaml', '-k', 'dashbord'),
  INPUT_TWICE: (trial) => called('run', fileOf(trial, '.yaml'), '--input', 'a.json', '--input', 'b.json'),
  STANDARD_INPUT_TWICE: (trial) => called('run', fileOf(trial, '.yaml'), fileOf(trial, '.yaml'), '--input', '-'),
  UNKNOWN_INPUT: (trial) => runOnce(trial, { inputs: new Map([['bnak', 'bank.json']]) }),
  INPUT_NEEDS_NAME: (trial) => runOnce(trial, { inputs: inputs('bank.json') }),
  LAG_TOO_LARGE: async (trial) => {
    await runOnce(trial);
    const more = fileOf(trial, '.then.json');
    return called('status', fileOf(trial, '.yaml'), '--output', trial.database, '--input', more, '--max-lag', '1');
  },
  NO_CONDITION: (trial) => asked(trial, 'event_id'),
  COLUMN_NOT_KEPT: (trial) => asked(trial, 'evnt_id=1'),
  NOT_JOINED: (trial) => asked(trial, '--missing', 'paymnet'),
  FLAGS_EXCLUDE: (trial) => called('run', fileOf(trial, '.yaml'), '--follow', '--dry-run'),
  UNKNOWN_COMMAND: (trial) => called('rnu', fileOf(trial, '.yaml')),
  UNKNOWN_FLAG: (trial) => called('run', fileOf(trial, '.yaml'), '--dryrun'),
  FLAG_WITHOUT_VALUE: (trial) => called('run', fileOf(trial, '.yaml'), '--output'),
  BAD_FLAG: (trial) => called('run', fileOf(trial, '.yaml'), '--batch-size', '1.5'),
  MISSING_ARGUMENT: () => called('validate'),
  TOO_MANY_ARGUMENTS: (trial) => called('explain', fileOf(trial, '.yaml'), fileOf(trial, '.yaml')),
};

const SHOP: DatabasePlace = {
  url: 'postgres://reader:secret@db.example.com/shop',
  shown: 'postgres://reader@db.example.com/shop',
  secrets: ['secret'],
};

/** Reads a SQLite file, after the statements were run in it. */
function runOverShop(trial: Trial, sql: string): Promise<readonly Diagnostic[]> {
  const file = join(trial.scratch, 'shop.db');
  execute(file, sql);
  return runOnce(trial, { env: { SHOP: `sqlite:${file}` } });
}

/** A run over standard input has begun when another one brings the state further. */
async function runOvertaken(trial: Trial): Promise<readonly Diagnostic[]> {
  const call = ['dist/cli.js', 'run', fileOf(trial, '.yaml'), '--output', trial.database, '--input', '-', '--json'];
  const child = execFile('node', call);
  const answer = new Promise<string>((resolve) => {
    let text = '';
    child.stdout?.on('data', (part: string) => {
      text += part;
    });
    child.on('close', () => resolve(text));
  });
  while (!hasState(trial.database)) await setTimeout(20);
  await runOnce(trial);
  child.stdin?.end(readFileSync(fileOf(trial, '.json')));
  return findingsIn(await answer);
}

function hasState(database: string): boolean {
  if (!existsSync(database)) return false;
  const db = new Sqlite(database);
  const found = db.prepare("SELECT 1 FROM sqlite_master WHERE name = '_etl_relation_1'").get();
  db.close();
  return found !== undefined;
}

/** One of the pair's files in the scratch folder, over whatever was there. */
function written({ scratch }: Trial, name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

function copied(trial: Trial, ending: string): string {
  const path = join(trial.scratch, 'wal.json');
  copyFileSync(fileOf(trial, ending), path);
  return path;
}

/** No file may pass this size, in blocks of the shell: enough to make a database, too little for a state. */
const BLOCKS = 40;

async function runWithFullDisk(trial: Trial): Promise<readonly Diagnostic[]> {
  const call = `node dist/cli.js run ${fileOf(trial, '.yaml')} --output ${trial.database} --json`;
  const answer = await new Promise<string>((resolve) => {
    execFile('sh', ['-c', `ulimit -f ${BLOCKS}; ${call}`], (_, stdout) => resolve(stdout));
  });
  return findingsIn(answer);
}

function findingsIn(answer: string): readonly Diagnostic[] {
  const { diagnostics } = JSON.parse(answer) as { diagnostics: readonly DiagnosticJson[] };
  return diagnostics.map(({ code, severity, message, notes }) => ({ code: code as Code, severity, message, notes }));
}

/** Asks why, after a run. */
async function asked(trial: Trial, ...words: readonly string[]): Promise<readonly Diagnostic[]> {
  await runOnce(trial);
  return called('why', fileOf(trial, '.yaml'), ...words, '--output', trial.database);
}

/** The findings of a call of the command line. */
async function called(...argv: readonly string[]): Promise<readonly Diagnostic[]> {
  const call = await readCall(argv);
  if (typeof call === 'number') return [];
  const { signal } = new AbortController();
  return (await call.work({ signal, onProgress: () => {}, tell: null, ask: null })).diagnostics;
}

/** Runs it into a table that somebody else made. */
function runBeside(trial: Trial, table: string): Promise<readonly Diagnostic[]> {
  execute(trial.database, table);
  return runOnce(trial);
}
