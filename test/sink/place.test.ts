import { describe, expect, test } from 'vitest';
import { readFlags } from '../../engine/commands/flags.ts';
import { targetPlaceOf } from '../../engine/pipeline/places.ts';
import { findingsOf, mappingOf } from '../support/engine.ts';
import { PASSWORD } from './target.ts';

const mappingTo = (kind: string) =>
  mappingOf(`metric: items
source: { format: wal2json, path: wal.json }
tables: { item: { key: id } }
from: item
columns: [item.id]
sink: { ${kind}: "\${TARGET}", key: id }
${kind === 'sqlite' ? '' : `state: "\${STATE}"`}
`);

describe('a place that lacks a slash or has one too many', () => {
  test.each(['postgres:', 'postgres:/', 'postgres:///', 'postgresql:////', 'postgres://1:2/'])(
    'is none, and hides its password: %s',
    async (start) => {
      const env = { TARGET: `${start}etl:${PASSWORD}@db.example.com/shop`, STATE: 'items.db' };
      const found = await findingsOf(async () => targetPlaceOf(mappingTo('postgres'), { env }));
      expect(found).toContain('error BAD_SINK_PLACE');
      expect(found).not.toContain(PASSWORD);
    },
  );

  test('is one where it has no host, and says nothing of anybody', () => {
    const env = { TARGET: 'postgres:///shop?host=/var/run/postgresql', STATE: 'items.db' };
    expect(targetPlaceOf(mappingTo('postgres'), { env }).remote).toMatchObject({ shown: 'postgres:///shop' });
  });
});

test('a folder of chdb is a place as --output says it too', () => {
  const { output } = readFlags({ output: 'chdb:./warehouse' });
  const env = { TARGET: 'items.db' };
  expect(targetPlaceOf(mappingTo('sqlite'), { output, env }).remote).toMatchObject({
    kind: 'clickhouse',
    url: 'chdb:./warehouse',
  });
});

test('a URL of HTTP is told how --output takes it', async () => {
  const url = `https://etl:${PASSWORD}@ch.example.com:8443/shop`;
  const found = await findingsOf(async () => readFlags({ output: url }));
  expect(found).toContain('hint: a ClickHouse over HTTP: clickhouse:https://etl:');
  expect(found).not.toContain(PASSWORD);
  const { output } = readFlags({ output: `clickhouse:${url}` });
  expect(targetPlaceOf(mappingTo('sqlite'), { output, env: { TARGET: 'items.db' } }).remote?.url).toBe(url);
});

describe('a place without a name', () => {
  test.each([
    ['sqlite', ''],
    ['clickhouse', ''],
    ['clickhouse', 'chdb:'],
    ['postgres', ''],
  ])('is none, for what is written there would be gone: %s: "%s"', async (kind, place) => {
    const found = await findingsOf(async () =>
      targetPlaceOf(mappingTo(kind), { env: { TARGET: place, STATE: 'items.db' } }),
    );
    expect(found).toContain(`error BAD_SINK_PLACE: "${place}" is no place of ${kind}`);
    expect(found).toContain('hint: ');
  });

  test('is none of a state either', async () => {
    const env = { TARGET: 'chdb:./warehouse', STATE: '' };
    const found = await findingsOf(async () => targetPlaceOf(mappingTo('clickhouse'), { env }));
    expect(found).toContain('error BAD_SINK_PLACE: "" is no place of a state');
  });
});
