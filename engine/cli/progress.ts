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
  let [loading, stopped] = [false, false];
  return {
    update: (bytes, total) => {
      if (stopped) return;
      if (bar) bar.update(Math.round(bytes / 1e6));
      else if (!loading && stream.isTTY && Date.now() - started > PATIENCE_MS) {
        loading = true;
        void load(stream).then((loaded) => {
          // A bar that is started keeps the process alive until it is stopped.
          if (stopped) return;
          bar = loaded;
          bar.start(Math.max(1, Math.round(total / 1e6)), 0);
        });
      }
    },
    stop: () => {
      stopped = true;
      bar?.stop();
    },
  };
}

async function load(stream: NodeJS.WriteStream): Promise<import('cli-progress').SingleBar> {
  const { default: progress } = await import('cli-progress');
  const format = 'reading {bar} {value} of {total} MB, {eta_formatted} left';
  return new progress.SingleBar({ format, stream, clearOnComplete: true }, progress.Presets.shades_classic);
}
