/**
 * Values one after another, in the bytes Parquet's plain encoding gives them; text without the length before it.
 * The bytes beyond `length` are room for the value that is being written.
 */
export class PackedValues {
  bytes: Uint8Array = new Uint8Array(64);
  length = 0;
  count = 0;
  #ends = new Int32Array(16);

  /** Makes room for `more` bytes, so that writers need not look. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Ends the value written last. */
  end(): void {
    if (this.count === this.#ends.length) {
      const grown = new Int32Array(2 * this.count);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#ends[this.count] = this.length;
    this.count += 1;
  }

  /** Adds a value whose bytes stand elsewhere. */
  add(bytes: Uint8Array, from: number, to: number): void {
    this.reserve(to - from);
    for (let at = from, into = this.length; at < to; at += 1, into += 1) this.bytes[into] = bytes[at] ?? 0;
    this.length += to - from;
    this.end();
  }

  /** Takes back what was written behind the first `count` values. */
  cutTo(count: number): void {
    this.count = count;
    this.length = this.startOf(count);
  }

  /** Where a value begins; of the one after the last, where it would. */
  startOf(value: number): number {
    return value === 0 ? 0 : (this.#ends[value - 1] ?? 0);
  }

  /** How many bytes each value takes. */
  lengths(): Float64Array {
    const lengths = new Float64Array(this.count);
    for (let value = 0, from = 0; value < this.count; value += 1) {
      const to = this.#ends[value] ?? 0;
      lengths[value] = to - from;
      from = to;
    }
    return lengths;
  }

  /** How many first bytes each value has in common with the value before it, and all of them have together. */
  sharedLengths(): { readonly shared: Float64Array; readonly savedBytes: number } {
    const shared = new Float64Array(this.count);
    const { bytes } = this;
    let savedBytes = 0;
    for (let value = 1, before = 0, from = this.startOf(1); value < this.count; value += 1) {
      const to = this.#ends[value] ?? 0;
      let at = from;
      for (const end = Math.min(to, 2 * from - before); at < end && bytes[at] === bytes[before]; at += 1) before += 1;
      shared[value] = at - from;
      savedBytes += at - from;
      before = from;
      from = to;
    }
    return { shared, savedBytes };
  }

  /** All bytes but those that values share with the value before them, which are `savedBytes` together. */
  withoutShared(shared: Float64Array, savedBytes: number): Uint8Array {
    const out = new Uint8Array(this.length - savedBytes);
    for (let value = 0, from = 0, into = 0; value < this.count; value += 1) {
      const to = this.#ends[value] ?? 0;
      for (let at = from + (shared[value] ?? 0); at < to; at += 1, into += 1) out[into] = this.bytes[at] ?? 0;
      from = to;
    }
    return out;
  }

  isSame(value: number, bytes: Uint8Array, from: number, to: number): boolean {
    let at = value === 0 ? 0 : (this.#ends[value - 1] ?? 0);
    if ((this.#ends[value] ?? 0) - at !== to - from) return false;
    const own = this.bytes;
    for (let other = from; other < to; other += 1, at += 1) if (own[at] !== bytes[other]) return false;
    return true;
  }
}
