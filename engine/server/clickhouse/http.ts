import { Readable } from 'node:stream';
import { codeOf, failDatabase, loadDriver, type Trouble } from '../failure.ts';
import type { DatabasePlace } from '../place.ts';
import type { ClickhouseClient } from './client.ts';
import { troubleOf } from './trouble.ts';
import { readTsv } from './tsv.ts';

/** So long a server may take for a statement, in ms. */
const PATIENCE = 300_000;

/** A ClickHouse at a server, over HTTP. */
export async function connectClickhouse(place: DatabasePlace): Promise<ClickhouseClient> {
  const { createClient, drainStream } = await loadDriver(
    '@clickhouse/client',
    place,
    () => import('@clickhouse/client'),
  );
  const client = createClient({
    url: place.url,
    application: 'etl',
    request_timeout: PATIENCE,
    // What goes wrong is told by who asks.
    log: { level: 127 },
  });
  const asking = <T>(asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => failDatabase(httpTrouble(error), error, place));
  return {
    run: async (query) => {
      await asking(client.command({ query }));
    },
    read: async (query) => {
      const found = await asking(client.query({ query, format: 'TabSeparated' }));
      return readTsv(await asking(found.text()));
    },
    insert: async (table, columns, lines) => {
      const query = `INSERT INTO ${table} (${columns}) SETTINGS max_partitions_per_insert_block = 0 FORMAT TabSeparated`;
      await asking(
        client
          .exec({ query, values: Readable.from([lines], { objectMode: false }) })
          .then(({ stream }) => drainStream(stream)),
      );
    },
    close: () => client.close(),
  };
}

/** An answer of the server has a number; what goes wrong on the way has a name, or none. */
function httpTrouble(error: unknown): Trouble {
  const code = codeOf(error);
  if (/^\d+$/.test(code)) return troubleOf(Number(code));
  return /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code) ? 'unreached' : 'lost';
}
