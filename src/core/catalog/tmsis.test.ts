import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Catalogue, Element } from "./catalogue.ts";
import { parseCatalogue } from "./parse-catalogue.ts";
import { pictureBytes } from "./segments.ts";

/** File, segments, elements and bytes of a record in dictionary 2.4. */
const FILES = [
  ["claimip", 3, 275, 2100],
  ["claimlt", 3, 223, 1900],
  ["claimot", 3, 219, 1750],
  ["claimrx", 3, 155, 1450],
  ["eligible", 20, 251, 1000],
  ["mngdcare", 9, 111, 1000],
  ["provider", 10, 135, 1100],
  ["tpl", 6, 89, 900],
] as const;

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const categories = (parse(text("law/vocabulary/fields.yaml")) as { id: string }[]).map(({ id }) => id);

function read(name: string): Catalogue {
  const source = (file: string): { file: string; text: string } => ({ file, text: text(`catalog/tmsis/2.4/${file}`) });
  const catalogue = parseCatalogue(source(`${name}.yaml`), source(`${name}.csv`), { categories, fips: { "06": "CA" } });
  if (!catalogue.ok) throw new Error(JSON.stringify(catalogue.problems));
  return catalogue.value;
}

const elementsOf = (name: string): readonly Element[] => read(name).segments.flatMap(({ elements }) => elements);
const everything = FILES.flatMap(([name]) => elementsOf(name));
const ids = (of: (element: Element) => boolean): readonly string[] => everything.filter(of).map(({ id }) => id);

describe("the eight files of dictionary 2.4", () => {
  it.each(FILES)("%s has %d segments and %d elements, each byte of %d covered once", (name, segments, elements, lengthBytes) => {
    const catalogue = read(name);
    expect(catalogue.segments).toHaveLength(segments);
    expect(elementsOf(name)).toHaveLength(elements);
    for (const { id, elements: those } of catalogue.segments) {
      const covered = new Uint8Array(lengthBytes + 1);
      for (const { start, stop, picture } of those) {
        expect(pictureBytes(picture)).toBe(stop - start + 1);
        for (let at = start; at <= stop; at += 1) covered[at] = (covered[at] ?? 0) + 1;
      }
      expect(
        covered.slice(1).every((times) => times === 1),
        id,
      ).toBe(true);
      expect(those.map(({ start }) => start)).toEqual(those.map(({ start }) => start).sort((a, b) => a - b));
      expect(those[0]?.values).toEqual([id]);
    }
  });

  it("are 1,458 elements in 57 segments, each with a number of its own", () => {
    expect(everything).toHaveLength(1458);
    expect(new Set(everything.map(({ id }) => id)).size).toBe(1458);
    expect(FILES.reduce((sum, [, segments]) => sum + segments, 0)).toBe(57);
  });

  it("have a header without SSN-INDICATOR where they are about providers or plans", () => {
    const counts = FILES.map(([name]) => {
      const header = read(name).segments[0]?.elements ?? [];
      return [name, header.some((one) => one.name === "SSN-INDICATOR"), header.find((one) => one.name === "TOT-REC-CNT")?.start];
    });
    expect(counts.filter(([, told]) => told === true).every(([, , start]) => start === 68)).toBe(true);
    expect(counts.filter(([, told]) => told === false)).toEqual([
      ["mngdcare", false, 67],
      ["provider", false, 67],
    ]);
    expect(FILES.map(([name]) => name).filter((name) => read(name).about !== "people")).toEqual(["mngdcare", "provider"]);
  });
});

describe("their categories", () => {
  it("hold every notation to be free text, in all 57 segments", () => {
    expect(everything.filter(({ name }) => name === "STATE-NOTATION")).toHaveLength(57);
    expect(ids(({ name, category }) => name === "STATE-NOTATION" && category !== "free-text")).toEqual([]);
  });

  it("keep people who need not be enrolled, and providers, apart from beneficiaries", () => {
    expect(ids(({ category }) => category === "ssn")).toEqual(["ELG036"]);
    expect(ids(({ category }) => category === "other-person-ssn")).toEqual(["TPL046"]);
    expect(ids(({ category }) => category === "other-person-name")).toEqual(["TPL044", "TPL045"]);
    expect(ids(({ category }) => category === "provider-identifier")).toEqual(["PRV081"]);
    expect(ids(({ category }) => category === "provider-person")).toEqual(
      "PRV028 PRV029 PRV030 PRV031 PRV034 PRV035 PRV053 PRV054".split(" "),
    );
  });

  it("name trips, ids and birth dates wherever they stand", () => {
    expect(ids(({ category }) => category === "trip-location")).toEqual(Array.from({ length: 10 }, (_, at) => `COT${199 + at}`));
    expect(ids(({ name, category }) => name === "MSIS-IDENTIFICATION-NUM" && category !== "medicaid-id")).toEqual([]);
    expect(ids(({ category }) => category === "date-of-birth")).toEqual(["CIP175", "CLT126", "COT108", "CRX066", "ELG024"]);
    expect(ids(({ category }) => category === "unclassified")).toEqual([]);
  });
});

describe("signals of substance use", () => {
  const of = (name: string, signal: string): number => elementsOf(name).filter((element) => element.signal === signal).length;

  it("are every element that holds a code to look up", () => {
    expect(FILES.map(([name]) => of(name, "diagnosis"))).toEqual([13, 6, 2, 0, 0, 0, 0, 0]);
    expect(FILES.map(([name]) => of(name, "procedure"))).toEqual([7, 1, 2, 0, 0, 0, 0, 0]);
    expect(ids(({ signal }) => signal === "drg")).toEqual(["CIP068"]);
    expect(ids(({ signal }) => signal === "revenue")).toEqual(["CIP245", "CLT198", "COT168"]);
    expect(ids(({ signal }) => signal === "condition")).toEqual(["ELG130"]);
    expect(ids(({ signal }) => signal === "lock-in")).toEqual(["ELG140", "ELG141"]);
    expect(ids(({ signal }) => signal === "drug")).toHaveLength(4);
  });

  it("stand in no segment that is said to be free of them, but for the providers' own", () => {
    const free = FILES.flatMap(([name]) => read(name).segments).filter(({ special }) => special === "none");
    expect(free.filter(({ elements }) => elements.some(({ signal }) => signal !== undefined)).map(({ id }) => id)).toEqual(["PRV00006"]);
  });

  it("decide over claims by header and line", () => {
    const claims = FILES.flatMap(([name]) => read(name).segments).filter(({ claim }) => claim !== undefined);
    expect(claims.map(({ id, claim }) => [id, claim?.toldBy])).toEqual([
      ["CIP00002", "diagnosis"],
      ["CIP00003", undefined],
      ["CLT00002", "diagnosis"],
      ["CLT00003", undefined],
      ["COT00002", "diagnosis"],
      ["COT00003", undefined],
      ["CRX00002", undefined],
      ["CRX00003", undefined],
    ]);
  });
});
