import type { ColumnRows, StoredType } from "../parquet/column-chunk.ts";
import { PackedValues } from "../parquet/packed-values.ts";

/** Checks the bytes of one trimmed, non-empty value and appends its stored form, or appends nothing that counts and answers why not. */
export type WriteValue = (bytes: Uint8Array, from: number, to: number, out: PackedValues) => string | undefined;

export type Cells = {
  readonly type: StoredType;
  readonly write: WriteValue;
  readonly required?: boolean;
  /** Whether the dictionary lists a value; without it, any is good. */
  readonly isListed?: (bytes: Uint8Array, from: number, to: number) => boolean;
};

export const MISSING: string = "is missing";
export const UNLISTED: string = "is not among the values the dictionary lists";

/** A value may need more bytes than it is spelt in: a number eight, a person's key sixteen. */
const SLACK_BYTES = 16;
const [FEWEST_SLOTS, FEWEST_PLACES] = [1 << 10, 1 << 8];
/** A slot has sixteen bits, and 0 is a blank. */
const MOST_NAMED = 65_535;
const MOST_NAMED_BYTES = 1 << 20;
/** From so many different values on, a dictionary is worth its while only if values repeat. */
const [NAMES_TRIED, MOST_NEW_SHARE] = [2048, 0.75];
/** Values up to this length are told apart by three words; the bytes of longer ones are compared. */
const WORD_BYTES = 12;
/** The length of longer values is compared with their bytes. */
const MOST_LENGTH = 0xffff;

/**
 * The cells of one column, row after row, up to the end of a row group.
 * A value that stands in the group's dictionary was checked when it came there; so each different value is checked once.
 * Once values do not repeat, they follow each other as they come, for the rest of the file.
 */
export class CellColumn {
  readonly #cells: Cells;
  readonly #required: boolean;
  /** Columns with a value that is new with the row at hand. */
  readonly #news: CellColumn[];
  readonly #dictionary = new PackedValues();
  readonly #listed = new PackedValues();
  readonly #spelt: PackedValues;
  #repeating = true;
  /** An open table of the values in the dictionary, four numbers each: place there, counted from 1, and length; then three words. */
  #table = new Int32Array(4 * FEWEST_PLACES);
  #unlisted = new Uint8Array(0);
  #slots = new Uint16Array(0);
  #newPlace = -1;
  #lastPlace = 0;

  constructor(cells: Cells, news: CellColumn[]) {
    this.#cells = cells;
    this.#required = cells.required ?? false;
    this.#news = news;
    this.#spelt = cells.type === "text" ? this.#dictionary : new PackedValues();
  }

  /**
   * Takes a value, or a blank where `from` is `to`, for a row; answers why it may not stand there.
   * `lenient`: whether a value that nobody lists may.
   */
  offer(row: number, bytes: Uint8Array, from: number, to: number, lenient: boolean): string | undefined {
    if (from === to) {
      if (row < this.#slots.length) this.#slots[row] = 0;
      return this.#required ? MISSING : undefined;
    }
    if (row >= this.#slots.length) this.#slots = grown(this.#slots, new Uint16Array(Math.max(FEWEST_SLOTS, 2 * row)));
    this.#slots[row] = 0;
    return this.#repeating ? this.#name(row, bytes, from, to, lenient) : this.#list(row, bytes, from, to, lenient);
  }

  #name(row: number, bytes: Uint8Array, from: number, to: number, lenient: boolean): string | undefined {
    const length = to - from;
    const first = wordAt(bytes, from, to);
    const second = length > 4 ? wordAt(bytes, from + 4, to) : 0;
    const third = length > 8 ? restAt(bytes, from + 8, to) : 0;
    const table = this.#table;
    // WHY the last place first: values mostly come again at once.
    for (let at = this.#lastPlace, next = -1; ; at = next) {
      const entry = table[at] ?? 0;
      if (entry === 0 && next >= 0) return this.#enter(row, { bytes, from, to, lenient }, { at, first, second, third });
      if (
        entry >>> 16 === (length < MOST_LENGTH ? length : MOST_LENGTH) &&
        table[at + 1] === first &&
        table[at + 2] === second &&
        table[at + 3] === third &&
        (length <= WORD_BYTES || this.#spelt.isSame((entry & 0xffff) - 1, bytes, from, to))
      ) {
        const slot = entry & 0xffff;
        if (!lenient && this.#unlisted.length > 0 && this.#unlisted[slot - 1] === 1) return UNLISTED;
        this.#slots[row] = slot;
        this.#lastPlace = at;
        return undefined;
      }
      next = next < 0 ? placeOf(first, second, third, table) : (at + 4) & (table.length - 1);
    }
  }

  /** Puts a value into the dictionary, where it stays if the row does. */
  #enter(row: number, { bytes, from, to, lenient }: Offered, { at, first, second, third }: Place): string | undefined {
    const wrong = this.#append(this.#dictionary, bytes, from, to, lenient);
    if (wrong !== undefined) return wrong;
    if (this.#spelt !== this.#dictionary) this.#spelt.add(bytes, from, to);
    if (lenient || this.#unlisted.length > 0) this.#markListed(bytes, from, to);
    const slot = this.#dictionary.count;
    this.#slots[row] = slot;
    this.#table[at] = slot | (Math.min(to - from, MOST_LENGTH) << 16);
    this.#table[at + 1] = first;
    this.#table[at + 2] = second;
    this.#table[at + 3] = third;
    this.#newPlace = at;
    this.#news.push(this);
    return undefined;
  }

  #append(out: PackedValues, bytes: Uint8Array, from: number, to: number, lenient: boolean): string | undefined {
    out.reserve(to - from + SLACK_BYTES);
    const { length } = out;
    const { write, isListed } = this.#cells;
    const wrong = write(bytes, from, to, out) ?? (isListed === undefined || lenient || isListed(bytes, from, to) ? undefined : UNLISTED);
    if (wrong === undefined) out.end();
    else out.length = length;
    return wrong;
  }

  /** WHY: a value let in leniently must not pass for listed in the next row, nor one that takes the place of a dropped one for unlisted. */
  #markListed(bytes: Uint8Array, from: number, to: number): void {
    const { isListed } = this.#cells;
    if (isListed === undefined) return;
    if (this.#unlisted.length === 0) this.#unlisted = new Uint8Array(MOST_NAMED + 1);
    this.#unlisted[this.#dictionary.count - 1] = isListed(bytes, from, to) ? 0 : 1;
  }

  #list(row: number, bytes: Uint8Array, from: number, to: number, lenient: boolean): string | undefined {
    const wrong = this.#append(this.#listed, bytes, from, to, lenient);
    if (wrong === undefined) this.#slots[row] = 1;
    return wrong;
  }

  /** After a new value of a row that is kept: makes room for the next, or gives the dictionary up. */
  settle(row: number): void {
    this.#newPlace = -1;
    const { count, length } = this.#dictionary;
    if (count >= MOST_NAMED || length > MOST_NAMED_BYTES) this.#unfold(row + 1);
    else if (8 * count < this.#table.length) return;
    else if (count >= NAMES_TRIED && count > MOST_NEW_SHARE * this.#valuesOf(row + 1)) this.#unfold(row + 1);
    else this.#widen();
  }

  #valuesOf(rows: number): number {
    let values = 0;
    for (let row = 0; row < rows; row += 1) if (this.#slots[row] !== 0) values += 1;
    return values;
  }

  /** WHY the rows so far too: the engine reads but one page of an encrypted column, and a page has one encoding. */
  #unfold(rows: number): void {
    this.#repeating = false;
    for (let row = 0; row < rows; row += 1) {
      const slot = this.#slots[row] ?? 0;
      if (slot === 0) continue;
      this.#slots[row] = 1;
      this.#listed.add(this.#dictionary.bytes, this.#dictionary.startOf(slot - 1), this.#dictionary.startOf(slot));
    }
  }

  #widen(): void {
    const [before, table] = [this.#table, new Int32Array(2 * this.#table.length)];
    for (let at = 0; at < before.length; at += 4) {
      if (before[at] === 0) continue;
      let to = placeOf(before[at + 1] ?? 0, before[at + 2] ?? 0, before[at + 3] ?? 0, table);
      while (table[to] !== 0) to = (to + 4) & (table.length - 1);
      table.set(before.subarray(at, at + 4), to);
    }
    this.#table = table;
    this.#lastPlace = 0;
  }

  /** Forgets what was offered for a row. INVARIANT: nothing of a row that is not kept is stored anywhere. */
  drop(row: number): void {
    if (this.#newPlace >= 0) {
      this.#table.fill(0, this.#newPlace, this.#newPlace + 4);
      this.#newPlace = -1;
      this.#dictionary.cutTo(this.#dictionary.count - 1);
      if (this.#spelt !== this.#dictionary) this.#spelt.cutTo(this.#dictionary.count);
    } else if (!this.#repeating && (this.#slots[row] ?? 0) !== 0) this.#listed.cutTo(this.#listed.count - 1);
    if (row < this.#slots.length) this.#slots[row] = 0;
  }

  /** Bytes of values held, besides two bytes a row. */
  get heldBytes(): number {
    return this.#dictionary.length + this.#listed.length;
  }

  /** The first rows. They are good until `clear`. */
  rows(count: number): ColumnRows {
    if (this.#slots.length < count) this.#slots = grown(this.#slots, new Uint16Array(count));
    const values = this.#repeating ? { dictionary: this.#dictionary } : { listed: this.#listed };
    return { type: this.#cells.type, slots: this.#slots, rows: count, ...values };
  }

  /** Begins the next row group. */
  clear(): void {
    this.#table.fill(0);
    this.#dictionary.cutTo(0);
    this.#spelt.cutTo(0);
    this.#listed.cutTo(0);
    this.#slots.fill(0);
  }
}

type Offered = { readonly bytes: Uint8Array; readonly from: number; readonly to: number; readonly lenient: boolean };
type Place = { readonly at: number; readonly first: number; readonly second: number; readonly third: number };

/** Where the search for a value begins. */
function placeOf(first: number, second: number, third: number, table: Int32Array): number {
  const mixed = Math.imul(Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) ^ third, 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 15)) << 2) & (table.length - 1);
}

/** Up to four bytes as one number. */
function wordAt(bytes: Uint8Array, from: number, to: number): number {
  let word = bytes[from] ?? 0;
  if (to - from > 1) word |= (bytes[from + 1] ?? 0) << 8;
  if (to - from > 2) word |= (bytes[from + 2] ?? 0) << 16;
  if (to - from > 3) word |= (bytes[from + 3] ?? 0) << 24;
  return word;
}

/** Up to four bytes as one number; of more, a hash. */
function restAt(bytes: Uint8Array, from: number, to: number): number {
  let word = wordAt(bytes, from, to);
  for (let at = from + 4; at < to; at += 1) word = Math.imul(word, 0x01000193) ^ (bytes[at] ?? 0);
  return word;
}

function grown<T extends Int32Array | Uint16Array | Uint8Array>(before: T, room: T): T {
  room.set(before);
  return room;
}
