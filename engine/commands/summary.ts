import { basename } from 'node:path';
import { count, plural, seconds, size, when } from '../diagnostic/quantity.ts';
import type { News, RunResult } from '../pipeline/result.ts';
import { withReason } from '../store/check/checking.ts';
import type { JoinCount } from '../store/state/joins.ts';
import { line, listed } from './line.ts';

/**
 * A run in a few lines: what was read, how each join fared, what was written, and where the next run goes on.
 */
export function summarize(result: RunResult): string {
  const lines = [
    ...changeLines(result),
    ...readLines(result),
    ...olderLines(result),
    ...lostLines(result),
    ...rejectedLines(result),
    ...checkLines(result),
    ...joinLines(result),
    writeLine(result),
    ...shipLines(result),
    doneLine(result),
  ];
  return [result.metric, ...lines].join('\n');
}

/** Stands below the summary of a run that goes on. */
export function followed(): string {
  return line('follow', 'goes on with what comes, until Ctrl-C or SIGTERM');
}

/** What a run that goes on has taken in, on one line. */
export function summarizeNews(news: News, at: Date): string {
  return [
    when(at),
    news.metric,
    plural(news.changes, 'change'),
    writes(news),
    ...(news.lost > 0 ? [`${count(news.lost)} lost`] : []),
    ...(news.rejected > 0 ? [`${plural(news.rejected, 'transaction')} left out`] : []),
  ].join('   ');
}

function changeLines({ migrated, forgotten }: RunResult): readonly string[] {
  if (!migrated) return [];
  const made = line('change', 'the mapping was another: migrated in place, from the state');
  return forgotten.length === 0 ? [made] : [made, line('', `no longer kept: ${listed(forgotten)}`)];
}

function readLines({ read }: RunResult): readonly string[] {
  if (read.changes === 0) return [line('read', 'nothing new')];
  const from = read.files.length === 1 ? basename(read.files[0] ?? '') : `${count(read.files.length)} files`;
  const unnamed = read.unnamed.reduce((sum, each) => sum + each.changes, 0);
  return [
    line('read', [from, plural(read.changes, 'change'), size(read.bytes), seconds(read.seconds)].join('   ')),
    ...(read.again > 0 ? [line('', `${plural(read.again, 'change')} more, delivered again, passed over`)] : []),
    ...(read.tables.length > 0 ? [line('', tables(read.tables))] : []),
    ...(unnamed > 0
      ? [line('', `${plural(unnamed, 'change')} of tables not named by the mapping: ${tables(read.unnamed)}`)]
      : []),
  ];
}

function tables(counts: RunResult['read']['tables']): string {
  return counts.map(({ table, changes }) => `${table} ${count(changes)}`).join(' · ');
}

/** The rows they tell have newer versions. */
function olderLines({ older }: RunResult): readonly string[] {
  if (older === 0) return [];
  return [
    line(
      'older',
      `${plural(older, 'change')} of an older version than their ${older === 1 ? 'row' : 'rows'}, passed over`,
    ),
  ];
}

/** Changes of rows that were never seen changed nothing: the log begins behind their start. */
function lostLines({ lost }: RunResult): readonly string[] {
  if (lost.changes === 0) return [];
  return [line('lost', `${plural(lost.changes, 'change')} of rows never seen, the first: ${lost.samples[0]}`)];
}

function rejectedLines({ rejected: { transactions, first } }: RunResult): readonly string[] {
  if (first === null) return [];
  const { file, record, code, reason } = first;
  return [
    line(
      'reject',
      `${plural(transactions, 'transaction')}, the first: ${basename(file)} #${record} ${code}: ${reason}`,
    ),
  ];
}

/** Rows that only warn have a finding of their own, and where a check stops the run there is no summary. */
function checkLines({ checks }: RunResult): readonly string[] {
  return checks
    .filter(({ onFail }) => onFail === 'reject')
    .map(({ alias, check, rows, first }) => {
      const place = first?.place ? `${basename(first.place.file)} #${first.place.record} ` : '';
      const shown = first ? `, the first: ${withReason(`${place}${first.text}`, first)}` : '';
      return line('reject', `${plural(rows, 'row')} of ${alias} not ${check}${shown}`);
    });
}

function joinLines({ joins, filter }: RunResult): readonly string[] {
  const aliases = Math.max(0, ...joins.map((join) => join.alias.length));
  const widths = [(join: JoinCount) => count(join.matched), (join: JoinCount) => count(join.rows)].map((text) =>
    Math.max(0, ...joins.map((join) => text(join).length)),
  );
  const lines = joins.map((join, n) => {
    const matched = `${count(join.matched).padStart(widths[0] ?? 0)} of ${count(join.rows).padStart(widths[1] ?? 0)} matched`;
    return line(n === 0 ? 'join' : '', [join.alias.padEnd(aliases), matched, ...unmatched(join)].join('   '));
  });
  return [...lines, ...(filter ? [line('where', `${count(filter.kept)} of ${count(filter.rows)} kept`)] : [])];
}

function unmatched(join: JoinCount): readonly string[] {
  return [...unpaired(join), ...(join.fanout > 1 ? [`up to ${count(join.fanout)} each`] : [])];
}

/** How many rows of a join have no partner, and why. */
export function unpaired(join: JoinCount): readonly string[] {
  const parents = join.parents === join.waiting ? '' : ` (${count(join.parents)} ${join.parent})`;
  return [
    ...(join.waiting > 0 ? [`${count(join.waiting)} wait for ${join.on.join(', ')}${parents}`] : []),
    ...(join.nullKey > 0 ? [`${count(join.nullKey)} have a NULL key`] : []),
  ];
}

function writeLine({ write, loaded, migrated }: RunResult): string {
  if (!loaded)
    return line(
      'write',
      `${placeName(write.place)}   ${write.table}   not yet: the next run goes on with the first load`,
    );
  const written = write.added + write.changed + write.removed;
  // What stood there as the other mapping's metric is not counted.
  const counts = migrated && written === write.rows ? 'written anew' : writes(write);
  const nothing = written === 0 && write.anew === null && !migrated;
  const anew = {
    absent: 'written anew from the state: the table was gone',
    changed: 'written anew from the state: the table had changed',
    retyped: 'written anew from the state: a column has another type now',
  };
  return line(
    'write',
    [
      placeName(write.place),
      write.table,
      plural(write.rows, 'row'),
      nothing ? 'nothing to write' : counts,
      ...heldBack(write),
      ...(write.anew ? [anew[write.anew]] : []),
      ...(write.dry ? ['(dry run: nothing was kept)'] : []),
    ].join('   '),
  );
}

/** Rows whose key stands in the table already and is another's. */
function heldBack({ held, differing }: RunResult['write']): readonly string[] {
  if (held === 0) return [];
  const some = differing > 0 ? ` (${count(differing)} ${differing === 1 ? 'differs' : 'differ'})` : '';
  return [`${count(held)} more ${held === 1 ? 'is' : 'are'} there already, of others${some}`];
}

/** Of a path its last part; of another place all that is shown. */
function placeName(place: string): string {
  return /^[a-z]{2,}:/.test(place) ? place : basename(place);
}

function shipLines({ write: { shipped } }: RunResult): readonly string[] {
  if (shipped === null || shipped.rows + shipped.gone + shipped.unshipped === 0) return [];
  const resent = { absent: 'all rows: the table was gone', foreign: 'all rows: another state had shipped to it' };
  const parts = [
    plural(shipped.rows, 'row'),
    ...(shipped.gone > 0 ? [`${count(shipped.gone)} gone`] : []),
    ...(shipped.unshipped > 0 ? [`${count(shipped.unshipped)} wait`] : []),
    ...(shipped.resent ? [resent[shipped.resent]] : []),
  ];
  return [line('ship', parts.join('   '))];
}

function writes({ added, changed, removed }: Pick<News, 'added' | 'changed' | 'removed'>): string {
  return `+${count(added)} ~${count(changed)} -${count(removed)}`;
}

function doneLine(result: RunResult): string {
  const checkpoint = result.checkpoint.map(reachText);
  const shown =
    checkpoint.length > 3 ? [...checkpoint.slice(-1), `${count(checkpoint.length)} files in all`] : checkpoint;
  return line(
    'done',
    [seconds(result.seconds), ...(shown.length > 0 ? [`checkpoint ${shown.join(', ')}`] : [])].join('   '),
  );
}

/** A table is read anew up to its watermark, however many rows that takes. */
export function reachText({ file, records, watermark }: RunResult['checkpoint'][number]): string {
  return watermark === undefined ? `${basename(file)} #${records}` : `${file} to ${watermark}`;
}
