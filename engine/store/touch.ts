import type { Plan } from '../plan/plan.ts';
import { type Climb, climbQuery, climbsOf, reachedBy } from '../sql/climb.ts';
import { sqlite } from '../sql/dialect.ts';
import type { Names } from '../sql/names.ts';
import type { Database } from './database.ts';
import { indexClimbs } from './indexes.ts';
import { namesInState } from './names.ts';
import type { Relation } from './state.ts';

/** Finds the roots whose metric rows may differ after a batch; `sql/climb.ts` says why these are all. */
export interface Touch {
  /** Ends the noting, and fills `temp._etl_touched` with the numbers of the roots. Gives how many there are. */
  readonly finish: () => number;
}

/**
 * Begins to note what a batch changes, within the batch's transaction.
 *
 * Triggers note each root row that changes, and of every other row the values by which it is reached, before and after.
 * They look at the columns that are kept: a row of which something else was written notes nothing. The climb from the
 * values to the roots goes through the state as it is after the batch.
 */
export function openTouch(db: Database, plan: Plan, relations: readonly Relation[]): Touch {
  const names = namesInState(plan, relations);
  const climbs = climbsOf(plan, names, sqlite);
  indexClimbs(db, plan, relations);
  const notes = [rootNote(relations), ...climbs.map((climb, n) => climbNote(climb, n, relations, names))];
  for (const note of notes) open(db, note);
  return {
    finish: () => {
      for (const note of notes) close(db, note);
      db.exec('CREATE TEMP TABLE IF NOT EXISTS _etl_touched (rid INTEGER PRIMARY KEY); DELETE FROM temp._etl_touched');
      db.exec('INSERT OR IGNORE INTO temp._etl_touched SELECT rid FROM temp._etl_roots');
      for (const [n, climb] of climbs.entries()) {
        const roots = climbQuery(plan, climbs, climb, `SELECT * FROM temp._etl_reached_${n}`, names, sqlite);
        if (roots) db.exec(`INSERT OR IGNORE INTO temp._etl_touched ${roots}`);
      }
      return Number(db.prepare('SELECT count(*) FROM temp._etl_touched').pluck().get());
    },
  };
}

/** What is noted of the rows of one table. */
interface Note {
  readonly relation: Relation;
  /** The temporary table it goes to, and that table's columns. */
  readonly into: string;
  readonly columns: string;
  /** The values noted of a trigger's `OLD` or `NEW` row. */
  readonly values: (row: 'OLD' | 'NEW') => string;
}

function rootNote(relations: readonly Relation[]): Note {
  const relation = relations[0] as Relation;
  return { relation, into: '_etl_roots', columns: 'rid', values: (row) => `${row}.rid` };
}

function climbNote(climb: Climb, n: number, relations: readonly Relation[], names: Names): Note {
  const relation = relations.find(({ scan }) => scan.alias === climb.alias) as Relation;
  return {
    relation,
    into: `_etl_reached_${n}`,
    columns: climb.on.map((_, column) => `v${column}`).join(', '),
    values: (row) => reachedBy(climb, { ...names, alias: () => row }, sqlite).join(', '),
  };
}

const images = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] } as const;

function open(db: Database, { relation, into, columns, values }: Note): void {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS ${into} (${columns}); DELETE FROM temp.${into}`);
  const differs = relation.scan.columns.map((_, n) => `OLD.c${n} IS NOT NEW.c${n}`).join(' OR ');
  for (const [event, rows] of Object.entries(images)) {
    const notes = rows.map((row) => `INSERT INTO ${into} VALUES (${values(row)});`).join(' ');
    const when = event === 'UPDATE' ? `WHEN ${differs} ` : '';
    db.exec(`CREATE TEMP TRIGGER ${into}_${event} AFTER ${event} ON main.${relation.table} ${when}BEGIN ${notes} END`);
  }
}

function close(db: Database, { into }: Note): void {
  for (const event of Object.keys(images)) db.exec(`DROP TRIGGER temp.${into}_${event}`);
}
