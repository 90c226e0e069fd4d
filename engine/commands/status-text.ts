import { lsnText } from '../change.ts';
import { count, plural, size, when } from '../diagnostic/quantity.ts';
import type { SourceStatus, Status } from '../pipeline/status.ts';
import { line } from './line.ts';
import { reachText, unpaired } from './summary.ts';

/** How a metric stands, in a few lines. */
export function statusText(status: Status): string {
  const { metric, target, rows, unshipped, state, loaded, changed } = status;
  const committed = status.committed ? `committed ${when(status.committed)}` : 'nothing committed';
  return [
    metric,
    line('target', [target.place, target.table, loaded ? plural(rows, 'row') : 'not written yet'].join('   ')),
    ...(unshipped ? [line('ship', `${plural(unshipped, 'row')} ${unshipped === 1 ? 'waits' : 'wait'}`)] : []),
    line('state', [state.place, size(state.bytes), committed].join('   ')),
    ...(changed ? [line('', 'made by another version of this mapping')] : []),
    ...status.sources.flatMap((source) => sourceLines(source, status.sources.length > 1)),
    ...waitLines(status),
    ...rejectLines(status),
  ].join('\n');
}

function sourceLines({ source, checkpoint, lsn, lag }: SourceStatus, isNamed: boolean): readonly string[] {
  const reached = checkpoint.slice(-1).map(reachText);
  const more = checkpoint.length > 1 ? [`${count(checkpoint.length)} files in all`] : [];
  const position = lsn === null ? [] : [`LSN ${lsnText(lsn)}`];
  const name = isNamed ? [source] : [];
  const read = checkpoint.length === 0 ? ['nothing yet'] : [...reached, ...more, ...position];
  return [line('read', [...name, ...read].join('   ')), line('lag', [...name, ...lagText(lag, lsn)].join('   '))];
}

function lagText(lag: SourceStatus['lag'], committed: bigint | null): readonly string[] {
  if (lag === null) return ['not known: it would have to be read'];
  const { bytes, records, lsn, stopped } = lag;
  const behind =
    lsn === null
      ? []
      : [`to LSN ${lsnText(lsn)}${committed === null ? '' : `, ${size(Number(lsn - committed))} of the server's log`}`];
  const unread = records === 0 ? ['nothing new'] : [plural(records, 'record'), size(bytes), ...behind];
  return stopped ? [...(records > 0 ? unread : []), `can not be read on: ${stopped.code}: ${stopped.message}`] : unread;
}

function waitLines({ joins }: Status): readonly string[] {
  const open = joins.flatMap((join) => {
    const waits = unpaired(join);
    return waits.length > 0 ? [[join.alias, ...waits].join('   ')] : [];
  });
  return open.map((text, n) => line(n === 0 ? 'wait' : '', text));
}

function rejectLines({ rejected: { transactions, rows } }: Status): readonly string[] {
  const told = [
    ...(transactions > 0 ? [`${plural(transactions, 'transaction')} left out`] : []),
    ...(rows > 0 ? [`${plural(rows, 'row')} that a check rejected`] : []),
  ];
  return told.length > 0 ? [line('reject', told.join('   '))] : [];
}
