import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { type DatabasePlace, withoutSecrets } from './place.ts';

/** What went wrong with a database. `permission` is missing for what a statement reads or writes. */
export type Trouble = 'unreached' | 'login' | 'lost' | 'permission' | 'query' | 'rows' | 'busy';

/** Says what went wrong with a database, without its password. */
export function failDatabase(trouble: Trouble, error: unknown, place: DatabasePlace): never {
  const reason = withoutSecrets(reasonOf(error), place);
  const where = { data: { file: place.shown } };
  switch (trouble) {
    case 'unreached':
      return fail('SERVER_NOT_REACHED', { reason }, where);
    case 'login':
      return fail('LOGIN_REFUSED', { reason }, where);
    case 'lost':
      return fail('CONNECTION_LOST', { reason }, where);
    case 'permission':
      return fail('NO_PERMISSION', { by: 'server' }, { ...where, notes: [`reason: ${reason}`] });
    case 'query':
      return fail('QUERY_REFUSED', { reason }, where);
    case 'busy':
      return fail('SERVER_BUSY', { reason }, where);
    case 'rows':
      return fail('ROWS_REFUSED', { reason }, where);
  }
}

/** Loads a client that is there only where somebody reads such a database. */
export async function loadDriver<T>(driver: string, place: DatabasePlace, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    fail('DRIVER_MISSING', { driver }, { data: { file: place.shown }, hint: hints.install(driver) });
  }
}

/** The code that a client or the operating system gives an error; empty where there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A host with several addresses fails for each of them. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
