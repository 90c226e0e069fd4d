import { groupedPlan } from '../plan/group.ts';
import { quote, sqlite } from '../sql/dialect.ts';
import { groupsOf } from '../sql/group.ts';
import { type Derivation, derivation, rowsDerivation } from '../store/derive/derivation.ts';
import type { Roots } from '../store/derive/derive.ts';
import { groupsTable, rowsTable, type State } from '../store/state/state.ts';
import { addDelta, type Groups, groupsIn, replaceByDelta } from './delta.ts';
import { groupFoldings, namingFolding } from './folding.ts';
import type { Made } from './made.ts';
import { fill } from './rebuild.ts';
import type { Target } from './target.ts';
import { compare } from './update.ts';

/**
 * Brings the groups of a metric to what the relations say. What touched ones are stands in `temp._etl_touched_group`.
 *
 * What is computed of each row is kept, as a target of its own: the rows that go from it and come to it are taken from
 * the groups' counts and sums, and added to them. Aggregates that can't be taken on look at the rows of their group
 * again. Where all roots may have changed, all groups are made anew; each keeps its number, by which the metric's rows
 * are found.
 */
export function regroup(whole: Derivation, state: State, roots: Roots): Made {
  const { db } = whole;
  const plan = groupedPlan(whole.plan);
  const rows = rowsDerivation(db, plan.rows, whole.relations);
  const kept = { table: rowsTable(state.id), columns: rows.query.columns, key: [], compared: [], rowid: 'rid' };
  const columns = groupsOf(plan, rows.query, sqlite);
  const groups = groupsIn(groupsTable(state.id), kept.table, plan.outer.root, columns);
  const folded = { table: kept.table, foldings: groupFoldings(plan, columns), called: plan.outer.root.alias };
  namingFolding(whole, folded, () => {
    if (state.loaded && roots === 'touched') takeOn(rows, kept, groups);
    else load(rows, kept, groups);
  });
  return { derivation: derivation(db, plan.outer, [groups.relation]), roots: state.loaded ? roots : 'all', rows: kept };
}

function load(rows: Derivation, kept: Target, groups: Groups): void {
  const { db } = rows;
  db.exec(`DROP TABLE IF EXISTS ${kept.table}`);
  db.exec(
    `CREATE TABLE ${kept.table} (rid INTEGER PRIMARY KEY, ${kept.columns.map(({ name }) => quote(name)).join(', ')})`,
  );
  fill(rows, kept);
  replaceByDelta(db, groups);
}

function takeOn(rows: Derivation, kept: Target, groups: Groups): void {
  const differences = compare(rows, kept, 'touched');
  addDelta(rows.db, groups, () => differences.apply());
}
