/** Growing bytes that values are written to. */
export type RowBuffer = { bytes: Uint8Array; length: number };

export const rowBuffer = (sizeBytes: number = 1 << 16): RowBuffer => ({ bytes: new Uint8Array(sizeBytes), length: 0 });

/** Makes room for `more` bytes, so that the writers below need not look. */
export function reserve(out: RowBuffer, more: number): void {
  if (out.length + more <= out.bytes.length) return;
  const grown = new Uint8Array(Math.max(2 * out.bytes.length, out.length + more));
  grown.set(out.bytes.subarray(0, out.length));
  out.bytes = grown;
}

export function writeByte(out: RowBuffer, byte: number): void {
  out.bytes[out.length] = byte;
  out.length += 1;
}

export function writeBytes(out: RowBuffer, source: Uint8Array, from: number, to: number): void {
  const target = out.bytes;
  let at = out.length;
  for (let byte = from; byte < to; byte += 1) {
    target[at] = source[byte] ?? 0;
    at += 1;
  }
  out.length = at;
}
