import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { day } from "../base/civil-date.ts";
import type { ElementType } from "../catalog/catalogue.ts";
import { peopleQuery, segmentQuery, slicesOf } from "./compile.ts";
import { printSelect } from "./duckdb-printer.ts";
import { evaluateExtract } from "./evaluate.ts";
import type { Filter } from "./filter.ts";
import { filterHolds } from "./filter.ts";
import { sqlTexts } from "./sql-text.ts";
import { checkedSpec } from "./spec-check.ts";
import type { ColumnExtract, ExtractSpec, SegmentExtract } from "./spec.ts";
import { outputType, type Transform, transformed } from "./transform.ts";

const clear = { kind: "clear" } as const;
const locate = (dataset: string, file: string): { path: string } => ({ path: `${dataset}/${file}` });

function specOf(
  change: Partial<SegmentExtract>,
  more: Partial<ExtractSpec> = {},
): { readonly spec: ExtractSpec; readonly segment: SegmentExtract } {
  const segment: SegmentExtract = {
    segment: "S",
    columns: [],
    sources: [{ dataset: "d", file: "S.parquet", verdicts: [{ classId: 0, masks: { a: "clear", b: "clear" } }] }],
    ...change,
  };
  const dataset = { digest: "d", origin: "CA", people: 10, classesFile: "classes.parquet", classes: [0] };
  return { spec: { asOf: day("2026-11-24"), pseudonym: false, datasets: [dataset], segments: [segment], ...more }, segment };
}

function sqlOf(change: Partial<SegmentExtract>, more: Partial<ExtractSpec> = {}): string | undefined {
  const { spec, segment } = specOf(change, more);
  const source = segment.sources[0];
  const query = source === undefined ? undefined : segmentQuery(spec, segment, source);
  return query === undefined ? undefined : printSelect(query, locate);
}

const columnOf = (type: ElementType, transform: Transform, element = "E"): ColumnExtract => ({
  element,
  category: "a",
  type,
  transforms: { clear: transform },
});

describe("the SQL of each transform", () => {
  const cases: readonly [string, ColumnExtract, string][] = [
    ["clear", columnOf("text", clear), `CASE "verdict"."mask_0" WHEN 1 THEN "record"."E" END AS "E"`],
    ["year", columnOf("date", { kind: "year" }), `CASE "verdict"."mask_0" WHEN 1 THEN left(CAST("record"."E" AS VARCHAR), -6) END AS "E"`],
    ["zip3", columnOf("text", { kind: "zip3", sparse: [] }), `CASE "verdict"."mask_0" WHEN 1 THEN left("record"."E", 3) END AS "E"`],
    [
      "zip3 with sparse areas",
      columnOf("text", { kind: "zip3", sparse: ["036", "o'k"] }),
      `CASE "verdict"."mask_0" WHEN 1 THEN CASE WHEN left("record"."E", 3) IN ('036', 'o''k') THEN '000' ELSE left("record"."E", 3) END END AS "E"`,
    ],
    [
      "band",
      columnOf("integer", { kind: "band", width: 10 }),
      `CASE "verdict"."mask_0" WHEN 1 THEN (CAST(("record"."E" - (("record"."E" % 10) + 10) % 10) AS VARCHAR) || '-' || CAST(("record"."E" - (("record"."E" % 10) + 10) % 10) + 10 - 1 AS VARCHAR)) END AS "E"`,
    ],
    ["pseudonym", columnOf("text", { kind: "pseudonym" }), `CASE "verdict"."mask_0" WHEN 1 THEN "person"."pseudonym" END AS "E"`],
  ];
  for (const [name, column, sql] of cases) it(name, () => expect(sqlOf({ columns: [column] })).toContain(sql));

  it("omit is no branch, and a column with none is NULL of its type", () => {
    const columns = [columnOf("text", clear), columnOf("date", { kind: "omit" }, "F")];
    expect(sqlOf({ columns })).toContain(`CAST(NULL AS DATE) AS "F"`);
  });

  it("masks that change the type make the whole column text", () => {
    const column: ColumnExtract = { ...columnOf("date", clear), transforms: { clear, year: { kind: "year" } } };
    expect(sqlOf({ columns: [column] })).toContain(
      `CASE "verdict"."mask_0" WHEN 1 THEN CAST("record"."E" AS VARCHAR) WHEN 2 THEN left(CAST("record"."E" AS VARCHAR), -6) END AS "E"`,
    );
  });
});

describe("a whole query", () => {
  const columns = [
    columnOf("text", clear, "NAME"),
    { ...columnOf("date", clear, "BORN"), category: "b", transforms: { clear, year: { kind: "year" } as const } },
  ];
  const verdicts = [
    { classId: 3, masks: { a: "omitted", b: "year" } },
    { classId: 1, masks: { a: "clear", b: "unheard-of" } },
    { classId: 2, masks: { a: "omitted" } },
  ];

  it("joins rows to people and people to verdicts, and nothing else gets in", () => {
    const sources = [{ dataset: "d", file: "S.parquet", verdicts }];
    expect(sqlOf({ columns, sources, span: { from: "FROM", to: "TO" } }, { pseudonym: true })).toMatchSnapshot();
    const { spec } = specOf({ columns, sources }, { pseudonym: true });
    const dataset = spec.datasets[0];
    if (dataset === undefined) throw new Error("there is one");
    expect(printSelect(peopleQuery(spec, dataset, { index: 1, of: 4 }), locate)).toMatchSnapshot();
  });

  it("is not made when every class loses every column", () => {
    expect(
      sqlOf({ columns, sources: [{ dataset: "d", file: "S.parquet", verdicts: [{ classId: 0, masks: { a: "omitted" } }] }] }),
    ).toBeUndefined();
    expect(sqlOf({ columns, sources: [{ dataset: "d", file: "S.parquet", verdicts: [] }] })).toBeUndefined();
  });

  it("quotes names and values, whatever they hold", () => {
    const hostile = `"; DROP TABLE x; --'`;
    const on = { element: hostile, category: "a", type: "text" } as const;
    const sql = sqlOf({ columns: [columnOf("text", clear, hostile)], filter: { kind: "in", on, values: ["' OR 1=1 --", "b"] } });
    expect(sql).toContain(`"record"."""; DROP TABLE x; --'" IN (CAST(''' OR 1=1 --' AS VARCHAR), CAST('b' AS VARCHAR))`);
    expect(() => sqlOf({ columns: [columnOf("text", clear, "a\0b")] })).toThrow("NUL");
  });
});

describe("filters", () => {
  const on = { element: "E", category: "b", type: "integer" } as const;
  const over: Filter = { kind: "compare", on, op: "ge", value: "10" };

  it("select nobody whose class withholds what they ask about", () => {
    const verdicts = [
      { classId: 0, masks: { a: "clear", b: "clear" } },
      { classId: 1, masks: { a: "clear", b: "omitted" } },
    ];
    const change = { columns: [columnOf("text", clear)], filter: over, sources: [{ dataset: "d", file: "S.parquet", verdicts }] };
    const { segment } = specOf(change);
    const source = segment.sources[0];
    if (source === undefined) throw new Error("there is one");
    expect(evaluateExtract(segment, source, 0).released).toBe(true);
    expect(evaluateExtract(segment, source, 1).released).toBe(false);
    expect(sqlOf(change)).toContain(`VALUES (0, 1, 1)) AS "verdict"`);
    expect(sqlOf(change)).toContain(`"verdict"."mask_1" = 1`);
  });

  it("leave open what a missing value leaves open, also under not", () => {
    const missing = (): null => null;
    expect(filterHolds(over, missing)).toBeUndefined();
    expect(filterHolds({ kind: "not", of: over }, missing)).toBeUndefined();
    expect(filterHolds({ kind: "or", of: [over, { kind: "not", of: { kind: "present", on } }] }, missing)).toBe(true);
    expect(filterHolds({ kind: "and", of: [over, { kind: "present", on }] }, missing)).toBe(false);
    expect(filterHolds({ kind: "not", of: { kind: "in", on, values: [] } }, () => "1")).toBeUndefined();
  });
});

describe("transforms", () => {
  it("band every whole number into the band that holds it", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 1, max: 1000 }), (value, width) => {
        const [, from = "", to = ""] = /^(-?\d+)-(-?\d+)$/.exec(transformed({ kind: "band", width }, String(value), null) ?? "") ?? [];
        expect(BigInt(from) <= value && value <= BigInt(to) && BigInt(to) - BigInt(from) === BigInt(width - 1)).toBe(true);
      }),
    );
  });

  it("keep missing values missing, and give text where types differ", () => {
    for (const transform of [clear, { kind: "year" }, { kind: "zip3", sparse: [] }, { kind: "band", width: 5 }] as const) {
      expect(transformed(transform, null, "p")).toBeNull();
    }
    expect(transformed({ kind: "omit" }, "x", "p")).toBeNull();
    expect(outputType("date", [clear, { kind: "omit" }])).toBe("date");
    expect(outputType("date", [clear, { kind: "year" }])).toBe("text");
    expect(outputType("text", [{ kind: "pseudonym" }])).toBe("uuid");
  });
});

describe("the SQL a plan shows", () => {
  it("is what runs, in order, and leaves out datasets that release nothing", () => {
    const { spec } = specOf({ columns: [columnOf("text", clear)] });
    expect(sqlTexts(spec).map(({ dataset, segment }) => [dataset, segment])).toEqual([
      ["d", undefined],
      ["d", "S"],
    ]);
    const [, shown] = sqlTexts(spec);
    expect(shown?.sql).toBe(sqlOf({ columns: [columnOf("text", clear)] }));
    expect(sqlTexts(specOf({ columns: [columnOf("text", { kind: "omit" })] }).spec)).toEqual([]);
  });
});

describe("slices", () => {
  it("are one for a small dataset and powers of two for a large one", () => {
    const sizes = [0, 1, 1_000_000, 1_000_001, 15_000_000].map(
      (people) => slicesOf({ digest: "d", origin: "CA", people, classesFile: "c", classes: [] }).length,
    );
    expect(sizes).toEqual([1, 1, 1, 2, 16]);
  });
});

describe("a spec", () => {
  it("is refused with all that is wrong with it", () => {
    const on = { element: "N", category: "a", type: "integer" } as const;
    const { spec } = specOf({
      columns: [
        columnOf("text", clear, "Name"),
        columnOf("text", clear, "NAME"),
        columnOf("text", clear, "person_key"),
        columnOf("text", { kind: "year" }, "Y"),
      ],
      filter: {
        kind: "and",
        of: [
          { kind: "in", on, values: [] },
          { kind: "compare", on, op: "eq", value: "ten" },
        ],
      },
      sources: [
        {
          dataset: "unlisted",
          file: "S.parquet",
          verdicts: [
            { classId: 1, masks: {} },
            { classId: 1, masks: {} },
          ],
        },
      ],
    });
    const checked = checkedSpec(spec);
    expect(checked.ok ? [] : checked.problems.map(({ message }) => message)).toEqual([
      'the element "NAME" is named twice',
      'the element "person_key" is named twice',
      '"year" is not defined for Y, which is text',
      "the filter on N lists no value",
      "the filter on N holds a value that is no integer",
      "S draws on a dataset the extract does not list",
      "a class has two verdicts, no whole number for an id, or marks where there are none",
    ]);
  });

  it.each([
    ["a mark, where rows bear none", undefined, [{ classId: 1, mark: 0, masks: {} }]],
    ["no mark, where rows bear some", true, [{ classId: 1, masks: {} }]],
    ["one mark twice", true, [0, 1, 0].map((mark) => ({ classId: 1, mark, masks: {} }))],
  ] as const)("is refused with %s", (_, marked, verdicts) => {
    const { spec } = specOf({ ...(marked === undefined ? {} : { marked }), sources: [{ dataset: "d", file: "S.parquet", verdicts }] });
    const checked = checkedSpec(spec);
    expect(checked.ok ? [] : checked.problems.map(({ code }) => code)).toContain("E_BUG");
  });
});
