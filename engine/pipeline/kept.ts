import { EtlError } from '../diagnostic/diagnostic.ts';
import { kept } from '../diagnostic/messages.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import type { RunOptions } from './options.ts';
import type { Session } from './session.ts';

/**
 * The error that stopped a run, saying what state things are in below the last of its findings. Other errors are handed
 * back. The session is null where the run had not got hold of the state yet.
 */
export function sayingWhatIsKept(error: unknown, session: Session | null, options: RunOptions): unknown {
  if (!(error instanceof EtlError)) return error;
  const note = `kept: ${whatIsKept(session, options)}`;
  return new EtlError(
    error.diagnostics.map((each, n, all) =>
      n === all.length - 1 ? { ...each, notes: [...(each.notes ?? []), note] } : each,
    ),
  );
}

function whatIsKept(session: Session | null, { dryRun, fullRefresh }: RunOptions): string {
  if (dryRun) return kept.dryRun;
  const reached = session?.tally.done().reached;
  if (reached) {
    const { file, records } = reached;
    return kept.upTo({ record: records, file: file === STANDARD_INPUT ? null : file, loaded: session.state.loaded });
  }
  return session && fullRefresh ? kept.forgotten : kept.before;
}
