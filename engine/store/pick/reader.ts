import { basename } from 'node:path';
import { type Header, type Image, type Literal, lsnText, type Position, type Type, type Value } from '../../change.ts';
import type { ColumnPath } from '../../expression/expression.ts';
import { extract, queryJsonPath } from '../../expression/operation/path.ts';
import { storedValue } from '../../expression/operation/value.ts';
import { pathText } from '../../expression/paths.ts';

/** Takes the value of one kept column out of a row's image. Throws an OperationError or a JsonError where it can't. */
export type Reader = (image: Image, at: Position) => Value;

/** Those of the columns of a header, by path and type. */
const known = new WeakMap<Header, Map<string, Reader>>();

/**
 * The reader of a path for all records of one header. `readAt` tells when the batch is read, as a timestamptz.
 *
 * Whoever reads a path of a header as the same type gets the same reader: of an image that several relations or metrics
 * read, one after the other, each value is taken once.
 */
export function readerOf(path: ColumnPath, type: Type | null, header: Header, readAt: () => string): Reader {
  if (path.kind === 'fact') return factReader(path.fact, readAt);
  const readers = known.get(header) ?? new Map<string, Reader>();
  known.set(header, readers);
  const key = `${type} ${pathText(path)}`;
  const reader = readers.get(key) ?? takenOnce(columnReader(path, type, header));
  readers.set(key, reader);
  return reader;
}

function takenOnce(read: Reader): Reader {
  let [last, value]: [Image | null, Value] = [null, null];
  return (image, at) => {
    if (image !== last) {
      value = read(image, at);
      last = image;
    }
    return value;
  };
}

function columnReader(path: Exclude<ColumnPath, { kind: 'fact' }>, type: Type | null, header: Header): Reader {
  const index = header.columns.findIndex((column) => column.name === path.column);
  if (index < 0) return () => null;
  const find = foundIn(path);
  if (find) return inJson(index, find);
  const told = header.columns[index]?.type ?? null;
  return (image) => storedValue(image.values[index] ?? null, type, told);
}

/** What a path leads to in the JSON of its column; null where it is the column itself. */
export function foundIn(path: Exclude<ColumnPath, { kind: 'fact' }>): ((json: string) => string | null) | null {
  if (path.kind === 'jsonpath') return (json) => queryJsonPath(json, path.query);
  return path.steps.length > 0 ? (json) => extract(json, path.steps) : null;
}

function factReader(fact: 'file' | 'position' | 'read_at', readAt: () => string): Reader {
  switch (fact) {
    case 'file':
      return (_, at) => basename(at.file);
    case 'position':
      return (_, at) => (at.lsn === null ? String(at.record) : lsnText(at.lsn));
    case 'read_at':
      return readAt;
  }
}

function inJson(index: number, find: (json: string) => string | null): Reader {
  return (image) => {
    const json = jsonOf(image.values[index] ?? null);
    return json === null ? null : find(json);
  };
}

/** A json column of the log is a string that holds JSON. Some tools write the JSON itself. */
function jsonOf(literal: Literal): string | null {
  if (literal === null || typeof literal === 'string') return literal;
  return typeof literal === 'boolean' ? String(literal) : literal.json;
}
