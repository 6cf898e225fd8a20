/** Claims: which versions stand, and what the lists of codes say of them. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { type IntakeReport, takeIn } from "../../src/app/intake.ts";
import { intakeBy } from "../../src/engine/duckdb-intake.ts";
import { incomingFile } from "../../src/store/incoming-file.ts";
import { MARKS } from "../../src/core/catalog/special-mark.ts";
import { claimRows, shippedCatalogue, tmsisFile, type FileOptions, type Row } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";
import { storedRows } from "../stored-data.ts";

const NAMES = ["claimip", "claimlt", "claimot", "claimrx"] as const;
const catalogues = new Map<string, Catalogue>();
let bench: Bench;

beforeAll(async () => {
  for (const name of NAMES) catalogues.set(name, await shippedCatalogue(name));
});
beforeEach(async () => {
  bench = await openBench([...catalogues.values()]);
});
afterEach(() => bench.remove());

const catalogueOf = (name: string): Catalogue => catalogues.get(name) as Catalogue;

async function take(name: string, rows: readonly Row[], options: FileOptions = {}): Promise<IntakeReport["stored"]> {
  const taken = await bench.take("claims", tmsisFile(catalogueOf(name), rows, options));
  if (!taken.ok) throw new Error(said(taken).join());
  return taken.value.stored;
}

/** `NUMBER VERSION mark` of every row of a segment, `-` where another version took its place. */
async function marks({ folder, manifest }: IntakeReport["stored"], at: 0 | 1): Promise<readonly string[]> {
  const { file } = manifest.segments[at] ?? { file: "" };
  const columns = `coalesce("ICN-ORIG", '?'), coalesce("ICN-ADJ", '.'), claim_mark`;
  const rows = await storedRows(folder, (table) => `SELECT ${columns} FROM ${table(file)} ORDER BY "RECORD-NUMBER"`);
  return rows.map(
    ([original, adjusted, mark]) => `${String(original)} ${String(adjusted)} ${mark === null ? "-" : (MARKS[Number(mark)] ?? "?")}`,
  );
}

const ip = (number: string, header: Record<string, string>, ...lines: readonly Record<string, string>[]): readonly Row[] =>
  claimRows("CIP", "A1", { "ICN-ORIG": number, ...header }, ...lines);
const SOUND = { "DIAGNOSIS-CODE-1": "J189", "ADMISSION-DATE": "20251203", "DISCHARGE-DATE": "20251207" };

describe("a code of the lists", () => {
  const listed: Readonly<Record<string, readonly [Record<string, string>, Record<string, string>]>> = {
    DIAGNOSIS: [{ "DIAGNOSIS-CODE-12": "F1120" }, {}],
    ADMITTING: [{ "ADMITTING-DIAGNOSIS-CODE": "f1020" }, {}],
    ICD9: [{ "DIAGNOSIS-CODE-2": "30400" }, {}],
    POINT: [{ "DIAGNOSIS-CODE-2": "F11.20" }, {}],
    PROCEDURE: [{ "PROCEDURE-CODE-6": "HZ2ZZZZ" }, {}],
    GROUP: [{ "DIAGNOSIS-RELATED-GROUP": "0895" }, {}],
    SERVICE: [{}, { "HCPCS-RATE": "H0015" }],
    REVENUE: [{}, { "REVENUE-CODE": "0906" }],
    TAXONOMY: [{ "BILLING-PROV-TAXONOMY": "324500000X" }, {}],
  };

  it("marks the whole claim, on whichever row and in whichever element, and no other", async () => {
    const rows = Object.entries(listed).flatMap(([number, [header, line]]) => ip(number, { ...SOUND, ...header }, {}, line));
    const stored = await take("claimip", [...rows, ...ip("FREE", SOUND, {})]);
    const marked = Object.keys(listed).map((number) => `${number} . part2`);
    expect(await marks(stored, 0)).toEqual([...marked, "FREE . none"]);
    expect(await marks(stored, 1)).toEqual([...marked.flatMap((one) => [one, one]), "FREE . none"]);
    expect(stored.manifest.segments.map((segment) => segment.marks)).toEqual([
      { none: 1, part2: 9, unknown: 0, superseded: 0 },
      { none: 1, part2: 18, unknown: 0, superseded: 0 },
    ]);
    expect(stored.manifest.specialCodesSha256).toBe(bench.ports.specialCodes.sha256);
  });

  it("counts on the days of service only, on every day where none is told", async () => {
    const dated = (number: string, days: Record<string, string>): readonly Row[] =>
      ip(number, { ...SOUND, "DIAGNOSIS-RELATED-GROUP": "522", ...days });
    const rows = [
      ...dated("IN", { "ADMISSION-DATE": "20070925", "DISCHARGE-DATE": "20071002" }),
      ...dated("OUT", { "ADMISSION-DATE": "20071002", "DISCHARGE-DATE": "20071005" }),
      ...dated("BLANK", { "ADMISSION-DATE": "", "DISCHARGE-DATE": "" }),
      ...ip("EARLY", { ...SOUND, "DIAGNOSIS-CODE-2": "F1011", "ADMISSION-DATE": "20160105", "DISCHARGE-DATE": "20161230" }),
      ...ip("LATE", { ...SOUND, "DIAGNOSIS-CODE-2": "F1011", "ADMISSION-DATE": "20161231", "DISCHARGE-DATE": "20170101" }),
    ];
    expect(await marks(await take("claimip", rows), 0)).toEqual([
      "IN . part2",
      "OUT . none",
      "BLANK . part2",
      "EARLY . none",
      "LATE . part2",
    ]);
  });

  it("that is missing makes nothing free: no diagnosis, no header, no number, no lists", async () => {
    const rows = [
      ...ip("X1", { ...SOUND, "DIAGNOSIS-CODE-1": "", "DIAGNOSIS-RELATED-GROUP": "100" }, {}),
      ...ip("", SOUND),
      ...ip("X3", SOUND, {}).slice(1),
    ];
    const stored = await take("claimip", rows);
    expect(await marks(stored, 0)).toEqual(["X1 . unknown", "? . unknown"]);
    expect(await marks(stored, 1)).toEqual(["X1 . unknown", "X3 . -"]);
    bench.remove();
    bench = await openBench([...catalogues.values()]);
    Object.assign(bench.ports, { specialCodes: { codes: [], sha256: "0".repeat(64) } });
    expect(await marks(await take("claimip", ip("X1", SOUND)), 0)).toEqual(["X1 . unknown"]);
  });

  it.each([
    ["claimlt", "CLT", { "DIAGNOSIS-CODE-1": "J189" }, "none"],
    ["claimot", "COT", { "DIAGNOSIS-CODE-1": "J189" }, "none"],
    ["claimot", "COT", {}, "unknown"],
    ["claimrx", "CRX", {}, "unknown"],
  ])("is looked for in every kind of claim: %s", async (name, prefix, cells, expected) => {
    const stored = await take(name, claimRows(prefix, "A1", { "ICN-ORIG": "X1", ...cells }, {}));
    expect(await marks(stored, 0)).toEqual([`X1 . ${expected}`]);
    expect(await marks(stored, 1)).toEqual([`X1 . ${expected}`]);
  });

  it("of a service line marks an outpatient claim", async () => {
    const header = { "ICN-ORIG": "X1", "DIAGNOSIS-CODE-1": "J189" };
    const stored = await take("claimot", claimRows("COT", "A1", header, {}, { "PROCEDURE-CODE": "H0005" }));
    expect(await marks(stored, 1)).toEqual(["X1 . part2", "X1 . part2"]);
  });
});

describe("shares of the claims", () => {
  it("give the marks that all claims at once give", async () => {
    const numbers = Array.from({ length: 40 }, (_, at) => `N${at}`);
    const rows = numbers.flatMap((number, at) => {
      const listed = at % 5 === 0 ? { "DIAGNOSIS-CODE-2": "F1120" } : {};
      const first = ip(number, { ...SOUND, ...listed, "ADJUDICATION-DATE": "20251210" }, {});
      const again = { ...SOUND, "ICN-ADJ": `M${at}`, "ADJUSTMENT-IND": at % 2 === 0 ? "1" : "4", "ADJUDICATION-DATE": "20251220" };
      return at % 3 === 0 ? [...first, ...ip(number, again, {})] : first;
    });
    rows.push(...ip("", { ...SOUND, "ICN-ADJ": "LONE" }, {}));
    // A second version that stands beside the first and tells no diagnosis: of neither is anything known then.
    for (const number of numbers.slice(20, 30)) rows.push(...ip(number, { "ICN-ADJ": `BESIDE-${number}`, "DIAGNOSIS-CODE-1": "" }, {}));
    const whole = await take("claimip", rows);
    const wanted = [await marks(whole, 0), await marks(whole, 1)];
    expect(new Set(wanted[0]?.map((one) => one.split(" ")[2]))).toEqual(new Set(["none", "part2", "unknown", "-"]));
    for (const claimsAtOnce of [1, 7, 1000]) {
      const other = await openBench([...catalogues.values()]);
      const file = incomingFile(other.put("claims", tmsisFile(catalogueOf("claimip"), rows)));
      const taken = await takeIn(file.ok ? file.value : expect.fail(), {}, { ...other.ports, engine: intakeBy(claimsAtOnce) });
      if (!taken.ok) throw new Error(said(taken).join());
      expect([await marks(taken.value.stored, 0), await marks(taken.value.stored, 1)]).toEqual(wanted);
      other.remove();
    }
  });
});

describe("the versions of a claim", () => {
  const version = (original: string, adjusted: string, kind: string, day: string): readonly Row[] =>
    ip(original, { ...SOUND, "ICN-ADJ": adjusted, "ADJUSTMENT-IND": kind, "ADJUDICATION-DATE": day }, {});

  it("are one: the last replacement, under the first number or in a chain", async () => {
    const rows = [
      ...version("X1", "", "0", "20251203"),
      ...version("X1", "X2", "4", "20251210"),
      ...version("X1", "X3", "4", "20251205"),
      ...version("Y1", "", "0", "20251203"),
      ...version("Y1", "Y2", "4", "20251204"),
      ...version("Y2", "Y3", "4", "20251205"),
      ...version("Z1", "", "0", "20251203"),
    ];
    const stored = await take("claimip", rows);
    const standing = ["X1 . -", "X1 X2 none", "X1 X3 -", "Y1 . -", "Y1 Y2 -", "Y2 Y3 none", "Z1 . none"];
    expect(await marks(stored, 0)).toEqual(standing);
    expect(await marks(stored, 1)).toEqual(standing);
  });

  it("are none after a void, unless it is replaced again", async () => {
    const rows = [
      ...version("X1", "", "0", "20251203"),
      ...version("X1", "", "1", "20251203"),
      ...version("Y1", "", "0", "20251203"),
      ...version("Y1", "Y2", "1", "20251205"),
      ...version("Y1", "Y3", "4", "20251205"),
    ];
    expect(await marks(await take("claimip", rows), 0)).toEqual(["X1 . -", "X1 . -", "Y1 . -", "Y1 Y2 -", "Y1 Y3 none"]);
  });

  it("all bear the mark that one of them earned", async () => {
    const rows = [
      ...ip("X1", { ...SOUND, "ADJUSTMENT-IND": "0", "DIAGNOSIS-CODE-2": "F1120" }, {}),
      ...version("X1", "X2", "4", "20251210"),
    ];
    const chain = [
      ...version("X2", "X3", "4", "20251211"),
      ...version("X3", "X4", "4", "20251212"),
      ...version("Y1", "Y2", "4", "20251212"),
    ];
    const expected = ["X1 . -", "X1 X2 -", "X2 X3 -", "X3 X4 part2", "Y1 Y2 none"];
    expect(await marks(await take("claimip", [...rows, ...chain]), 1)).toEqual(expected);
  });

  it("are weighed again after an update, whose claim replaces all its lines", async () => {
    await take("claimip", [...version("X1", "", "0", "20251203"), ...ip("Y1", SOUND, {}, {}, {})]);
    const update = { "SUBMISSION-TRANSACTION-TYPE": "U", "SEQUENCE-NUMBER": "2" };
    const again = [...version("X1", "X2", "4", "20251220"), ...ip("Y1", SOUND, { "REVENUE-CODE": "1002" })];
    const stored = await take("claimip", again, { header: update });
    expect([...(await marks(stored, 0))].sort()).toEqual(["X1 . -", "X1 X2 none", "Y1 . part2"]);
    expect([...(await marks(stored, 1))].sort()).toEqual(["X1 . -", "X1 X2 none", "Y1 . part2"]);
  });
});
