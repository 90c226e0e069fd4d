import { fail } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import { placeOf } from '../../server/place.ts';
import type { Connection } from './connection.ts';

/** Opens the database that a URL names. To add a kind: its file, and its line here. Throws an EtlError. */
export async function openConnection(url: string): Promise<Connection> {
  const place = placeOf(url);
  const [kind] = place === null ? [] : url.split(':', 1);
  if (place !== null) {
    switch (kind) {
      case 'sqlite':
        return (await import('./sqlite.ts')).openSqlite(place);
      case 'postgres':
      case 'postgresql':
        return (await import('./postgres.ts')).openPostgres(place);
      case 'mysql':
      case 'mariadb':
        return (await import('./mysql.ts')).openMysql(place);
    }
  }
  fail('UNKNOWN_DATABASE', { place: url }, { hint: hints.databases });
}
