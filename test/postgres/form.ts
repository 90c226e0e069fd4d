/** The forms in which wal2json writes a log, and those in which tools keep it in a file. */
import { LOOSE } from './statement.ts';

export interface Form {
  readonly name: string;
  readonly version: 1 | 2;
  /** Options of the plugin. */
  readonly options: Readonly<Record<string, string>>;
  /** The schemas whose types are written without their schema's name. */
  readonly searchPath: 'public' | '';
  /** The text of a file that holds these rows of the slot. */
  readonly fileOf: (rows: readonly string[]) => string;
}

/** What a slot gives on top of the changes. */
const EXTRAS = {
  'include-lsn': 'true',
  'include-xids': 'true',
  'include-timestamp': 'true',
  'include-origin': 'true',
  'include-pk': 'true',
  'include-not-null': 'true',
  'include-default': 'true',
  'include-type-oids': 'true',
  'include-column-positions': 'true',
};

const { 'include-lsn': lsn, 'include-xids': xids, 'include-timestamp': timestamp } = EXTRAS;

/** As pg_recvlogical writes what it gets. */
const asLines: Form['fileOf'] = (rows) => rows.map((row) => `${row}\n`).join('');

const asArray: Form['fileOf'] = (rows) => `[${rows.join(',\n')}]\n`;

export const FORMS: readonly Form[] = [
  version1('lines'),
  { ...version1('one array'), fileOf: asArray },
  version1('with positions', { 'include-lsn': lsn, 'include-xids': xids, 'include-timestamp': timestamp }),
  version1('with all extras', EXTRAS),
  { ...version1('in chunks', { 'write-in-chunks': 'true' }), searchPath: '' },
  version1('pretty-printed', { 'pretty-print': 'true' }),
  version2('with transactions'),
  { ...version2('without transactions', { 'include-transaction': 'false' }), searchPath: '' },
  version2('with all extras', EXTRAS),
];

function version1(name: string, options: Form['options'] = {}): Form {
  const all = { 'format-version': '1', 'filter-msg-prefixes': LOOSE, ...options };
  return { name: `version 1, ${name}`, version: 1, options: all, searchPath: 'public', fileOf: asLines };
}

function version2(name: string, options: Form['options'] = {}): Form {
  const all = { 'format-version': '2', ...options };
  return { name: `version 2, ${name}`, version: 2, options: all, searchPath: 'public', fileOf: asLines };
}
