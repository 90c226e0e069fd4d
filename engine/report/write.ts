import { randomBytes } from 'node:crypto';
import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fail } from '../diagnostic/diagnostic.ts';
import { systemReason } from '../diagnostic/system.ts';

/**
 * Writes a file whole, or not at all: what stood there stays until all of the new one is on the disk. Throws an EtlError
 * where it can't be written.
 */
export function writeWhole(path: string, text: string): void {
  const place = placeOf(path);
  const draft = `${place}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx', flush: true });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { force: true });
    fail('FILE_NOT_WRITTEN', { path, reason: systemReason(error) });
  }
}

/** A link stays one, and leads to the new file. A folder or a device is no place for one. */
function placeOf(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return path;
  const place = found.isSymbolicLink() ? realpathSync(path) : path;
  if (!lstatSync(place).isFile()) fail('FILE_NOT_WRITTEN', { path, reason: 'it is no file' });
  return place;
}
