/**
 * A progress bar on stderr for a run that lasts, drawn on a terminal only. The package is loaded when the first bytes
 * have been read, so that a short command does not pay for it.
 */
export interface Progress {
  readonly update: (bytes: number, total: number) => void;
  readonly stop: () => void;
}

/** Runs shorter than this show nothing. */
const PATIENCE_MS = 500;

export function progressOn(stream: NodeJS.WriteStream): Progress {
  const started = Date.now();
  let bar: import('cli-progress').SingleBar | null = null;
  let loading = false;
  return {
    update: (bytes, total) => {
      if (bar) bar.update(Math.round(bytes / 1e6));
      else if (!loading && stream.isTTY && Date.now() - started > PATIENCE_MS) {
        loading = true;
        void open(stream, total).then((opened) => {
          bar = opened;
        });
      }
    },
    stop: () => bar?.stop(),
  };
}

async function open(stream: NodeJS.WriteStream, total: number): Promise<import('cli-progress').SingleBar> {
  const { default: progress } = await import('cli-progress');
  const format = 'reading {bar} {value} of {total} MB, {eta_formatted} left';
  const bar = new progress.SingleBar({ format, stream, clearOnComplete: true }, progress.Presets.shades_classic);
  bar.start(Math.max(1, Math.round(total / 1e6)), 0);
  return bar;
}
