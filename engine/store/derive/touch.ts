import type { Plan } from '../../plan/plan.ts';
import { type Climb, climbQuery, climbsOf, reachedBy } from '../../sql/climb.ts';
import { sqlite } from '../../sql/dialect.ts';
import type { Names } from '../../sql/names.ts';
import type { Database } from '../database/database.ts';
import { ensureTemporary } from '../database/temporary.ts';
import { indexClimbs } from '../stage/lookups.ts';
import { namesInState } from '../state/names.ts';
import type { State } from '../state/state.ts';
import { columnsOf, type Relation } from '../state/stock.ts';
import { addTouched, emptyTouched } from './touched.ts';

/** Finds the roots whose metric rows may differ after a batch; `sql/climb.ts` says why these are all. */
export interface Touch {
  /** Fills `temp._etl_touched` with the numbers of the roots. Gives how many there are. */
  readonly finish: () => number;
}

/**
 * Begins to note what a batch changes, within the batch's transaction.
 *
 * Triggers note each root row that changes, and of every other row the values by which it is reached, before and after.
 * They look at the columns in use: a row of which something else was written notes nothing. The climb from the
 * values to the roots goes through the state as it is after the batch.
 */
export function openTouch(db: Database, plan: Plan, { id, relations }: Pick<State, 'id' | 'relations'>): Touch {
  const names = namesInState(plan, relations);
  const climbs = climbsOf(plan, names, sqlite);
  indexClimbs(db, plan, relations);
  const roots = `_etl_roots_${id}`;
  const reached = climbs.map((_, n) => `_etl_reached_${id}_${n}`);
  const notes = [
    rootNote(roots, relations),
    ...climbs.map((climb, n) => climbNote(reached[n] as string, climb, relations, names)),
  ];
  for (const note of notes) open(db, note);
  return {
    finish: () => {
      emptyTouched(db);
      addTouched(db, `SELECT rid FROM temp.${roots}`);
      for (const [n, climb] of climbs.entries()) {
        const roots = climbQuery(plan, climbs, climb, `SELECT * FROM temp.${reached[n]}`, names, sqlite);
        if (roots) addTouched(db, roots);
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

function rootNote(into: string, relations: readonly Relation[]): Note {
  const relation = relations[0] as Relation;
  return { relation, into, columns: 'rid', values: (row) => `${row}.rid` };
}

function climbNote(into: string, climb: Climb, relations: readonly Relation[], names: Names): Note {
  const relation = relations.find(({ scan }) => scan.alias === climb.alias) as Relation;
  return {
    relation,
    into,
    columns: climb.on.map((_, column) => `v${column}`).join(', '),
    values: (row) => reachedBy(climb, { ...names, alias: () => row }, sqlite).join(', '),
  };
}

const images = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] } as const;

/** Tables and triggers last as long as the connection: to make them again for each batch would cost more than the batch. */
function open(db: Database, { relation, into, columns, values }: Note): void {
  ensureTemporary(db, 'TABLE', into, `(${columns})`);
  db.exec(`DELETE FROM temp.${into}`);
  const used = columnsOf(relation).slice(0, relation.scan.used);
  const differs = used.map((column) => `OLD.${column} IS NOT NEW.${column}`);
  for (const [event, rows] of Object.entries(images)) {
    const notes = rows.map((row) => `INSERT INTO ${into} VALUES (${values(row)});`).join(' ');
    const when = event === 'UPDATE' ? `WHEN ${differs.join(' OR ') || 'FALSE'} ` : '';
    const body = `AFTER ${event} ON main.${relation.table} ${when}BEGIN ${notes} END`;
    ensureTemporary(db, 'TRIGGER', `${into}_${event}`, body);
  }
}
