/** What has to be the case for a finding to be made, where a mapping and a log alone do not lead to it. */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { Change } from '../../engine/change.ts';
import { readCall } from '../../engine/cli/program.ts';
import { runMappings } from '../../engine/commands/run.ts';
import type { Diagnostic } from '../../engine/diagnostic/diagnostic.ts';
import type { DiagnosticJson } from '../../engine/diagnostic/frame.ts';
import type { Code } from '../../engine/diagnostic/messages.ts';
import { Session } from '../../engine/pipeline/session.ts';
import { compile } from '../../engine/plan/compile.ts';
import { FROM_THE_START } from '../../engine/source/format/decoder.ts';
import { openWal2json } from '../../engine/source/format/wal2json/wal2json.ts';
import { Batch } from '../../engine/store/batch.ts';
import { openDatabase } from '../../engine/store/database.ts';
import { picking } from '../../engine/store/pick.ts';
import { execute } from '../support/engine.ts';
import { fileOf, inputs, runOnce, type Trial } from './trial.ts';

/** Brings the case about. Gives findings, or throws an EtlError. */
type Circumstance = (trial: Trial) => Promise<readonly Diagnostic[]>;

export const circumstances: Partial<Record<Code, Circumstance>> = {
  NO_PERMISSION: async (trial) => {
    const log = copied(trial, '.json');
    chmodSync(log, 0o000);
    return withoutPrivileges(trial, () => runOnce(trial, { inputs: inputs(log) }));
  },
  FILE_NOT_READABLE: async (trial) => {
    const link = join(trial.scratch, 'wal.json');
    symlinkSync(link, link);
    return runOnce(trial, { inputs: inputs(link) });
  },
  FILE_REPLACED: async (trial) => {
    const log = copied(trial, '.json');
    await runOnce(trial, { inputs: inputs(log) });
    copied(trial, '.then.json');
    return runOnce(trial, { inputs: inputs(log) });
  },
  CHANGE_TOO_LARGE: async () => {
    const decoder = openWal2json('wal.json', FROM_THE_START, () => null);
    // The same megabyte again and again: a file of that size would take the test its time and memory.
    const stretch = Buffer.alloc(1 << 20, 'x');
    for (const _ of decoder.push(Buffer.from('{"change":[{"kind":"')));
    for (let count = 0; count < 512; count++) for (const _ of decoder.push(stretch));
    return [];
  },
  STATE_FORMAT: async (trial) => {
    await runOnce(trial);
    execute(trial.database, 'UPDATE _etl_state SET format = 0');
    return runOnce(trial);
  },
  TARGET_EXISTS: async (trial) => {
    execute(trial.database, 'CREATE TABLE events (event_id INTEGER)');
    return runOnce(trial);
  },
  TARGET_ALTERED: async (trial) => {
    await runOnce(trial);
    execute(trial.database, 'ALTER TABLE events ADD COLUMN note TEXT');
    return runOnce(trial);
  },
  STATE_OVERTAKEN: (trial) => runOvertaken(trial),
  OLD_ROW_MISSING: async (trial) => {
    const db = openDatabase(trial.database);
    try {
      const { state } = new Session(db, compile(trial.mapping), 'events', false);
      const header = { schema: 'public', table: 'event', columns: [{ name: 'name', type: 'text' }] } as const;
      picking(state.relations, 'source', '')({ op: 'delete', before: { header, values: ['Bob'], missing: 'unknown' }, at: PLACE });
      return [];
    } finally {
      db.close();
    }
  },
  ROW_NEVER_SEEN: async (trial) => {
    const db = openDatabase(trial.database);
    try {
      const session = new Session(db, compile(trial.mapping), 'events', false);
      const header = { schema: 'public', table: 'event', columns: [{ name: 'event_id', type: 'integer' }] } as const;
      const batch = new Batch(db, 1);
      const change: Change = { op: 'delete', before: { header, values: [{ json: '7' }], missing: 'unknown' }, at: PLACE };
      for (const picked of picking(session.state.relations, 'source', '')(change)) batch.add(picked);
      batch.end();
      session.commit({
        source: 'source',
        batch,
        marks: [],
        renamed: new Map(),
        lsn: null,
        reached: null,
        strict: true,
      });
      return [];
    } finally {
      db.close();
    }
  },
  TARGET_NOT_OPENED: (trial) => runOnce(trial, { output: join(trial.scratch, 'no-such-folder', 'metrics.db') }),
  TARGET_READ_ONLY: async (trial) => {
    execute(trial.database, 'CREATE TABLE notes (note TEXT)');
    chmodSync(trial.database, 0o444);
    return withoutPrivileges(trial, () => runOnce(trial));
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
  UNKNOWN_INPUT: (trial) => runOnce(trial, { inputs: new Map([['bnak', 'bank.json']]) }),
  INPUT_NEEDS_NAME: (trial) => runOnce(trial, { inputs: inputs('bank.json') }),
  UNKNOWN_COMMAND: (trial) => called('rnu', fileOf(trial, '.yaml')),
  UNKNOWN_FLAG: (trial) => called('run', fileOf(trial, '.yaml'), '--dryrun'),
  FLAG_WITHOUT_VALUE: (trial) => called('run', fileOf(trial, '.yaml'), '--output'),
  BAD_FLAG: (trial) => called('run', fileOf(trial, '.yaml'), '--batch-size', '1.5'),
  MISSING_ARGUMENT: () => called('validate'),
  TOO_MANY_ARGUMENTS: (trial) => called('explain', fileOf(trial, '.yaml'), fileOf(trial, '.yaml')),
};

const PLACE = { file: 'wal.json', record: 1, offset: 0, lsn: null } as const;

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
  const found = db.prepare("SELECT 1 FROM sqlite_master WHERE name = '_etl_relation_1_key'").get();
  db.close();
  return found !== undefined;
}

/** One of the pair's files in the scratch folder, over whatever was there. */
function copied(trial: Trial, ending: string): string {
  const path = join(trial.scratch, 'wal.json');
  copyFileSync(fileOf(trial, ending), path);
  return path;
}

/** Permissions mean nothing to root, so the work is done as another user then. */
async function withoutPrivileges<T>({ scratch }: Trial, work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  chmodSync(scratch, 0o777);
  process.seteuid?.(NOBODY);
  return work().finally(() => process.seteuid?.(0));
}

const NOBODY = 65534;

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

/** The findings of a call of the command line. */
async function called(...argv: readonly string[]): Promise<readonly Diagnostic[]> {
  const call = await readCall(argv);
  if (typeof call === 'number') return [];
  return (await call.work({ signal: new AbortController().signal, onProgress: () => {} })).diagnostics;
}
