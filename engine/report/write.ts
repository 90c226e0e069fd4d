import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fail } from '../diagnostic/diagnostic.ts';
import { systemReason } from '../diagnostic/system.ts';

/**
 * Writes a file whole, or not at all: what stood there stays until all of the new one is on the disk. Throws an EtlError
 * where it can't be written.
 */
export function writeWhole(path: string, text: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // A pipe or a device is no place that another file could take; of a link, what it leads to is one.
    if (found && !found.isFile()) writeFileSync(path, text);
    else replace(found ? realpathSync(path) : path, text);
  } catch (error) {
    fail('FILE_NOT_WRITTEN', { path, reason: systemReason(error) });
  }
}

function replace(place: string, text: string): void {
  const draft = `${place}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx', flush: true });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
