import { cast, instantOf, roundHalfEven, textOf } from './cast.ts';
import { type Datum, double, integer, numeric, OracleError, text } from './datum.ts';
import { ofInteger, roundTo } from './decimal.ts';
import { dateText, timestampText } from './time.ts';

type Present = NonNullable<Datum>;

/** Calls a function of the language that gives NULL for NULL: all but `coalesce` and `nullif`. */
export function call(name: string, args: readonly Datum[]): Datum {
  const apply = FUNCTIONS.get(name);
  if (!apply) throw new OracleError(`"${name}" is no function of the oracle`);
  const present = args.filter((each) => each !== null);
  return present.length < args.length ? null : apply(...present);
}

const FUNCTIONS: ReadonlyMap<string, (...args: Present[]) => Datum> = new Map<string, (...args: Present[]) => Datum>([
  ['abs', abs],
  ['round', round],
  // Collation C knows the letters of ASCII only.
  ['lower', (x) => text(written(x).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()))],
  ['upper', (x) => text(written(x).replace(/[a-z]+/g, (letters) => letters.toUpperCase()))],
  ['trim', (x) => text(written(x).replace(/^ +| +$/g, ''))],
  ['length', (x) => integer(BigInt([...written(x)].length))],
  ['replace', (x, from, to) => text(replace(written(x), written(from), written(to)))],
  ['substr', substr],
  ['date', (x) => cast(x, 'date')],
  ['year', (x) => field(x, (instant) => dateText(instant).slice(0, -6))],
  ['month', (x) => field(x, (instant) => dateText(instant).slice(-5, -3))],
  ['day', (x) => field(x, (instant) => dateText(instant).slice(-2))],
  ['hour', (x) => field(x, (instant) => timestampText(instant).split(' ')[1]?.slice(0, 2) ?? '')],
]);

function abs(x: Present): Datum {
  if (x.type === 'integer') return integer(x.value < 0n ? -x.value : x.value);
  if (x.type === 'double') return double(Math.abs(x.value));
  if (x.type !== 'numeric') throw new OracleError(`abs takes a number, not ${x.type}`);
  return numeric({ ...x.value, units: x.value.units < 0n ? -x.value.units : x.value.units });
}

/** A numeric rounds half away from zero, a double to the even neighbour; PostgreSQL rounds an integer as a double. */
function round(x: Present, places?: Present): Datum {
  if (places?.type === 'integer' && x.type !== 'double') return numeric(roundTo(decimalOf(x), Number(places.value)));
  if (x.type === 'numeric') return numeric(roundTo(x.value, 0));
  if (x.type === 'integer') return cast(x, 'double');
  if (x.type === 'double' && !places) return double(roundHalfEven(x.value));
  throw new OracleError(`round takes a number, not ${x.type}`);
}

function decimalOf(x: Present): ReturnType<typeof ofInteger> {
  if (x.type === 'integer') return ofInteger(x.value);
  if (x.type === 'numeric') return x.value;
  throw new OracleError(`round takes a number, not ${x.type}`);
}

/** Counts characters from 1; places before the first count, but hold nothing. */
function substr(x: Present, from: Present, count?: Present): Datum {
  if (from.type !== 'integer' || (count && count.type !== 'integer'))
    throw new OracleError('substr takes whole numbers');
  if (count && count.value < 0n) throw new OracleError('substr takes no negative length');
  const characters = [...written(x)];
  const start = Number(from.value) - 1;
  const end = count ? start + Number(count.value) : characters.length;
  return text(characters.slice(Math.max(start, 0), Math.max(end, 0)).join(''));
}

function replace(source: string, from: string, to: string): string {
  return from === '' ? source : source.split(from).join(to);
}

function field(x: Present, part: (instant: bigint) => string): Datum {
  const time = x.type === 'literal' ? cast(x, 'timestamp') : x;
  if (time === null || !['date', 'timestamp', 'timestamptz'].includes(time.type)) {
    throw new OracleError(`${x.type} has no calendar`);
  }
  return integer(BigInt(part(instantOf(textOf(time)))));
}

function written(x: Present): string {
  if (x.type !== 'text' && x.type !== 'character' && x.type !== 'literal')
    throw new OracleError(`${x.type} is no text`);
  return textOf(x);
}
