import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import type { RemoteTarget } from './remote.ts';

/** Says that a target has not got yet what a changed mapping or a learned type made of its columns. */
export function failBehind({ shown, table }: Pick<RemoteTarget, 'shown' | 'table'>): never {
  return fail('TARGET_BEHIND', { table }, { data: { file: shown }, hint: hints.shipFirst });
}
