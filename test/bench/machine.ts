import { spawnSync } from 'node:child_process';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { sqliteVersion } from './engine.ts';
import type { Options } from './options.ts';
import { RIVALS, versionOf } from './rivals.ts';

/** What was measured on what: lines of a name and a text. */
export function surroundings({ rivals }: Options): readonly (readonly [name: string, text: string])[] {
  const processors = cpus();
  const packages = new Set(rivals.flatMap((name) => RIVALS[name]?.package ?? []));
  return [
    ['date', new Date().toISOString().slice(0, 10)],
    ['processor', `${processors[0]?.model ?? arch()}, ${processors.length} cores`],
    ['memory', `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
    ['system', `${type()} ${release()}, ${arch()}`],
    ['Node', process.versions.node],
    ['SQLite', `${sqliteVersion()} (better-sqlite3 ${versionOf('better-sqlite3')})`],
    ...(rivals.includes('python') ? [['Python', pythonVersion()] as const] : []),
    ...[...packages].map((name) => [name, versionOf(name) ?? 'not installed'] as const),
  ];
}

function pythonVersion(): string {
  return spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout?.replace('Python', '').trim() || 'not there';
}
