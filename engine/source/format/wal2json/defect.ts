/**
 * What wal2json 2.5 writes that is no JSON. Both are recognised exactly and refused: what was meant is not guessed.
 *
 * - A type whose name starts and ends with a quote is written as it is: `"Weird"."Mood"` for the type Mood of the schema
 *   Weird, in `columntypes`, `keytypes` and `pktypes` of version 1 and as `type` in version 2. (`"Mood"` alone and `"char"`
 *   are written so too, and happen to be JSON.)
 * - A message outside of a transaction, where the transaction before it had several changes, is written by version 1 as
 *   `{"change":[,{"kind":"message","transactional":false,...}]}`.
 */
import { type DataPlace, fail } from '../../../diagnostic/diagnostic.ts';
import { hints } from '../../../diagnostic/messages.ts';
import { JsonError, type Skip, skipElements, skipMembers, skipValue } from '../../../json.ts';

/** Where types stand. */
const TYPES = new Set(['columntypes', 'keytypes', 'pktypes', 'type']);

/** How deep types stand: a record, its columns, a column, its type. */
const DEEPEST = 4;

/** What follows the first name of a type, to its end. */
const REST_OF_TYPE = /(?:\.?"[^"\\]*")+(?=[ \t\r\n]*[,\]}])/y;

/** Says that a text which is no JSON from `at` on has a bare type there, if that is so. */
export function failIfBareType(text: string, at: number, data: DataPlace): void {
  if (text[at - 1] !== '"' || !TYPES.has(memberAt(text))) return;
  REST_OF_TYPE.lastIndex = at;
  if (!REST_OF_TYPE.test(text)) return;
  const type = text.slice(text.lastIndexOf('"', at - 2), REST_OF_TYPE.lastIndex);
  fail('BARE_TYPE', { type }, { data, hint: hints.bareType });
}

/** Says that a comma stands before the first change, as it does before a message outside of a transaction. */
export function failCommaBeforeMessage(data: DataPlace): never {
  fail('COMMA_BEFORE_MESSAGE', undefined, { data, hint: hints.commaBeforeMessage });
}

/** The innermost member in whose value an object stops being JSON. Deeper than types stand it does not look. */
function memberAt(text: string): string {
  let inside = '';
  const enter =
    (depth: number): Skip =>
    (_, at, name) => {
      if (name !== '') inside = name;
      if (depth === DEEPEST) return skipValue(text, at);
      if (text[at] === '{') return skipMembers(text, at, enter(depth + 1));
      if (text[at] === '[') return skipElements(text, at, enter(depth + 1));
      return skipValue(text, at);
    };
  try {
    enter(0)(text, 0, '');
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
  }
  return inside;
}
