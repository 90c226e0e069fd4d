import type { Before, Change, Header, Image, Literal, Position } from '../../change.ts';
import type { Item } from '../format/decoder.ts';
import { BARE_UPDATE, COMMIT, INSERT, JSON_TEXT, NULL, OTHER, type Packed, TRUE, UPDATE, WIDE } from './packed.ts';

/**
 * Unpacks the items of one file: all that was packed of it, in the same order. A text of theirs may hold all texts of its
 * stretch in memory.
 */
export class Unpacker {
  readonly #file: string;
  readonly #headers: Header[] = [];
  #numbers = new Float64Array(0);
  #next = 0;
  #narrow = new Cut('');
  #wide = new Cut('');
  #lsns: Packed['lsns'] = [];
  #others: Packed['others'] = [];

  constructor(file: string) {
    this.#file = file;
  }

  unpack({ numbers, narrow, wide, headers, isAnew, lsns, others }: Packed): readonly Item[] {
    if (isAnew) this.#headers.length = 0;
    this.#headers.push(...headers);
    [this.#numbers, this.#next] = [numbers, 0];
    [this.#narrow, this.#wide] = [new Cut(narrow), new Cut(wide)];
    [this.#lsns, this.#others] = [lsns, others];
    const items: Item[] = [];
    while (this.#next < numbers.length) items.push(this.#item());
    return items;
  }

  #item(): Item {
    const kind = this.#number();
    switch (kind) {
      case COMMIT: {
        const [from, offset, records] = [this.#number(), this.#number(), this.#number()];
        return { op: 'commit', from, offset, records, lsn: this.#lsn() };
      }
      case OTHER:
        return this.#others[this.#number()] as Item;
      default:
        return this.#change(kind);
    }
  }

  #change(kind: number): Change {
    const at: Position = { file: this.#file, record: this.#number(), offset: this.#number(), lsn: this.#lsn() };
    switch (kind) {
      case INSERT:
        return { op: 'insert', after: this.#image(), at };
      case BARE_UPDATE:
        return { op: 'update', before: null, after: this.#image(), at };
      case UPDATE:
        return { op: 'update', before: this.#before(), after: this.#image(), at };
      default:
        return { op: 'delete', before: this.#before(), at };
    }
  }

  #before(): Before {
    const missing = this.#number() === 1 ? 'null' : 'unknown';
    return { ...this.#image(), missing };
  }

  #image(): Image {
    const header = this.#headers[this.#number()] as Header;
    // Made as long as it will be: an array that grows takes the memory of a longer one.
    const values = new Array<Literal>(this.#number());
    for (let n = 0; n < values.length; n++) values[n] = this.#value();
    return { header, values };
  }

  #value(): Literal {
    const code = this.#number();
    if (code >= 0 || code === WIDE) return this.#text(code);
    if (code === NULL) return null;
    return code === JSON_TEXT ? { json: this.#text(this.#number()) } : code === TRUE;
  }

  #text(code: number): string {
    return code === WIDE ? this.#wide.next(this.#number()) : this.#narrow.next(code);
  }

  #lsn(): bigint | null {
    return this.#lsns[this.#number()] as bigint | null;
  }

  #number(): number {
    return this.#numbers[this.#next++] as number;
  }
}

/** Texts that stand one behind the other. */
class Cut {
  readonly #all: string;
  #at = 0;

  constructor(all: string) {
    this.#all = all;
  }

  next(end: number): string {
    const text = this.#all.substring(this.#at, end);
    this.#at = end;
    return text;
  }
}
