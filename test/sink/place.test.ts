import { describe, expect, test } from 'vitest';
import { targetPlaceOf } from '../../engine/pipeline/places.ts';
import { findingsOf, mappingOf } from '../support/engine.ts';
import { PASSWORD } from './target.ts';

const MAPPING = mappingOf(`metric: items
source: { format: wal2json, path: wal.json }
tables: { item: { key: id } }
from: item
columns: [item.id]
sink: { postgres: "\${TARGET}", key: id }
`);

describe('a place that lacks a slash or has one too many', () => {
  test.each(['postgres:', 'postgres:/', 'postgres:///', 'postgresql:////', 'postgres://1:2/'])(
    'is none, and hides its password: %s',
    async (start) => {
      const env = { TARGET: `${start}etl:${PASSWORD}@db.example.com/shop` };
      const found = await findingsOf(async () => targetPlaceOf(MAPPING, { env }));
      expect(found).toContain('error BAD_SINK_PLACE');
      expect(found).not.toContain(PASSWORD);
    },
  );

  test('is one where it has no host, and says nothing of anybody', () => {
    const env = { TARGET: 'postgres:///shop?host=/var/run/postgresql' };
    expect(targetPlaceOf(MAPPING, { env }).remote).toMatchObject({ shown: 'postgres:///shop' });
  });
});
