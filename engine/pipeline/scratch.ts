import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { explained, readDatabase } from '../store/database/database.ts';
import type { Places } from './places.ts';

/**
 * Does the work on a copy of the database, which is thrown away afterwards: what comes out is what would have come out.
 *
 * A copy page by page, not VACUUM INTO, which would renumber the target's rows.
 */
export async function withScratch<T>(places: Places, work: (scratch: Places) => Promise<T>): Promise<T> {
  return inScratch(async (folder) => {
    const database = join(folder, basename(places.database));
    if (existsSync(places.database)) await copyDatabase(places.database, database);
    return work({ ...places, database });
  });
}

/** Does the work in a folder of its own, which is gone afterwards. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'etl-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies a database as it is at one moment. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const db = readDatabase(from);
  try {
    await db.backup(to);
  } catch (error) {
    throw explained(error, from);
  } finally {
    db.close();
  }
}
