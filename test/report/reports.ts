/** Reports of all kinds of metrics, written into a folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { report } from '../../engine/commands/report.ts';
import { runMappings } from '../../engine/commands/run.ts';
import { asLines, insert } from '../log/log.ts';

/** Writes a report of a mapping, after so many runs over the inputs. Returns its file. */
export async function reportAfter(
  folder: string,
  mapping: string,
  inputs: readonly (readonly string[])[],
  name = 'report',
): Promise<string> {
  const output = join(folder, `${name}.db`);
  for (const input of inputs) {
    expect(await runMappings([mapping], { input, output }, {})).toMatchObject({ exit: 0 });
  }
  const to = join(folder, `${name}.html`);
  expect(await report(mapping, { input: inputs.at(-1) ?? [], output, to })).toMatchObject({ exit: 0 });
  return to;
}

/** What a page must show as text, and do nothing of. */
export const HOSTILE = [
  '</script><img src=x onerror="document.title=1">',
  '"><svg onload=alert(1)>',
  "' onfocus=alert(1) autofocus='",
  '<!-- --!> <style>*{display:none}</style>',
  '&lt;b&gt; &amp; &#0;',
  '\u202egnp.exe \u0007 \u009b',
  'https://example.com/?a=1&b=2 '.repeat(9),
  'x'.repeat(300),
  '',
  '   ',
  '\u{1f4b6} \u4ef7\u683c \u0627\u0644\u0633\u0639\u0631',
] as const;

/** A mapping and a log whose every name and value is hostile. */
export function hostile(folder: string): { readonly mapping: string; readonly input: string } {
  const [mapping, input] = [join(folder, 'hostile.yaml'), join(folder, 'hostile.json')];
  const table = '<img src=x onerror=alert(1)>';
  const wide = '\u4ef7\u683c\u4ef7\u683c\u4ef7\u683c\u4ef7\u683c\u4ef7\u683c\u4ef7\u683c\u4ef7\u683c';
  const long = 'AVeryLongNameWithoutAnyPlaceToBreakItAtWhichGoesOnAndOn';
  writeFileSync(
    mapping,
    `metric: hostile
description: ${JSON.stringify(HOSTILE[0])}
source: { format: wal2json, path: hostile.json }
tables:
  thing: { table: ${JSON.stringify(table)}, key: id }
  ${long}: { key: id }
  "${wide}": { table: wide, key: id }
from: thing
join:
  - thing.other = ${long}.id
  - left: thing.id = "${wide}".id
columns:
  - thing.id
  - { name: ${JSON.stringify(HOSTILE[1])}, expr: 'thing."${HOSTILE[3]}"' }
  - { name: ${JSON.stringify(HOSTILE[0])}, expr: "coalesce(thing.other, '${table}')" }
sink: { sqlite: hostile.db }
`,
  );
  // More groups that wait than a page shows at once.
  const all = [...HOSTILE, ...Array.from({ length: 12 }, (_, n) => `late ${n}`)];
  const rows = all.flatMap((value, n) => [
    insert(table, [
      ['id', 'integer', n],
      ['other', 'text', value],
      [HOSTILE[3], 'text', value],
    ]),
    ...(n % 2 === 0 ? [insert(long, [['id', 'text', value]])] : []),
  ]);
  writeFileSync(input, asLines(rows));
  return { mapping, input };
}
