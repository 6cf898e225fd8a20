/** One line of a file, without its line end. `byte` is the offset of its first byte in the file, `line` counts from 1. */
export type Line = { readonly bytes: Uint8Array; readonly from: number; readonly to: number; readonly line: number; readonly byte: number };

/** Cuts a stream of chunks into lines. Holds at most one unfinished line. */
export type LineCutter = {
  /** Hands every finished line to `take`, in order, until `take` answers false. The bytes are only good during the call. */
  push(chunk: Uint8Array, take: (line: Line) => boolean): boolean;
  /** Bytes after the last line end. */
  rest(): Line;
};

/** More than any record of any dictionary has; a longer stretch without a line end is no record file. */
export const LONGEST_LINE_BYTES: number = 1 << 20;

const LF = 0x0a;
const CR = 0x0d;

export function lineCutter(): LineCutter {
  let kept: Uint8Array = new Uint8Array(0);
  let line = 1;
  let byte = 0;
  return {
    push(chunk, take): boolean {
      const bytes = kept.length === 0 ? chunk : joined(kept, chunk);
      let from = 0;
      // WHY: the kept part holds no line end, so the search starts behind it.
      for (let end = bytes.indexOf(LF, kept.length); end >= 0; end = bytes.indexOf(LF, from)) {
        const to = end > from && bytes[end - 1] === CR ? end - 1 : end;
        const goOn = take({ bytes, from, to, line, byte });
        byte += end + 1 - from;
        from = end + 1;
        line += 1;
        if (!goOn) return false;
      }
      kept = bytes.slice(from);
      return true;
    },
    rest: () => ({ bytes: kept, from: 0, to: kept.length, line, byte }),
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
