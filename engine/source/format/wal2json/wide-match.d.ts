/** What the build makes of `wide/match.ts`; that file says what it does. */
export interface WideMatch {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  match(pattern: number, from: number, start: number, places: number): number;
}

/** Null where the processor can't look at sixteen bytes at a time. */
export function openWideMatch(): WideMatch | null;
