import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";

const MAGIC: readonly { readonly bytes: readonly number[]; readonly what: string; readonly hint: string }[] = [
  { bytes: [0x1f, 0x8b], what: "a gzip archive", hint: "unpack it first" },
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: "a zip archive or a spreadsheet", hint: "unpack it, or save it as text, first" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "a zstd archive", hint: "unpack it first" },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: "a Parquet file", hint: "name its catalogue with --catalogue; a sidecar is text" },
  { bytes: [0xff, 0xfe], what: "UTF-16 text", hint: "save it as UTF-8" },
  { bytes: [0xfe, 0xff], what: "UTF-16 text", hint: "save it as UTF-8" },
];

/** Whether bytes of a file, from offset `at` on, are those of no text file: a known beginning, or a zero byte anywhere. */
export function binaryProblem(file: string, chunk: Uint8Array, at: number): Problem | undefined {
  const known = at > 0 ? undefined : MAGIC.find(({ bytes }) => bytes.every((byte, index) => chunk[index] === byte));
  if (known !== undefined) return problem("E_LAYOUT", `this is ${known.what}, not a submission`, { at: { file }, hint: known.hint });
  const zero = chunk.indexOf(0);
  if (zero < 0) return undefined;
  return problem("E_LAYOUT", "this is a binary file: it holds a zero byte", {
    at: { file, byte: at + zero },
    hint: "submissions are text",
  });
}
