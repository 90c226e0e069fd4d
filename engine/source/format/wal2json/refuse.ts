import { type DataPlace, fail } from '../../../diagnostic/diagnostic.ts';
import { type Input, placeOf } from '../input.ts';
import { kindOfValue } from '../refuse.ts';

/** Says that the next value is no object, which records and changes are. */
export function failNoObject(input: Input, expected: string): never {
  failNotWal2json(kindOfValue(input), expected, placeOf(input));
}

export function failNotWal2json(found: string, expected: string, data: DataPlace): never {
  fail('NOT_WAL2JSON', { found, expected }, { data });
}
