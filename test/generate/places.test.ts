/** The shipped codes of places: each of one state, all states there, and generated people living in theirs. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AreaList } from "../../src/core/validate/area-list.ts";
import { ANY_AREA, parseAreaList } from "../../src/core/validate/area-list.ts";
import { catalogueWords } from "../../src/core/catalog/words.ts";
import { shippedVocabulary } from "../intake/tmsis-file.ts";
import { SOURCES } from "./made.ts";

const LISTS = ["zip-codes", "counties"].map((name): AreaList => {
  const read = parseAreaList({
    file: `${name}.csv`,
    text: readFileSync(new URL(`../../catalog/places/${name}.csv`, import.meta.url), "utf8"),
  });
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join());
  return read.value;
});

/** The areas of each code, every one written out. */
const areasOf = ({ codes }: AreaList): ReadonlyMap<string, readonly string[]> => {
  const areas = new Map<string, readonly string[]>();
  for (const { area, first, last, every } of codes)
    for (let code = Number(first); code <= Number(last); code += every) {
      const text = String(code).padStart(first.length, "0");
      areas.set(text, [...(areas.get(text) ?? []), area]);
    }
  return areas;
};
const [zips, counties] = LISTS.map(areasOf) as [ReadonlyMap<string, readonly string[]>, ReadonlyMap<string, readonly string[]>];

describe("the codes of places", () => {
  it("name every state, and no ZIP code two of them", async () => {
    const { fips = {} } = catalogueWords(await shippedVocabulary());
    for (const { codes } of LISTS) expect(Object.keys(fips).filter((code) => !codes.some(({ area }) => area === code))).toEqual([]);
    expect([...zips].filter(([, areas]) => areas.length > 1)).toEqual([]);
  });

  it("know borders, islands and soldiers", () => {
    const of = (zip: string): string | undefined => zips.get(zip)?.join();
    expect(["06385", "06390", "20500", "00802", "96799", "96910", "09012", "90210", "99999", "00000"].map(of)).toEqual(
      ["09", "36", "11", "78", "60", "66", ANY_AREA, "06", "02", undefined], // prettier-ignore
    );
    expect([...(counties.get("510") ?? [])].toSorted()).toEqual(["24", "29", "32", "51"]);
  });

  it.each(SOURCES.populations.map((one) => [one.state, one] as const))(
    "hold where generated people of %s live",
    (_, { fips, zip3, ...one }) => {
      const places = Array.from({ length: 100 }, (__, at) => zips.get(`${zip3}${String(at).padStart(2, "0")}`)?.join());
      expect(places.filter((area) => area !== fips)).toEqual([]);
      expect(one.counties.filter((county) => counties.get(county)?.includes(fips) !== true)).toEqual([]);
    },
  );
});
