/** What the build makes of `wide/match.ts`; that file says what it does. */
export interface WideMatch {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  match(pattern: number, from: number, start: number, places: number): number;
}

/** Null where the processor can't look at sixteen bytes at a time, and where no memory can be had for it. */
export function openWideMatch(): WideMatch | null;
