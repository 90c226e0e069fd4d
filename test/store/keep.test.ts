import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainRow } from '../../engine/commands/why.ts';
import { run } from '../../engine/pipeline/run.ts';
import { compile } from '../../engine/plan/compile.ts';
import { openDatabase } from '../../engine/store/database/database.ts';
import { openTouch } from '../../engine/store/derive/touch.ts';
import { findState } from '../../engine/store/state/state.ts';
import { asLines, insert, type LoggedRow, update } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = (keep: string) => `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { key: id${keep} }
from: thing
columns:
  - thing.id
sink: { sqlite: metrics.db }
`;

const thing = (id: number, details: string, note: string): LoggedRow => [
  ['id', 'integer', id],
  ['details', 'jsonb', details],
  ['note', 'text', note],
];

test('columns and paths under keep stay in the state, an update that leaves one out keeps it, and the metric is without them', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const changes = [
      insert('thing', thing(1, '{"a":{"b":7}}', 'x')),
      update('thing', null, thing(1, '{"a":1}', 'y').slice(0, 2)),
    ];
    writeFileSync(log, asLines(changes));
    await run(mappingOf(mapping(', keep: [note, thing.details.a, id]')), { inputs: new Map([['', log]]), output });
    expect(rowsOf(output, '_etl_relation_1').map((row) => row.slice(3))).toEqual([[1n, 'x', '1']]);
    expect(rowsOf(output, 'things')).toEqual([[1n]]);
  });
});

test('a change of what is only kept touches no root', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const keeping = mappingOf(mapping(', keep: [note]'));
    writeFileSync(log, asLines([insert('thing', thing(1, '{}', 'x'))]));
    await run(keeping, { inputs: new Map([['', log]]), output });
    const [db, plan] = [openDatabase(output), compile(keeping)];
    const touched = (column: string) => {
      const touch = openTouch(db, plan, findState(db, plan) ?? { id: 0n, relations: [] });
      db.exec(`UPDATE _etl_relation_1 SET ${column} = 2`);
      return touch.finish();
    };
    expect([touched('c1'), touched('c0')]).toEqual([0, 1]);
    db.close();
  });
});

test('why shows what is kept', async () => {
  await inScratch(async (folder) => {
    const [log, output, file] = [join(folder, 'log.json'), join(folder, 'metrics.db'), join(folder, 'things.yaml')];
    writeFileSync(log, asLines([insert('thing', thing(1, '{}', 'x'))]));
    writeFileSync(file, mapping(', keep: [note]'));
    await run(mappingOf(mapping(', keep: [note]'), file), { inputs: new Map([['', log]]), output });
    expect((await explainRow(file, ['id=1'], { output }, {})).text).toContain('note="x"');
  });
});
