import { describe, expect, it } from "vitest";
import { day } from "../core/base/civil-date.ts";
import { type CheckCase, checkCase } from "../core/extract/check.ts";
import type { Filter } from "../core/extract/filter.ts";
import type { Expression, Select } from "../core/extract/query.ts";
import type { ColumnExtract, ExtractSpec } from "../core/extract/spec.ts";
import { runCase, runChecks } from "./duckdb-check.ts";
import { openDuckdb } from "./duckdb.ts";
import { pseudonymCipher, pseudonymFunction, pseudonymOf } from "./duckdb-pseudonym.ts";

const clear = { kind: "clear" } as const;
const COLUMNS: readonly ColumnExtract[] = [
  { element: 'NA"ME', category: "name", type: "text", transforms: { clear } },
  { element: "BORN", category: "born", type: "date", transforms: { clear, year: { kind: "year" } } },
  { element: "ZIP", category: "address", type: "text", transforms: { clear, state: { kind: "zip3", sparse: ["900"] } } },
  { element: "PAID", category: "paid", type: "cents", transforms: { clear: { kind: "band", width: 7 } } },
  { element: "ID", category: "id", type: "text", transforms: { clear, hidden: { kind: "pseudonym" } } },
];
const on = (
  element: string,
  category: string,
  type: ColumnExtract["type"],
): { element: string; category: string; type: ColumnExtract["type"] } => ({ element, category, type });
const FILTER: Filter = {
  kind: "or",
  of: [
    { kind: "not", of: { kind: "compare", on: on("PAID", "paid", "cents"), op: "lt", value: "12" } },
    {
      kind: "and",
      of: [
        { kind: "in", on: on("ASKED", "asked", "text"), values: ["é'x", "\u{1f600}"] },
        { kind: "present", on: on("BORN", "born", "date") },
      ],
    },
  ],
};

function specOf(filter?: Filter): ExtractSpec {
  const verdicts = [
    { classId: 0, masks: { name: "clear", born: "clear", address: "clear", paid: "clear", id: "hidden", asked: "clear" } },
    { classId: 1, masks: { name: "omitted", born: "year", address: "state", paid: "clear", id: "clear", asked: "clear" } },
    { classId: 2, masks: { name: "clear", born: "clear", paid: "omitted", asked: "omitted" } },
    { classId: 3, masks: { name: "omitted" } },
  ];
  return {
    asOf: day("2026-11-24"),
    pseudonym: true,
    datasets: [{ digest: "d", origin: "CA", people: 9, classesFile: "c.parquet", classes: [0, 1, 2, 3, 4] }],
    segments: [
      {
        segment: "S",
        columns: COLUMNS,
        span: { from: "FROM", to: "TO" },
        ...(filter === undefined ? {} : { filter }),
        sources: [{ dataset: "d", file: "S.parquet", verdicts }],
      },
    ],
  };
}

/** The same over rows with marks: those of mark 1 keep less, those of mark 2 nothing. */
function markedSpec(): ExtractSpec {
  const spec = specOf(FILTER);
  const segments = spec.segments.map(({ sources, ...segment }) => ({
    ...segment,
    marked: true as const,
    sources: sources.map((source) => ({
      ...source,
      verdicts: source.verdicts.flatMap((verdict) => [
        { ...verdict, mark: 0 },
        { ...verdict, mark: 1, masks: { ...verdict.masks, name: "omitted", id: "omitted" } },
      ]),
    })),
  }));
  return { ...spec, segments };
}

describe("the check of an extract", () => {
  it("passes what the compiler makes, with and without a filter", async () => {
    expect(await runChecks(specOf())).toMatchObject({ ok: true });
    expect(await runChecks(specOf(FILTER))).toMatchObject({ ok: true });
    expect(await runChecks(markedSpec())).toMatchObject({ ok: true });
  });

  const key = new Uint8Array(32).fill(3);
  const cipher = pseudonymCipher(key);
  function caseOf(filter?: Filter): CheckCase {
    return caseOfSpec(specOf(filter));
  }

  function caseOfSpec(spec: ExtractSpec): CheckCase {
    const [dataset, segment] = [spec.datasets[0], spec.segments[0]];
    const source = segment?.sources[0];
    const of = dataset && segment && source && checkCase(spec, dataset, segment, source, (personKey) => pseudonymOf(cipher, personKey));
    if (of === undefined) throw new Error("there is a case");
    return of;
  }

  const paid: Expression = { kind: "column", of: "record", name: "PAID" };
  /** Each is a mistake a compiler could make. */
  const broken: Readonly<Record<string, (query: Select) => Select>> = {
    "a cell without its mask": (query) => ({
      ...query,
      columns: query.columns.map((of) => (of.as === 'NA"ME' ? { ...of, value: { kind: "column", of: "record", name: 'NA"ME' } } : of)),
    }),
    "the mask of another category": (query) => ({
      ...query,
      columns: query.columns.map((of) =>
        of.value.kind === "choice" && of.as === "ZIP"
          ? { ...of, value: { ...of.value, of: { kind: "column", of: "verdict", name: "mask_1" } } }
          : of,
      ),
    }),
    "no span": (query) => ({ ...query, where: query.where.filter((of) => !JSON.stringify(of).includes('"FROM"')) }),
    "no filter": (query) => ({ ...query, where: query.where.filter((of) => !JSON.stringify(of).includes("ASKED")) }),
    "a filter that takes what is missing for false": (query) => ({
      ...query,
      where: query.where.map((of) =>
        JSON.stringify(of).includes("ASKED") ? { kind: "or", of: [of, { kind: "not", of: { kind: "present", of: paid } }] } : of,
      ),
    }),
    "no verdict": (query) => ({
      ...query,
      joins: query.joins.map((of) => (of.alias === "verdict" ? { ...of, on: { left: of.on.left, right: of.on.left } } : of)),
    }),
  };
  for (const [name, breaking] of Object.entries(broken)) {
    it(`finds ${name}`, async () => {
      const engine = await openDuckdb({ folders: [], functions: [await pseudonymFunction(key)] });
      const sound = caseOf(name.includes("filter") ? FILTER : undefined);
      expect(await runCase(engine, sound)).toEqual([]);
      const found = await runCase(engine, { ...sound, records: breaking(sound.records) });
      engine.close();
      expect(found.map(({ code }) => code)).toEqual(["E_CHECK"]);
    });
  }

  it.each([
    ["a row released whatever its mark", (of: Expression) => !JSON.stringify(of).includes("claim_mark")],
    ["a row released by what its neighbour's mark allows", () => true],
  ])("finds %s", async (name, keeps) => {
    const engine = await openDuckdb({ folders: [], functions: [await pseudonymFunction(key)] });
    const sound = caseOfSpec(markedSpec());
    expect(await runCase(engine, sound)).toEqual([]);
    const all: Expression = {
      kind: "compare",
      op: "<=",
      left: { kind: "column", of: "verdict", name: "mark" },
      right: { kind: "column", of: "record", name: "claim_mark" },
    };
    const where = name.includes("neighbour")
      ? sound.records.where.map((of) => (keeps(of) && JSON.stringify(of).includes("claim_mark") ? all : of))
      : sound.records.where.filter(keeps);
    const found = await runCase(engine, { ...sound, records: { ...sound.records, where } });
    engine.close();
    expect(found.map(({ code }) => code)).toEqual(["E_CHECK"]);
  });

  it("shows that a damaged, unheard-of or missing mask code releases nothing", async () => {
    const engine = await openDuckdb({ folders: [], functions: [await pseudonymFunction(key)] });
    const sound = caseOf();
    for (const code of [0, 9, -1]) {
      const joins = sound.records.joins.map((of) =>
        of.source.kind === "values"
          ? { ...of, source: { ...of.source, rows: of.source.rows.map(([id = 0, ...codes]) => [id, ...codes.map(() => code)]) } }
          : of,
      );
      const empty = { ...sound, records: { ...sound.records, joins }, expected: sound.expected.map(() => undefined) };
      expect(await runCase(engine, empty)).toEqual([]);
    }
    engine.close();
  });
});
