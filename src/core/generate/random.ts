/** Numbers that look random and depend on the seed alone, on every machine. Not for secrets. */
export type Random = {
  /** 0 to 2^32 - 1. */
  uint32(): number;
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
};

/** A stream of its own for each list of words, such as a seed, a purpose and a state. */
export function seededRandom(...words: readonly (string | number)[]): Random {
  let [a, b, c, d] = seedState(words.join("\u0000"));
  // WHY: sfc32 passes the usual statistical suites and needs no 64-bit arithmetic.
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round += 1) uint32();
  const below = (limit: number): number => Math.floor((uint32() / 4_294_967_296) * limit);
  return { uint32, below, chance: (share) => uint32() < share * 4_294_967_296, pick: (list) => list[below(list.length)] ?? list[0] };
}

/** Four words of state from text, by four differently started FNV-1a sums. */
function seedState(text: string): [number, number, number, number] {
  const sum = (start: number): number => {
    let hash = start;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
    hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
    return (hash ^ (hash >>> 13)) | 0;
  };
  return [sum(0x811c_9dc5 | 0), sum(0x1234_5678), sum(0x0bad_cafe), sum(0x7eed_5eed)];
}
