/**
 * How far a run is, on stderr: a bar on a terminal, elsewhere a line every few seconds. The bar's package is loaded when
 * a run lasts, so that a short command does not pay for it.
 */
import type { Options, Params, SingleBar } from 'cli-progress';
import { count, plural, size } from '../diagnostic/quantity.ts';
import type { Progress } from '../pipeline/progress.ts';
import { openPace, type Pace } from './pace.ts';

export interface Display {
  readonly update: (progress: Progress) => void;
  readonly stop: () => void;
}

/** Runs shorter than this show no bar. */
const PATIENCE_MS = 500;

/** Runs shorter than this have no line, and from one line to the next it is as long. */
const LINES_MS = 5_000;

export function progressOn(stream: NodeJS.WriteStream, clock: () => number = Date.now): Display {
  const pace = openPace();
  const [started, show] = [clock(), stream.isTTY ? openBar(stream) : openLines(stream, clock)];
  let stopped = false;
  return {
    update: (progress) => {
      const measured = pace(progress, clock());
      if (!stopped && clock() - started > PATIENCE_MS) show.update(progress, measured);
    },
    stop: () => {
      stopped = true;
      show.stop();
    },
  };
}

interface Shown {
  readonly update: (progress: Progress, pace: Pace) => void;
  readonly stop: () => void;
}

function openLines(stream: NodeJS.WriteStream, clock: () => number): Shown {
  let [last, isLong] = [clock(), false];
  return {
    update: (progress, pace) => {
      const isDue = clock() - last >= LINES_MS;
      if (!isDue && !(isLong && progress.step === 'derive')) return;
      [last, isLong] = [clock(), true];
      stream.write(`${progress.step === 'derive' ? derivingText(progress) : `reading ${longText(pace)}`}\n`);
    },
    stop: () => {},
  };
}

function openBar(stream: NodeJS.WriteStream): Shown {
  let bar: SingleBar | null = null;
  let [loading, stopped] = [false, false];
  return {
    update: (progress, pace) => {
      const { bytes, total } = pace;
      bar?.setTotal(Math.max(1, total ?? 0));
      bar?.update(total === null ? 0 : bytes, { progress, pace });
      if (bar || loading) return;
      loading = true;
      void load(stream).then((loaded) => {
        // A bar that is started keeps the process alive until it is stopped.
        if (stopped) return;
        bar = loaded;
        bar.start(Math.max(1, total ?? 0), bytes, { progress, pace });
      });
    },
    stop: () => {
      stopped = true;
      bar?.stop();
    },
  };
}

async function load(stream: NodeJS.WriteStream): Promise<SingleBar> {
  const { default: package_ } = await import('cli-progress');
  const format = (options: Options, params: Params, { progress, pace }: { progress: Progress; pace: Pace }): string => {
    if (progress.step === 'derive') return derivingText(progress);
    const drawn = pace.total === null ? '' : `${package_.Format.BarFormat(params.progress, options)} `;
    return `reading ${drawn}${shortText(pace)}`;
  };
  const settings = { format, stream, clearOnComplete: true, barsize: 16 };
  return new package_.SingleBar(settings, package_.Presets.shades_classic);
}

/** `38.2 MB of 420.3 MB, 27,000 changes, 61,000 a second, 7 s left`. */
function longText(pace: Pace): string {
  const speed = pace.perSecond === null ? [] : [`${count(Math.round(pace.perSecond))} a second`];
  return [bytesText(pace), plural(pace.changes, 'change'), ...speed, ...leftText(pace)].join(', ');
}

/** The same with less: a terminal has 80 columns. */
function shortText(pace: Pace): string {
  const speed = pace.perSecond === null ? [] : [`${count(Math.round(pace.perSecond))} changes/s`];
  return [bytesText(pace), ...speed, ...leftText(pace)].join(', ');
}

function bytesText({ bytes, total }: Pace): string {
  return total === null ? size(bytes) : `${size(bytes)} of ${size(total)}`;
}

function leftText({ left }: Pace): readonly string[] {
  return left === null ? [] : [`${duration(left)} left`];
}

function derivingText({ metric, changes }: Progress): string {
  return `deriving ${metric} from ${plural(changes, 'change')}`;
}

/** `7 s`, `2 min 5 s`, `3 h 12 min`: it is no more certain than that. */
function duration(value: number): string {
  const whole = Math.ceil(value);
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
  if (minutes === 0) return `${whole} s`;
  return hours === 0 ? `${minutes} min ${whole % 60} s` : `${hours} h ${minutes % 60} min`;
}
