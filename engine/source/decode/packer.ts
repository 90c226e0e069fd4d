import type { Change, Header, Image, Literal } from '../../change.ts';
import type { Item } from '../format/decoder.ts';
import {
  BARE_UPDATE,
  COMMIT,
  DELETE,
  FALSE,
  INSERT,
  JSON_TEXT,
  NULL,
  OTHER,
  type Packed,
  TRUE,
  UPDATE,
  WIDE,
} from './packed.ts';

/** Headers that are remembered. */
const MOST = 10_000;

/** Numbers for which there is room at first, and for which it is kept. */
const [FEW, MUCH] = [1 << 14, 1 << 18];

/** V8 holds text with one byte a character or two; of the former this is known without a look at it. */
const BEYOND_LATIN1 = /[^\0-\xff]/;

/** Packs the items of one file, stretch by stretch. */
export class Packer {
  readonly #known = new Map<Header, number>();
  #numbers = new Float64Array(FEW);
  #length = 0;
  #narrow = new Joined();
  #wide = new Joined();
  #headers: Header[] = [];
  #lsns: (bigint | null)[] = [];

  pack(items: readonly Item[]): Packed {
    const others: Item[] = [];
    const isAnew = this.#known.size === 0 || this.#known.size > MOST;
    if (isAnew) this.#known.clear();
    for (const item of items) {
      if (item.op === 'commit') this.#put(COMMIT, item.from, item.offset, item.records, this.#lsn(item.lsn));
      else if (item.op === 'bad' || item.op === 'truncate') this.#put(OTHER, others.push(item) - 1);
      else this.#change(item);
    }
    const packed = {
      numbers: this.#numbers.slice(0, this.#length),
      narrow: this.#narrow.take(),
      wide: this.#wide.take(),
      headers: this.#headers,
      isAnew,
      lsns: this.#lsns,
      others,
    };
    [this.#length, this.#headers, this.#lsns] = [0, [], []];
    if (this.#numbers.length > MUCH) this.#numbers = new Float64Array(FEW);
    return packed;
  }

  #change(change: Exclude<Change, { op: 'truncate' }>): void {
    const { record, offset, lsn } = change.at;
    const [before, after] = [
      change.op === 'insert' ? null : change.before,
      change.op === 'delete' ? null : change.after,
    ];
    this.#put(change.op === 'insert' ? INSERT : after === null ? DELETE : before === null ? BARE_UPDATE : UPDATE);
    this.#put(record, offset, this.#lsn(lsn));
    if (before !== null) this.#put(before.missing === 'null' ? 1 : 0);
    if (before !== null) this.#image(before);
    if (after !== null) this.#image(after);
  }

  #image({ header, values }: Image): void {
    this.#put(this.#header(header), values.length);
    for (const value of values) this.#value(value);
  }

  #value(value: Literal): void {
    if (typeof value === 'string') this.#text(value);
    else if (value === null) this.#put(NULL);
    else if (typeof value === 'boolean') this.#put(value ? TRUE : FALSE);
    else {
      this.#put(JSON_TEXT);
      this.#text(value.json);
    }
  }

  #text(text: string): void {
    if (BEYOND_LATIN1.test(text)) this.#put(WIDE, this.#wide.add(text));
    else this.#put(this.#narrow.add(text));
  }

  #header(header: Header): number {
    const known = this.#known.get(header) ?? this.#known.size;
    if (known === this.#known.size) this.#headers.push(header);
    this.#known.set(header, known);
    return known;
  }

  #lsn(lsn: bigint | null): number {
    if (this.#lsns.length === 0 || this.#lsns.at(-1) !== lsn) this.#lsns.push(lsn);
    return this.#lsns.length - 1;
  }

  #put(...numbers: readonly number[]): void {
    if (this.#length + numbers.length > this.#numbers.length) {
      const longer = new Float64Array(2 * this.#numbers.length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    for (const number of numbers) this.#numbers[this.#length++] = number;
  }
}

/** Texts, one behind the other. */
class Joined {
  #all: string[] = [];
  #length = 0;

  /** Says where it ends. */
  add(text: string): number {
    this.#all.push(text);
    this.#length += text.length;
    return this.#length;
  }

  take(): string {
    const text = this.#all.join('');
    [this.#all, this.#length] = [[], 0];
    return text;
  }
}
