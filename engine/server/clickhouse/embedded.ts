import { failDatabase, loadDriver } from '../failure.ts';
import type { DatabasePlace } from '../place.ts';
import type { ClickhouseClient } from './client.ts';
import { troubleOf } from './trouble.ts';
import { readTsv } from './tsv.ts';

/** A process has one at a time: whoever comes later waits for those before. */
let last: Promise<void> = Promise.resolve();

/** A ClickHouse within this process, whose data is in a folder: `chdb:./warehouse`. */
export async function openEmbedded(place: DatabasePlace): Promise<ClickhouseClient> {
  const { Session } = await loadDriver('chdb', place, () => import('chdb'));
  const { promise, end } = openTurn();
  const before = last;
  last = before.then(() => promise);
  await before;
  const asking = <T>(ask: () => T): T => {
    try {
      return ask();
    } catch (error) {
      return failDatabase(troubleOf(codeIn(error)), error, place);
    }
  };
  try {
    const session = new Session(place.url.slice('chdb:'.length));
    return {
      run: async (statement) => {
        asking(() => session.query(statement, 'TabSeparated'));
      },
      read: async (statement) => readTsv(asking(() => session.query(statement, 'TabSeparated'))),
      insert: async (table, columns, lines) => {
        const into = `INSERT INTO ${table} (${columns}) SETTINGS max_partitions_per_insert_block = 0`;
        asking(() => session.query(`${into} FORMAT TabSeparated\n${lines}`, 'TabSeparated'));
      },
      close: async () => {
        session.close();
        end();
      },
    };
  } catch (error) {
    end();
    return failDatabase('unreached', error, place);
  }
}

function openTurn(): { readonly promise: Promise<void>; readonly end: () => void } {
  let end = (): void => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

function codeIn(error: unknown): number {
  return error instanceof Error && 'clickhouseCode' in error ? Number(error.clickhouseCode) : 0;
}
