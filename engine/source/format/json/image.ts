import type { Header, Image, Literal } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { type Interest, wantedIn } from '../../../interest.ts';
import { type Element, JsonError, readLiteral, wholeValue } from '../../../json.ts';
import type { JsonFormat } from '../../../mapping/format.ts';
import { placeIn, type Text } from '../text.ts';

/** More headers than any source has. Then remembering starts anew, so that no file can fill the memory with them. */
const MOST = 10_000;

/** Makes images of rows; those of equal columns share one header. */
export interface Images {
  /** The image of the row that is the last of these objects, each of which holds the next. */
  of(levels: readonly Text[]): Image;
  /** For a change of no row. */
  readonly empty: Header;
}

/** Where the value of a column stands. */
interface Part extends Element {
  readonly level: Text;
}

export function openImages(format: JsonFormat, table: string, interest: Interest): Images {
  const wanted = wantedIn(interest, null, table);
  const strings = new Set(format.jsonStrings);
  const headers = new Map<string, Header>();
  const headerOf = (names: readonly string[]): Header => {
    const key = JSON.stringify(names);
    const columns = names.map((name) => ({ name, type: strings.has(name) ? ('json' as const) : null }));
    const header = headers.get(key) ?? { schema: null, table, columns };
    if (headers.size >= MOST) headers.clear();
    headers.set(key, header);
    return header;
  };
  return {
    empty: headerOf([]),
    of(levels) {
      const parts = [...columnsIn(levels, format)].filter(([name]) => wanted?.has(name));
      return {
        header: headerOf(parts.map(([name]) => name)),
        values: parts.map(([name, part]) => (strings.has(name) ? jsonIn(name, part) : literalOf(part))),
      };
    },
  };
}

/** The members of the row, and those around it that have other names; not what leads to a row. */
function columnsIn(levels: readonly Text[], { row, before }: JsonFormat): ReadonlyMap<string, Part> {
  const columns = new Map<string, Part>();
  const last = levels.length - 1;
  for (const [depth, level] of levels.entries()) {
    for (const [name, { start, end }] of level.parts) {
      const leads = depth < last ? name === row[depth] || name === before?.[depth] : last === 0 && name === before?.[0];
      if (!leads) columns.set(name, { start, end, level });
    }
  }
  return columns;
}

function literalOf({ level, start, end }: Part): Literal {
  return readLiteral(level.text, start, end);
}

/** A string that holds JSON, which is decoded once. */
function jsonIn(column: string, part: Part): Literal {
  const literal = literalOf(part);
  if (typeof literal !== 'string') return literal;
  try {
    wholeValue(literal);
    return literal;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const facts = { column, expected: error.expected, at: error.at };
    fail('COLUMN_NOT_JSON', facts, { data: placeIn(part.level, part.start) });
  }
}
