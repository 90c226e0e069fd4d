/** What stands around the rows of documents: where the row is, the row before the change, and what was done to it. */
import type { Image } from '../change.ts';
import type { JsonFormat, Meaning, OperationFormat, Steps } from '../mapping/format.ts';

/** Names that rows and operations have in the envelopes there are. */
const ROW = ['after', 'data', 'row', 'record', 'new'];
const BEFORE = ['before', 'old', 'previous'];
const OPERATION = ['op', 'operation', 'event', 'action', 'type', 'kind'];

/** Words for what is done to a row; those of a line are used together. */
const WORDS: readonly (readonly (readonly [string, Meaning])[])[] = [
  wordsOf('c r', 'u', 'd', 't'),
  wordsOf('I', 'U', 'D', 'T'),
  wordsOf('i', 'u', 'd', 't'),
  wordsOf('create read', 'update', 'delete', 'truncate'),
  wordsOf('created', 'updated', 'deleted', 'truncated'),
  wordsOf('insert', 'update', 'delete', 'truncate'),
  wordsOf('inserted', 'updated', 'deleted', 'truncated'),
  wordsOf('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'),
  wordsOf('added', 'changed', 'removed', 'cleared'),
];

function wordsOf(insert: string, update: string, remove: string, truncate: string): (readonly [string, Meaning])[] {
  const inserts = insert.split(' ').map((word) => [word, 'insert'] as const);
  return [...inserts, [update, 'update'], [remove, 'delete'], [truncate, 'truncate']];
}

type Envelope = Pick<JsonFormat, 'row' | 'before' | 'operation'>;
type Document = Readonly<Record<string, unknown>>;

/** The envelope of some documents, at their top or in their member "payload"; none where they are rows themselves. */
export function envelopeOf(images: readonly Image[]): Envelope {
  const documents = images.map(documentOf);
  return envelopeIn(documents, []) ?? envelopeIn(documents.map(payloadOf), ['payload']) ?? BARE;
}

const BARE: Envelope = { row: [], before: null, operation: null };

/** An operation alone is a column as any other: only with a row of its own it is said of that. */
function envelopeIn(documents: readonly Document[], around: Steps): Envelope | null {
  const row = ROW.find((name) => areRows(documents, name));
  const field = OPERATION.find((name) => operationOf(documents, around, name) !== null);
  if (row === undefined || field === undefined) return null;
  const before = BEFORE.find((name) => areRows(documents, name));
  const operation = operationOf(documents, around, field);
  return { row: [...around, row], before: before === undefined ? null : [...around, before], operation };
}

/** Whether all that is said under a name are objects, and some are. */
function areRows(documents: readonly Document[], name: string): boolean {
  const said = documents.map((document) => document[name] ?? null).filter((value) => value !== null);
  return said.length > 0 && said.every((value) => typeof value === 'object' && !Array.isArray(value));
}

function operationOf(documents: readonly Document[], around: Steps, name: string): OperationFormat | null {
  const said = new Set(documents.map((document) => document[name]));
  const meanings = WORDS.find((words) => [...said].every((value) => words.some(([word]) => word === value)));
  return documents.length > 0 && meanings ? { field: [...around, name], meanings } : null;
}

function documentOf({ header, values }: Image): Document {
  return Object.fromEntries(
    header.columns.map(({ name }, n) => {
      const literal = values[n] ?? null;
      return [name, typeof literal === 'object' && literal !== null ? JSON.parse(literal.json) : literal];
    }),
  );
}

function payloadOf({ payload }: Document): Document {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? (payload as Document) : {};
}
