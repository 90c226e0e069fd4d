import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Mapping } from './mapping.ts';

/** A mapping with its warnings, or all that is wrong with it (warnings included), ordered by position. */
export type Loaded =
  | { readonly mapping: Mapping; readonly warnings: readonly Diagnostic[] }
  | { readonly diagnostics: readonly Diagnostic[] };
