import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, normalize } from 'node:path';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { nearest } from '../diagnostic/suggest.ts';
import { codeOf, failReading } from './failure.ts';

/** How a user names standard input. */
export const STANDARD_INPUT = '-';

/** Whether a place is standard input or a pipe, which can be read once and ends when its writers end it. */
export async function isStream(place: string): Promise<boolean> {
  if (place === STANDARD_INPUT) return true;
  const found = await stat(place).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}

/**
 * The files that a place names, in name order (by code units): a file, the files directly in a folder without those
 * that start with a dot, the matches of a pattern, or standard input. A name that exists is never a pattern.
 */
export async function findFiles(place: string): Promise<readonly string[]> {
  if (place === STANDARD_INPUT) return [place];
  return (await filesAt(place)).map((path) => normalize(path));
}

async function filesAt(place: string): Promise<readonly string[]> {
  try {
    return (await stat(place)).isDirectory() ? await filesIn(place) : [place];
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') failReading(error, place);
    return (await matches(place)) ?? failReading(error, place, await nearName(place));
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = `${folder.replace(/\/+$/, '')}/${entry.name}`;
    if (!entry.name.startsWith('.') && (await isFile(entry, path))) paths.push(path);
  }
  return paths.sort();
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(path).catch((error: unknown) => failReading(error, path));
  return target.isFile();
}

/** What a pattern matches; null where the place is no pattern. */
async function matches(place: string): Promise<readonly string[] | null> {
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(place)) return null;
  const paths = await glob(place, { absolute: isAbsolute(place), expandDirectories: false });
  if (paths.length === 0) fail('FILE_NOT_FOUND', { pattern: true }, { data: { file: place } });
  return paths.sort();
}

async function nearName(path: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => []);
  const near = nearest(basename(path), names);
  return near === undefined ? undefined : hints.near(near);
}
