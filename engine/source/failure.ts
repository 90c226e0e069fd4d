import { fail } from '../diagnostic/diagnostic.ts';
import { systemReason } from '../diagnostic/system.ts';

/** Says why the operating system did not let a file be read. What is no such error is a bug and goes on its way. */
export function failReading(error: unknown, file: string, hint?: string): never {
  const code = codeOf(error);
  const where = { data: { file }, hint };
  if (code === null) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') fail('FILE_NOT_FOUND', { pattern: false }, where);
  if (code === 'EACCES' || code === 'EPERM') fail('NO_PERMISSION', { by: 'system' }, where);
  fail('FILE_NOT_READABLE', { reason: systemReason(error) }, where);
}

/** The code of an error of the operating system, such as ENOENT; null for any other error. */
export function codeOf(error: unknown): string | null {
  const known = error instanceof Error && 'syscall' in error && 'code' in error;
  return known && typeof error.code === 'string' ? error.code : null;
}
