/** Files that are refused whole, besides those of intake.test.ts: where it went wrong is told, and nothing is stored. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { takeIn } from "../../src/app/intake.ts";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { eligibleCatalogue, personRows, tmsisFile } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";

const RECORD_BYTES = 1001;
const people = personRows("A1", { citizen: "1" });
let catalogue: Catalogue;
let bench: Bench;
let empty: readonly string[];

beforeAll(async () => {
  catalogue = await eligibleCatalogue();
});
beforeEach(async () => {
  bench = await openBench([catalogue]);
  empty = bench.kept();
});
afterEach(() => bench.remove());

const whole = (): Buffer => tmsisFile(catalogue, people);
const record = (bytes: Buffer, at: number): Buffer => bytes.subarray(at * RECORD_BYTES, (at + 1) * RECORD_BYTES);

describe("a file is refused, and nothing stored", () => {
  const utf16 = (): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(whole().toString("latin1"), "utf16le")]);
  const latin = (): Buffer => {
    const named = people.map(({ segment, cells }) => ({ segment, cells: { ...cells, "STATE-NOTATION": "x" } }));
    return Buffer.from(tmsisFile(catalogue, named).map((byte) => (byte === "x".charCodeAt(0) ? 0xe9 : byte)));
  };
  const cases: readonly (readonly [string, () => Buffer, string])[] = [
    ["in UTF-16", utf16, "E_LAYOUT : this is UTF-16 text, not a submission"],
    ["in Latin-1", latin, "E_LAYOUT : every one of the 4 records breaks a rule (E1001 4)"],
    ["that begins like gzip and is none", () => Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), "E_LAYOUT"],
    ["with a trailer", () => Buffer.concat([whole(), Buffer.from("TRAILER 4\n")]), "E_LAYOUT 6: line 6 (byte 5005) is 9 bytes long, not 1000"],
    ["with a record too many", () => Buffer.concat([whole(), record(whole(), 1)]), "E_HEADER 1: the header counts 4 records after itself, the file has 5"],
    ["with a record missing", () => whole().subarray(0, -RECORD_BYTES), "E_HEADER 1: the header counts 4 records after itself, the file has 3"],
    ["with its header doubled and counted once", () => Buffer.concat([record(whole(), 0), whole()]), "E_HEADER 1: the header counts 4 records after itself, the file has 5"],
    ["cut within a record", () => whole().subarray(0, 2500), "E_LAYOUT 3: the file is cut: line 3 (byte 2002) has no line end"],
    ["with two lines made one", () => Buffer.concat([whole().subarray(0, 2001), whole().subarray(2002)]), "E_LAYOUT 2: line 2 (byte 1001) is 2000 bytes long, not 1000"],
    ["with a zero byte", () => Buffer.concat([whole(), Buffer.from([0])]), "E_LAYOUT 5005: this is a binary file: it holds a zero byte"],
  ]; // prettier-ignore
  it.each(cases)("%s", async (_, bytes, expected) => {
    expect(said(await bench.take("bad", bytes())).join("\n")).toContain(expected);
    expect(bench.kept()).toEqual(empty);
  });

  it("of ten thousand million bytes without a line end, after the first of them", async () => {
    const chunk = Buffer.alloc(1 << 16, "x");
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield whole().subarray(0, RECORD_BYTES);
      for (; given < 10_000_000_000; given += chunk.length) yield chunk;
    }
    const file = { name: "endless.flf", sizeBytes: 10_000_000_000, chunks: endless };
    expect(said(await takeIn(file, {}, bench.ports))).toEqual(["E_LAYOUT 2: line 2 (byte 1001) does not end within 1048576 bytes"]);
    expect(given).toBeLessThan(2_000_000);
    expect(bench.kept()).toEqual(empty);
  });
});
