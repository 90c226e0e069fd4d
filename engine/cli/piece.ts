import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/** A part of the engine that was built into one file, with the code that V8 made of it kept beside it. */
export interface Piece<Exports> {
  readonly exports: Exports;
  /** Whether V8 took the code that is kept. */
  readonly isKept: boolean;
  /** The code of all functions that were called by now, to be kept for the next start. */
  readonly code: () => Buffer;
}

/** Stands in the file of a piece: what Node puts around a CommonJS module, `build.mjs` has put there. */
type Body = (module: { exports: unknown }, require: NodeJS.Require, __filename: string) => void;

/**
 * Loads a piece. What is kept of its code is not compiled again, which takes longer than the rest of a short run; V8 takes
 * it only where it is its own, of the same version, and otherwise compiles as if there were none.
 */
export function openPiece<Exports>(file: string): Piece<Exports> {
  const kept = codeFileOf(file);
  // What is built has ASCII characters only, and as such it is read without being looked at.
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    ...(existsSync(kept) && { cachedData: readFileSync(kept) }),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Body)(module, createRequire(file), file);
  return {
    exports: module.exports as Exports,
    isKept: script.cachedDataRejected === false,
    code: () => script.createCachedData(),
  };
}

/** Where the code of a piece is kept. */
export function codeFileOf(file: string): string {
  return `${file}.code`;
}
