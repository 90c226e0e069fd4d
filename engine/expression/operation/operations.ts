import { casts } from './cast.ts';
import { comparisons } from './compare.ts';
import { doubles } from './double.ts';
import { dynamics, fromNumeric } from './dynamic.ts';
import { exacts } from './exact.ts';
import { instantIn } from './instant.ts';
import { integers } from './integer.ts';
import { numerics, orderedNumeric } from './numeric.ts';
import { type Operation, operation, text } from './operation.ts';
import { trimBlanksAtEnd } from './space.ts';
import { surrogateKey } from './surrogate-key.ts';
import { texts } from './text.ts';
import { times } from './time.ts';
import { writeNumeric } from './value.ts';

/**
 * All operations of the language, by the names that `Typed` calls them by.
 *
 * Arithmetic, comparisons and functions end in the kind of value they take (`add_integer`, `less_time`), casts are
 * `<from>_to_<to>`. `key_*` give what is equal in any database exactly when PostgreSQL calls the values equal, and
 * `write_numeric` what a target holds.
 */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ...integers,
    ...numerics,
    ...doubles,
    ...exacts,
    ...texts,
    ...times,
    ...comparisons,
    ...casts,
    ...dynamics,
    surrogate_key: surrogateKey,
    key_character: operation([text], trimBlanksAtEnd),
    key_instant: operation([text], instantIn),
    key_number: operation([text], fromNumeric),
    order_numeric: operation([text], orderedNumeric),
    write_numeric: operation([text], writeNumeric),
  }),
);
