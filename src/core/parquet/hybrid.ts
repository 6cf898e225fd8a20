type Numbers = Uint16Array | Uint8Array;

/** Bits that the numbers up to `most` need. */
export const bitWidth = (most: number): number => 32 - Math.clz32(most);

const GROUP = 8;

/** Parquet's hybrid of runs and packed bits: numbers of `width` bits, at most 16. */
export function hybridBytes(numbers: Numbers, width: number): Uint8Array {
  const count = numbers.length;
  const out = new BitWriter(Math.ceil((count * width) / 8) + 16 + (count >> 3));
  const shortest = shortestRun(width);
  for (let at = 0; at < count;) {
    const end = packedEnd(numbers, at, count, shortest);
    if (end > at) {
      out.varint((Math.ceil((end - at) / GROUP) << 1) | 1);
      out.packed(numbers, at, end, width);
      at = end;
      continue;
    }
    const run = runEnd(numbers, at, count);
    out.varint((run - at) << 1);
    out.whole(numbers[at] ?? 0, Math.ceil(width / 8));
    at = run;
  }
  return out.done();
}

/** How long a run must be to take no more room than its numbers packed: it costs its length, its number, and a new head behind it. */
const shortestRun = (width: number): number => Math.ceil((8 * (2 + Math.ceil(width / 8))) / width);

/** Where the numbers that no run is worth end: behind whole groups, or at the end of all. */
function packedEnd(numbers: Numbers, from: number, count: number, shortest: number): number {
  for (let at = from; at < count; at += GROUP)
    if (count - at >= shortest && runEnd(numbers, at, at + shortest) === at + shortest) return at;
  return count;
}

function runEnd(numbers: Numbers, from: number, count: number): number {
  const first = numbers[from];
  let at = from + 1;
  while (at < count && numbers[at] === first) at += 1;
  return at;
}

/** Growing bytes for numbers of any width, low bits first. */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  get length(): number {
    return this.#length;
  }

  /** Puts another byte where one was written. */
  set(at: number, byte: number): void {
    this.#bytes[at] = byte;
  }

  /** A whole number of up to 53 bits, seven bits a byte. */
  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  /** A whole number of so many bytes. */
  whole(value: number, sizeBytes: number): void {
    for (let at = 0; at < sizeBytes; at += 1) this.byte((value >> (8 * at)) & 255);
  }

  /** Numbers of up to 16 bits each, zeros behind them up to a group of eight. */
  packed(numbers: Numbers, from: number, to: number, width: number): void {
    this.#reserve(Math.ceil((to - from) / GROUP) * width);
    const bytes = this.#bytes;
    const end = this.#length + Math.ceil((to - from) / GROUP) * width;
    let length = this.#length;
    let [held, bits] = [0, 0];
    for (let at = from; at < to; at += 1) {
      held |= (numbers[at] ?? 0) << bits;
      bits += width;
      for (; bits >= 8; bits -= 8, held >>>= 8, length += 1) bytes[length] = held;
    }
    if (bits > 0) bytes[length] = held;
    bytes.fill(0, bits > 0 ? length + 1 : length, end);
    this.#length = end;
  }

  /** Numbers of up to 53 bits each, less `least`; their count a multiple of eight. */
  packedWide(numbers: Float64Array, from: number, to: number, width: number, least: number): void {
    this.#reserve(((to - from) * width) / 8 + 8);
    const bytes = this.#bytes;
    let length = this.#length;
    let [held, bits] = [0, 0];
    for (let at = from; at < to; at += 1) {
      let rest = (numbers[at] ?? 0) - least;
      // WHY sixteen bits at a time: bit operations know thirty-two, of which up to seven are held already.
      for (let left = width; left > 0; left -= 16) {
        const part = rest % 65_536;
        held |= part << bits;
        bits += Math.min(left, 16);
        rest = (rest - part) / 65_536;
        for (; bits >= 8; bits -= 8, held >>>= 8, length += 1) bytes[length] = held;
      }
    }
    this.#length = length;
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
