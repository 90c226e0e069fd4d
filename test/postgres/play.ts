/** Plays a workload on a real PostgreSQL and keeps what it says: its log in all forms, and its own answers. */
import { canonical, type OracleType, ofLog } from '../oracle/datum.ts';
import type { OracleRow } from '../oracle/evaluate.ts';
import type { Postgres } from '../servers/postgres.ts';
import { FORMS, type Form } from './form.ts';
import { SCHEMA } from './schema.ts';
import { queryOf, VIEWS, type View } from './view.ts';
import type { Workload } from './workload.ts';

/** Where PostgreSQL was asked. */
export interface Checkpoint {
  /** What each form's log has got since the checkpoint before. */
  readonly rows: ReadonlyMap<Form, readonly string[]>;
  readonly truth: ReadonlyMap<View, readonly OracleRow[]>;
}

const SLOT = 'judge';
const PART = '--part--';

/** Leaves no slot behind. */
export async function play(postgres: Postgres, workload: Workload): Promise<Checkpoint[]> {
  const forms = formsOf(workload);
  await postgres.query(
    `SET client_min_messages = error;\n${SCHEMA}\n\\o /dev/null\nSELECT pg_create_logical_replication_slot('${SLOT}', 'wal2json');\n\\o`,
  );
  try {
    const checkpoints: Checkpoint[] = [];
    for (const part of workload.parts) checkpoints.push(checkpointOf(forms, await postgres.query(script(forms, part))));
    return checkpoints;
  } finally {
    await postgres.query(`\\o /dev/null\nROLLBACK;\nSELECT pg_drop_replication_slot('${SLOT}');\n\\o`);
  }
}

/** Version 1 knows no truncate: a log with one is not the whole truth in it. */
export function formsOf({ truncates }: Workload): readonly Form[] {
  return FORMS.filter(({ version }) => version === 2 || !truncates);
}

/** One slot serves all forms, for to peek moves nothing; the last one takes what was read. */
function script(forms: readonly Form[], part: string): string {
  const logs = forms.map((form, place) => {
    const read = place < forms.length - 1 ? 'peek' : 'get';
    const options = Object.entries(form.options).flatMap((option) => option.map((word) => `'${word}'`));
    return [
      `SET search_path = '${form.searchPath}';`,
      `SELECT data FROM pg_logical_slot_${read}_changes('${SLOT}', NULL, NULL, ${options.join(', ')});`,
    ].join('\n');
  });
  const answers = VIEWS.map((view) => `${queryOf(view)};`);
  return [`\\o /dev/null\n${part}\n\\o`, ...logs, "SET search_path = 'public';", ...answers].join(`\n\\echo ${PART}\n`);
}

function checkpointOf(forms: readonly Form[], printed: readonly string[]): Checkpoint {
  const parts: string[][] = [[]];
  for (const line of printed) {
    if (line === PART) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  const [, ...logs] = parts.splice(0, forms.length + 2);
  return {
    rows: new Map(forms.map((form, place) => [form, logs[place] ?? []])),
    truth: new Map(VIEWS.map((view, place) => [view, (parts[place] ?? []).map((row) => answer(row, view.types))])),
  };
}

function answer(row: string, types: readonly OracleType[]): OracleRow {
  const values = JSON.parse(row) as readonly (string | null)[];
  return values.map((value, place) => {
    return value === null ? null : canonical(ofLog({ kind: 'string', value, raw: '' }, types[place] ?? 'text'));
  });
}
