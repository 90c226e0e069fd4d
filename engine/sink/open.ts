import type { RemoteName, RemotePlace, RemoteSink } from './remote.ts';

/** Opens a target elsewhere. To add a kind: its file, and its line here. Throws an EtlError where it is not reached. */
export async function openRemote(place: RemotePlace, name: RemoteName): Promise<RemoteSink> {
  switch (place.kind) {
    case 'postgres':
      return (await import('./postgres/postgres.ts')).openPostgres(place, name);
  }
}
