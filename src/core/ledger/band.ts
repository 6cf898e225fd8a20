import { thousands } from "../base/thousands.ts";

/**
 * A count of people as the ledger shows it: `0`, `1-10`, then steps of 1, 2, 5 (`11-20`, `21-50`, `51-100` …).
 * The low bound of a band is one above a step, so bands never overlap.
 */
export type Band = string & { readonly band: true };

export function bandOf(count: number): Band {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError("not a count");
  if (count === 0) return "0" as Band;
  let [below, step] = [0, 10];
  for (let at = 0; count > step; at += 1) [below, step] = [step, step * (at % 3 === 1 ? 2.5 : 2)];
  return `${below + 1}-${step}` as Band;
}

/**
 * The band of a total, made from the parts' bands alone, never from the total's own count.
 * INVARIANT: it is a function of what is already shown, so subtracting parts from it recovers none of them.
 */
export function bandOfParts(parts: readonly Band[]): Band {
  const bounds = parts.map(boundsOf);
  const low = bounds.reduce((sum, [from]) => sum + from, 0);
  const high = bounds.reduce((sum, [, to]) => sum + to, 0);
  return (high === 0 ? "0" : `${low}-${high}`) as Band;
}

export const isBand = (text: string): text is Band => /^(0|[1-9]\d{0,14}-[1-9]\d{0,14})$/.test(text);

/** With thousands separated, for people to read. */
export const bandText = (band: Band): string => band.replaceAll(/\d+/g, (digits) => thousands(digits));

/** The most a band can stand for. */
export const bandTop = (band: Band): number => boundsOf(band)[1];

function boundsOf(band: Band): readonly [number, number] {
  const [from = 0, to = from] = band.split("-").map(Number);
  return [from, to];
}
