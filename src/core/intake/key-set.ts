const [WORDS, KEY_BYTES, FEWEST_KEYS] = [4, 16, 1 << 10];
/** Thirty-two bytes each, and half as much again while the table grows. */
const MOST_KEYS = 1 << 22;

/** Different keys of sixteen bytes, told apart exactly; of too many only that they are. */
export class KeySet {
  /** An open table, half empty at least. A key of zeros alone is kept apart, as it looks like no key. */
  #table = new Int32Array(2 * WORDS * FEWEST_KEYS);
  #zeros = 0;
  #keys = 0;
  readonly #most: number;

  constructor(most: number = MOST_KEYS) {
    this.#most = most;
  }

  /** How many there are; undefined where there were too many to tell. */
  get size(): number | undefined {
    return this.#keys > this.#most ? undefined : this.#keys + this.#zeros;
  }

  /** Adds keys that stand one after another. */
  addAll(bytes: Uint8Array, count: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let key = 0; key < count && this.#keys <= this.#most; key += 1) {
      const at = key * KEY_BYTES;
      this.#add(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12));
    }
  }

  #add(a: number, b: number, c: number, d: number): void {
    if ((a | b | c | d) === 0) {
      this.#zeros = 1;
      return;
    }
    const table = this.#table;
    const at = placeIn(table, a, b, c, d);
    if ((table[at] ?? 0) | (table[at + 1] ?? 0) | (table[at + 2] ?? 0) | (table[at + 3] ?? 0)) return;
    table[at] = a;
    table[at + 1] = b;
    table[at + 2] = c;
    table[at + 3] = d;
    this.#keys += 1;
    if (this.#keys > this.#most) this.#table = new Int32Array(0);
    else if (2 * WORDS * this.#keys >= table.length) this.#widen();
  }

  #widen(): void {
    const [before, table] = [this.#table, new Int32Array(2 * this.#table.length)];
    for (let at = 0; at < before.length; at += WORDS) {
      const [a = 0, b = 0, c = 0, d = 0] = before.subarray(at, at + WORDS);
      if ((a | b | c | d) !== 0) table.set([a, b, c, d], placeIn(table, a, b, c, d));
    }
    this.#table = table;
  }
}

/** Where a key stands, or would. WHY its first word as hash: keys are as good as random. */
function placeIn(table: Int32Array, a: number, b: number, c: number, d: number): number {
  let at = (a * WORDS) & (table.length - 1);
  for (;;) {
    const [one, two, three, four] = [table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0, table[at + 3] ?? 0];
    if ((one | two | three | four) === 0 || (one === a && two === b && three === c && four === d)) return at;
    at = (at + WORDS) & (table.length - 1);
  }
}
