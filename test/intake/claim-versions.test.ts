/** Claims over several months: what a later file voids, replaces or shows a code of, in the files that came before and after. */
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ClaimPorts } from "../../src/app/claim-versions.ts";
import { weighAgainst, weighClaims } from "../../src/app/claim-versions.ts";
import type { StoredDataset } from "../../src/app/ports/dataset-store.ts";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import type { ClaimTable } from "../../src/core/catalog/claim-table.ts";
import { MARKS } from "../../src/core/catalog/special-mark.ts";
import { printSelect } from "../../src/core/extract/duckdb-printer.ts";
import { duckdbClaimVersions } from "../../src/engine/duckdb-claim-versions.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { claimStore } from "../../src/store/claim-store.ts";
import { keyOfStored } from "../stored-data.ts";
import { claimRows, shippedCatalogue, tmsisFile, type Row } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";

let catalogue: Catalogue;
let bench: Bench;
let ports: ClaimPorts;

beforeAll(async () => {
  catalogue = await shippedCatalogue("claimip");
});
beforeEach(async () => {
  bench = await openBench([catalogue]);
  ports = { ...bench.ports, claimEngine: duckdbClaimVersions, claims: claimStore };
});
afterEach(() => bench.remove());

const MONTHS = { 10: "31", 11: "30", 12: "31" } as const;
type Month = keyof typeof MONTHS;

async function take(month: Month, rows: readonly Row[], header: Readonly<Record<string, string>> = {}): Promise<StoredDataset> {
  const period = { "START-OF-TIME-PERIOD": `2025${month}01`, "END-OF-TIME-PERIOD": `2025${month}${MONTHS[month]}` };
  const taken = await bench.take(`claims-${month}`, tmsisFile(catalogue, rows, { header: { ...period, ...header } }));
  if (!taken.ok) throw new Error(said(taken).join());
  return taken.value.stored;
}

type Version = { readonly number: string; readonly own?: string; readonly kind?: string; readonly day?: string; readonly code?: string };
const SOUND = { "DIAGNOSIS-CODE-1": "J189", "ADMISSION-DATE": "20251003", "DISCHARGE-DATE": "20251007" };
const version = ({ number, own = "", kind = "0", day = "20251010", code = "J189" }: Version): readonly Row[] => {
  const cells = { ...SOUND, "ICN-ORIG": number, "ICN-ADJ": own, "ADJUSTMENT-IND": kind, "ADJUDICATION-DATE": day };
  return claimRows("CIP", "A1", { ...cells, "DIAGNOSIS-CODE-2": code }, {});
};
const versions = (...all: readonly Version[]): readonly Row[] => all.flatMap(version);

async function weighed(stored: StoredDataset): Promise<ClaimTable> {
  const table = await weighClaims(stored, ports);
  if (!table.ok || table.value === undefined) throw new Error(said(table).join());
  return table.value;
}

/** `NUMBER VERSION mark` of every row, by the very text a release reads rows by. */
async function marks(stored: StoredDataset, { segments }: ClaimTable, id = "CIP00002"): Promise<readonly string[]> {
  const marksFile = segments.find((one) => one.id === id)?.changed?.file;
  const key = keyOfStored(stored.folder);
  const engine = await openDuckdb({ folders: [stored.folder], keys: [key] });
  const column = (name: string) => ({ as: name, value: { kind: "column", of: "record", name } as const });
  const source = { kind: "submission", dataset: "", file: `${id}.parquet`, ...(marksFile === undefined ? {} : { marksFile }) } as const;
  const names = ["ICN-ORIG", "ICN-ADJ", "claim_mark", "RECORD-NUMBER"].map(column);
  const text = printSelect({ columns: names, from: { source, alias: "record" }, joins: [], where: [], order: [] }, (_, file) => ({
    path: join(stored.folder, file),
    keyName: key.id,
  }));
  try {
    const rows = await engine.rows(`SELECT * FROM (${text}) ORDER BY "RECORD-NUMBER"`);
    return rows.map(
      ([original, own, mark]) =>
        `${String(original)} ${typeof own === "string" ? own : "."} ${mark === null ? "-" : (MARKS[Number(mark)] ?? "?")}`,
    );
  } finally {
    engine.close();
  }
}

describe("a claim of an earlier month", () => {
  it("stands no more once a later file voids or replaces it, and its lines with it", async () => {
    const first = await take(
      11,
      versions({ number: "VOIDED" }, { number: "REPLACED" }, { number: "LEFT" }, { number: "OLD", own: "NEW", kind: "4" }),
    );
    await take(
      12,
      versions(
        { number: "VOIDED", kind: "1", day: "20251212" },
        { number: "REPLACED", own: "R2", kind: "4", day: "20251212" },
        { number: "NEW", own: "N2", kind: "4", day: "20251213" },
        { number: "OTHER" },
      ),
    );
    const table = await weighed(first);
    const expected = ["VOIDED . -", "REPLACED . -", "LEFT . none", "OLD NEW -"];
    expect([await marks(first, table), await marks(first, table, "CIP00003")]).toEqual([expected, expected]);
    expect(table.segments.map((one) => one.marks)).toEqual([
      { none: 1, part2: 0, unknown: 0, superseded: 3 },
      { none: 1, part2: 0, unknown: 0, superseded: 3 },
    ]);
  });

  it("stands where the other file's version was decided before it, or on its day in an earlier month", async () => {
    const day = "20251115";
    const early = await take(
      10,
      versions({ number: "X", own: "X1", kind: "4", day }, { number: "Y", own: "Y1", kind: "4", day: "20251116" }),
    );
    const late = await take(11, versions({ number: "X", own: "X2", kind: "4", day }, { number: "Y", own: "Y2", kind: "4", day }));
    expect(await marks(early, await weighed(early))).toEqual(["X X1 -", "Y Y1 none"]);
    expect(await marks(late, await weighed(late))).toEqual(["X X2 none", "Y Y2 -"]);
  });

  it("is free no more once any version of it elsewhere bears a listed code, in whichever direction", async () => {
    const first = await take(11, versions({ number: "A" }, { number: "FREE" }, { number: "P", code: "F1120" }));
    const second = await take(
      12,
      versions(
        { number: "P", own: "P2", kind: "4", day: "20251212" },
        { number: "P2", own: "P3", kind: "4", day: "20251213" },
        { number: "A", own: "A2", kind: "4", day: "20251001", code: "F1120" },
      ),
    );
    const [one, two] = [await weighed(first), await weighed(second)];
    expect(await marks(first, one)).toEqual(["A . -", "FREE . none", "P . -"]);
    expect(await marks(second, two)).toEqual(["P P2 -", "P2 P3 unknown", "A A2 part2"]);
    expect(await marks(second, two, "CIP00003")).toEqual(["P P2 -", "P2 P3 unknown", "A A2 part2"]);
    expect(two.segments[0]?.marks).toEqual({ none: 0, part2: 1, unknown: 1, superseded: 1 });
  });

  it("is left to itself by another state, by a sequence that was replaced, and by what was shredded, which is said", async () => {
    const first = await take(11, versions({ number: "X" }));
    const stays = ["X . none"];
    await take(12, versions({ number: "X", kind: "1", day: "20251212" }), { "SUBMITTING-STATE": "48" });
    expect(await marks(first, await weighed(first))).toEqual(stays);
    await take(12, versions({ number: "X", kind: "1", day: "20251212" }));
    expect(await marks(first, await weighed(first))).toEqual(["X . -"]);
    const again = { "SUBMISSION-TRANSACTION-TYPE": "R", "SEQUENCE-NUMBER": "2" };
    const second = await take(12, versions({ number: "Z" }), again);
    const table = await weighed(first);
    expect([await marks(first, table), table.consulted, table.shredded]).toEqual([stays, [second.digest], []]);
    bench.ports.vault.keys.shred(second.manifest.keyId);
    const without = await weighed(first);
    expect([await marks(first, without), without.consulted, without.shredded]).toEqual([stays, [], [second.digest]]);
  });
});

describe("another month that cannot be read", () => {
  it("refuses, by name and without a word of what it holds", async () => {
    const first = await take(11, versions({ number: "X" }));
    const second = await take(12, versions({ number: "SECRET", kind: "1" }));
    bench.ports.vault.keys.forget(second.manifest.keyId);
    const refused = await weighClaims(first, ports);
    expect(said(refused).join()).toContain("E_KEY : CA's tmsis/claimip@2025-12, stored as");
    expect(JSON.stringify(refused)).not.toContain("SECRET");
    const other = await weighClaims(first, { ...ports, catalogues: [{ ...catalogue, version: "9" }] });
    expect(said(other)[0]).toContain("no catalogue describes");
  });
});

describe("looking at more submissions", () => {
  const claim = fc.record({
    number: fc.constantFrom("A", "B", "C", "D", "E", "F"),
    own: fc.constantFrom("", "B", "C", "D", "G", "H"),
    kind: fc.constantFrom("0", "0", "1", "4", "4"),
    day: fc.constantFrom("", "20251101", "20251102", "20251103"),
    code: fc.constantFrom("J189", "J189", "J189", "J189", "J189", "F1120"),
  });
  const month = fc.array(claim, { minLength: 1, maxLength: 7 });
  /** Many worlds of claims beside each other, so that each is tried without files of its own. */
  const worlds = fc.array(fc.tuple(month, month, month), { minLength: 60, maxLength: 60 });
  const ofMonth = (all: readonly (readonly (readonly Version[])[])[], at: number): readonly Version[] =>
    all.flatMap((months, world) =>
      (months[at] ?? []).map((one) => ({
        ...one,
        number: `${world}${one.number}`,
        ...(one.own === undefined || one.own === "" ? {} : { own: `${world}${one.own}` }),
      })),
    );

  it("only ever withholds more, and says of each row what one file of all of them would, or less", async () => {
    // WHY sampled: a drawn world that fails says more by its rows than by itself.
    for (const drawn of fc.sample(worlds, { numRuns: 3, seed: 20_251_101 })) {
      bench.remove();
      bench = await openBench([catalogue]);
      ports = { ...bench.ports, claimEngine: duckdbClaimVersions, claims: claimStore };
      const [first, second, third] = [ofMonth(drawn, 0), ofMonth(drawn, 1), ofMonth(drawn, 2)];
      const [a, b, c] = [await take(10, versions(...first)), await take(11, versions(...second)), await take(12, versions(...third))];
      const by = async (stored: StoredDataset, ...others: readonly StoredDataset[]): Promise<readonly string[]> => {
        const table = await weighAgainst(stored, others, ports);
        if (!table.ok) throw new Error(said(table).join());
        return marks(stored, table.value, "CIP00003");
      };
      const [alone, one, other, both] = [await by(b), await by(b, a), await by(b, c), await by(b, a, c)];
      for (const [less, more] of [
        [alone, one],
        [alone, other],
        [one, both],
        [other, both],
      ] as const)
        expect(steps(less, more).filter((step) => !STRICTER.has(step.slice(step.indexOf(":"))))).toEqual([]);
      const all = await take(10, versions(...first, ...second, ...third), { "SUBMITTING-STATE": "48" });
      const whole = (await by(all)).slice(first.length);
      // In one file, headers alike in all that tells versions apart stand together; in two, the later takes the place of the earlier.
      const repeated = new Set(third.map(keyOf));
      const compared = steps(whole, both).filter((_, at) => !repeated.has(keyOf(second[at] as Version)));
      expect(compared.filter((step) => !SAME_OR_UNKNOWN.has(step.slice(step.indexOf(":"))))).toEqual([]);
      expect(compared.length).toBeGreaterThan(second.length / 2);
    }
  }, 60_000);
});

const keyOf = ({ number, own = "", kind = "", day = "" }: Version): string => [number, own, kind, day].join(" ");

/** `NUMBER VERSION: before > after` of each row. */
const steps = (before: readonly string[], after: readonly string[]): readonly string[] =>
  after.map((row, at) => {
    const [number = "", own = "", mark = ""] = row.split(" ");
    return `${number} ${own}: ${before[at]?.split(" ")[2] ?? ""} > ${mark}`;
  });

const STRICTER: ReadonlySet<string> = new Set(
  ["none > none", "part2 > part2", "unknown > unknown", "none > unknown", "none > -", "part2 > -", "unknown > -", "- > -"].map(
    (step) => `: ${step}`,
  ),
);
/** What is listed elsewhere is unknown here, which allows no more. */
const SAME_OR_UNKNOWN: ReadonlySet<string> = new Set(
  ["none > none", "none > unknown", "part2 > part2", "part2 > unknown", "- > -"].map((step) => `: ${step}`),
);
