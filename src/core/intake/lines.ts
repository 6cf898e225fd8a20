import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";

/** One line of a file, without its line end. `byte` is the offset of its first byte in the file, `line` counts from 1. */
export type Line = { readonly bytes: Uint8Array; readonly from: number; readonly to: number; readonly line: number; readonly byte: number };

/** WHY one for all lines: a file has more lines than memory has room for leftovers. */
type LineAtHand = { -readonly [K in keyof Line]: Line[K] };

/** Cuts a stream of chunks into lines. Holds at most one unfinished line. */
export type LineCutter = {
  /** Hands every finished line to `take`, in order, until `take` answers false. The line is only good during the call. */
  push(chunk: Uint8Array, take: (line: Line) => boolean): boolean;
  /** Bytes after the last line end. */
  rest(): Line;
};

/** More than any record of any dictionary has; a longer stretch without a line end is no record file. */
export const LONGEST_LINE_BYTES: number = 1 << 20;

const LF = 0x0a;
const CR = 0x0d;

/** A line that is longer than any may be. */
export function endlessLine(file: string, { line, byte }: Line, hint: string): Problem {
  const message = `line ${line} (byte ${byte}) does not end within ${LONGEST_LINE_BYTES} bytes`;
  return problem("E_LAYOUT", message, { at: { file, line }, hint });
}

export function lineCutter(): LineCutter {
  let kept: Uint8Array = new Uint8Array(0);
  const next: LineAtHand = { bytes: kept, from: 0, to: 0, line: 1, byte: 0 };
  const handOver = (bytes: Uint8Array, from: number, end: number, take: (line: Line) => boolean): boolean => {
    next.bytes = bytes;
    next.from = from;
    next.to = end > from && bytes[end - 1] === CR ? end - 1 : end;
    const goOn = take(next);
    next.byte += end + 1 - from;
    next.line += 1;
    return goOn;
  };
  return {
    push(chunk, take): boolean {
      let from = 0;
      if (kept.length > 0) {
        // WHY only up to its end: copying every chunk behind what was kept would copy the whole file once more.
        const end = chunk.indexOf(LF);
        const bytes = joined(kept, end < 0 ? chunk : chunk.subarray(0, end + 1));
        kept = end < 0 ? bytes : new Uint8Array(0);
        if (end < 0) return true;
        from = end + 1;
        if (!handOver(bytes, 0, bytes.length - 1, take)) return false;
      }
      for (let end = chunk.indexOf(LF, from); end >= 0; end = chunk.indexOf(LF, from)) {
        const begin = from;
        from = end + 1;
        if (!handOver(chunk, begin, end, take)) return false;
      }
      kept = chunk.slice(from);
      return true;
    },
    rest: () => ({ ...next, bytes: kept, from: 0, to: kept.length }),
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
