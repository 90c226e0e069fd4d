import type { Progress } from '../pipeline/progress.ts';

/** How fast a run is, and how long it will last, by what it did of late. */
export interface Pace {
  readonly bytes: number;
  readonly changes: number;
  /** Null where nobody knows how much there is. */
  readonly total: number | null;
  /** Changes in a second; null before there is anything to measure. */
  readonly perSecond: number | null;
  /** Seconds until all is read; null where that is not known. */
  readonly left: number | null;
}

/** What was longer ago says little of what is to come. */
const WINDOW_MS = 10_000;

/** So long apart are the moments that are remembered, however often a run says how far it is. */
const APART_MS = 100;

interface Moment extends Pick<Progress, 'bytes' | 'changes' | 'total'> {
  readonly at: number;
}

/** Measures the pace of one or several runs at a time, which count together. */
export function openPace(): (progress: Progress, now: number) => Pace {
  const last = new Map<string, Progress>();
  let moments: readonly Moment[] = [];
  return (progress, now) => {
    last.set(progress.metric, progress);
    const moment = { ...together([...last.values()]), at: now };
    const latest = moments.at(-1);
    if (latest === undefined || now - latest.at >= APART_MS) {
      const recent = moments.findLastIndex(({ at }) => now - at >= WINDOW_MS);
      moments = [...moments.slice(Math.max(0, recent)), moment];
    }
    return paceBetween(moments[0] ?? moment, moment);
  };
}

function together(all: readonly Progress[]): Omit<Moment, 'at'> {
  const sum = (of: (each: Progress) => number) => all.reduce((total, each) => total + of(each), 0);
  const isKnown = all.every(({ total }) => total !== null);
  return {
    bytes: sum(({ bytes }) => bytes),
    changes: sum(({ changes }) => changes),
    total: isKnown ? sum(({ total }) => total ?? 0) : null,
  };
}

function paceBetween(first: Moment, { bytes, changes, total, at }: Moment): Pace {
  const seconds = (at - first.at) / 1000;
  const speed = (bytes - first.bytes) / seconds;
  const left = total === null || !(speed > 0) ? null : (total - bytes) / speed;
  return { bytes, changes, total, perSecond: seconds > 0 ? (changes - first.changes) / seconds : null, left };
}
