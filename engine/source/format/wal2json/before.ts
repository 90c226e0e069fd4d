import type { Before, Image } from '../../../change.ts';
import type { Shape } from './shape.ts';

/** What a record says, beside the image of the row before, about which columns that image should have. */
export interface Evidence {
  /** The names of its primary key, from `include-pk`; null where it does not say. */
  readonly key: readonly string[] | null;
  /** Columns that the table has, where the format leaves no NULL out of an image; none elsewhere. */
  readonly told: ReadonlySet<string>;
}

/**
 * The image of the row before a change.
 *
 * REPLICA IDENTITY decides what a log tells of that row, and does not stand in the log. FULL is the whole row, and
 * version 1 leaves its NULLs out; DEFAULT is the primary key; USING INDEX the columns of an index; none of those two can
 * be NULL. So the image is taken for the whole row, unless its own record shows that it is a key:
 *
 * - it lacks a column of the primary key, or has no other column than those;
 * - it lacks a column that the table has, though version 2 writes NULLs.
 *
 * Where a record shows nothing (version 1 without `include-pk`, a delete of version 2 without it), a key is taken for a
 * row whose other columns were NULL. To find a row by its key both are the same, and a table without a key logs its
 * updates and deletes under FULL only. What is decided depends on nothing but the record: not on where reading began.
 */
export function beforeOf(image: Image, { names }: Shape, { key, told }: Evidence): Before {
  const lacks = (column: string): boolean => !names.has(column);
  const isKey = key !== null && key.length > 0 && (key.length === names.size || key.some(lacks));
  return { ...image, missing: isKey || [...told].some(lacks) ? 'unknown' : 'null' };
}
