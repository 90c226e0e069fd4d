import type { RemoteSink, RemoteTarget } from './remote.ts';

/** Opens a target elsewhere. To add a kind: its file, and its line here. Throws an EtlError where it is not reached. */
export async function openRemote(target: RemoteTarget): Promise<RemoteSink> {
  switch (target.kind) {
    case 'clickhouse':
      return (await import('./clickhouse/clickhouse.ts')).openClickhouse(target);
    case 'postgres':
      return (await import('./postgres/postgres.ts')).openPostgres(target);
  }
}
