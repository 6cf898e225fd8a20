/**
 * Reduced, ordered, multi-valued decision diagrams over a few levels, every distinct node stored once.
 * A value is a rank on one scale, so that all of the algebra is the larger and the smaller of two ranks:
 * 0 to 61 a mask level (0 clear), then no authority, then barred. A truth is 0 for false and BARRED for true.
 */
export const NO_AUTHORITY = 62;
export const BARRED = 63;
export const FALSE: number = 0;
/** INVARIANT: the highest rank, as BARRED is; the algebra of truths is then that of ranks. */
export const TRUE: number = 63;

/** Ids below it are values; `change` needs one for each pair of ranks. */
const RANKS = BARRED + 1;
const FIRST_NODE = RANKS * RANKS;
/** Numbers a remembered result takes: operation, operands, result. A result that is forgotten costs time only. */
const ENTRY = 4;
const MOST_ENTRIES = 1 << 20;
/** Room for children per node of the budget: nodes differ in width by two orders of magnitude. */
const CHILDREN_PER_NODE = 16;

type Operation = 1 | 2 | 3 | 4;
const [LARGER, SMALLER, CHANGE, NOT] = [1, 2, 3, 4] as const;

/** A rank before and another after, as one value; 0 where nothing changes. */
export const changeOf = (before: number, after: number): number => (before === after ? 0 : before * RANKS + after);
export const ranksOf = (change: number): { readonly before: number; readonly after: number } => ({
  before: Math.floor(change / RANKS),
  after: change % RANKS,
});

export class NodeTable {
  /** How many children a node of each level has. */
  readonly widths: readonly number[];
  /** INVARIANT: once true, results are worthless; whoever asked must look before using any. */
  spent = false;
  private readonly mostNodes: number;
  private count = 0;
  private levels = new Int32Array(1024);
  private starts = new Int32Array(1024);
  private hashes = new Int32Array(1024);
  private children = new Int32Array(8192);
  private used = 0;
  private slots = new Int32Array(4096);
  private cache = new Int32Array(this.slots.length * ENTRY);
  private readonly scratch: readonly Int32Array[];

  constructor(widths: readonly number[], mostNodes: number) {
    this.widths = widths;
    this.mostNodes = mostNodes;
    this.scratch = widths.map((width) => new Int32Array(width));
  }

  get nodeCount(): number {
    return this.count;
  }

  isValue(id: number): boolean {
    return id < FIRST_NODE;
  }

  /** The level a node asks about; of a value, the level below all. */
  level(id: number): number {
    return id < FIRST_NODE ? this.widths.length : (this.levels[id - FIRST_NODE] ?? 0);
  }

  child(id: number, at: number): number {
    return this.children[(this.starts[id - FIRST_NODE] ?? 0) + at] ?? 0;
  }

  /** The one node of a level with these children; the child itself where all are the same. */
  node(level: number, children: ArrayLike<number>): number {
    const width = this.widths[level] ?? 0;
    const first = children[0] ?? 0;
    let same = true;
    let hash = level;
    for (let at = 0; at < width; at += 1) {
      const child = children[at] ?? 0;
      same &&= child === first;
      hash = Math.imul(hash ^ child, 0x01000193) + 0x9e37;
    }
    return same ? first : this.find(level, children, width, hash ^ (hash >>> 15));
  }

  larger(a: number, b: number): number {
    return this.apply(LARGER, a, b);
  }

  smaller(a: number, b: number): number {
    return this.apply(SMALLER, a, b);
  }

  /** What becomes of each point's rank; `changeOf` tells what a value means. */
  change(before: number, after: number): number {
    return this.apply(CHANGE, before, after);
  }

  /** The contrary of a truth. */
  not(truth: number): number {
    return this.apply(NOT, truth, FALSE);
  }

  private apply(operation: Operation, left: number, right: number): number {
    const swap = operation <= SMALLER && left > right;
    const a = swap ? right : left;
    const b = swap ? left : right;
    const known = settled(operation, a, b);
    if (known >= 0 || this.spent) return Math.max(known, 0);
    const slot = (((Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ (operation << 7)) >>> 7) % (this.cache.length / ENTRY)) * ENTRY;
    const { cache } = this;
    if (cache[slot] === operation && cache[slot + 1] === a && cache[slot + 2] === b) return cache[slot + 3] ?? 0;
    const result = this.descend(operation, a, b);
    cache[slot] = operation;
    cache[slot + 1] = a;
    cache[slot + 2] = b;
    cache[slot + 3] = result;
    return result;
  }

  private descend(operation: Operation, a: number, b: number): number {
    const levelA = this.level(a);
    const levelB = this.level(b);
    const level = Math.min(levelA, levelB);
    // WHY one array a level: what is below a level never comes back to it.
    const children = this.scratch[level] ?? new Int32Array(0);
    for (let at = 0; at < children.length; at += 1) {
      children[at] = this.apply(operation, levelA === level ? this.child(a, at) : a, levelB === level ? this.child(b, at) : b);
    }
    return this.node(level, children);
  }

  private find(level: number, children: ArrayLike<number>, width: number, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = (this.slots[slot] ?? 0) - 1;
      if (index < 0) return this.add(level, children, width, hash, slot);
      if (this.hashes[index] === hash && this.levels[index] === level && this.sameChildren(index, children, width))
        return FIRST_NODE + index;
    }
  }

  private sameChildren(index: number, children: ArrayLike<number>, width: number): boolean {
    const start = this.starts[index] ?? 0;
    for (let at = 0; at < width; at += 1) if (this.children[start + at] !== children[at]) return false;
    return true;
  }

  private add(level: number, children: ArrayLike<number>, width: number, hash: number, slot: number): number {
    if (this.count >= this.mostNodes || this.used + width > this.mostNodes * CHILDREN_PER_NODE) {
      this.spent = true;
      return FALSE;
    }
    const index = this.count;
    this.count += 1;
    this.reserve(width);
    this.levels[index] = level;
    this.starts[index] = this.used;
    this.hashes[index] = hash;
    for (let at = 0; at < width; at += 1) this.children[this.used + at] = children[at] ?? 0;
    this.used += width;
    this.slots[slot] = index + 1;
    if (this.count * 2 > this.slots.length) this.rehash();
    return FIRST_NODE + index;
  }

  private reserve(width: number): void {
    if (this.count > this.levels.length) {
      this.levels = grown(this.levels, this.levels.length * 2);
      this.starts = grown(this.starts, this.starts.length * 2);
      this.hashes = grown(this.hashes, this.hashes.length * 2);
    }
    if (this.used + width > this.children.length) this.children = grown(this.children, this.children.length * 2 + width);
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.count; index += 1) {
      let slot = (this.hashes[index] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.slots = slots;
    if (this.cache.length < MOST_ENTRIES * ENTRY) this.cache = new Int32Array(slots.length * ENTRY);
  }
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

/** The result where no descent is needed, or -1. */
function settled(operation: Operation, a: number, b: number): number {
  const values = a < FIRST_NODE && b < FIRST_NODE;
  switch (operation) {
    case LARGER:
      return a === b || a === FALSE ? b : a === BARRED || b === BARRED ? BARRED : values ? Math.max(a, b) : -1;
    case SMALLER:
      return a === b || a === FALSE ? a : a === BARRED ? b : b === BARRED ? a : values ? Math.min(a, b) : -1;
    case CHANGE:
      return a === b ? 0 : values ? changeOf(a, b) : -1;
    case NOT:
      return values ? (a === FALSE ? TRUE : FALSE) : -1;
  }
}
