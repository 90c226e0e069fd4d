import { chmodSync } from 'node:fs';

/** A user who owns nothing. */
const NOBODY = 65534;

/** Does the work in a folder as somebody to whom permissions mean something: to root they mean nothing. */
export async function withoutPrivileges<T>(folder: string, work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  chmodSync(folder, 0o777);
  process.seteuid?.(NOBODY);
  return work().finally(() => process.seteuid?.(0));
}
