/** What the core of intake finds in a file: its header read, and every record checked. */
import { binaryProblem } from "../../src/core/intake/binary.ts";
import type { Fault } from "../../src/core/intake/fault.ts";
import { readHeader } from "../../src/core/intake/header.ts";
import type { Line } from "../../src/core/intake/lines.ts";
import { lineCutter } from "../../src/core/intake/lines.ts";
import { recordTaker } from "../../src/core/intake/record-taker.ts";
import { SOURCES } from "./made.ts";

/** `E_HEADER`, `E_LAYOUT`, or rule and element of each bad record; whether the count is right is the last of them. */
export function faultsOf(bytes: Uint8Array): readonly string[] {
  if (binaryProblem("generated", bytes, 0) !== undefined) return ["E_LAYOUT"];
  const lines: Line[] = [];
  const cutter = lineCutter();
  cutter.push(bytes, (line) => lines.push({ ...line }) > 0);
  const [first, ...records] = lines;
  if (first === undefined) return ["E_LAYOUT"];
  const header = readHeader("generated", first, SOURCES.catalogues);
  if (!header.ok) return header.problems.map(({ code }) => code);
  const taker = recordTaker("generated", header.value.catalogue, header.value.header, () => undefined);
  const found: string[] = [];
  for (const line of records) {
    const answer = taker.take(line);
    if ("code" in answer) found.push(answer.code);
    else found.push(...answer.map(({ rule, element }: Fault) => `${rule} ${element}`.trim()));
  }
  const rest = cutter.rest();
  if (rest.from !== rest.to) found.push("E_LAYOUT");
  else if (header.value.header.count !== records.length) found.push("E_HEADER");
  return found;
}
