import type { Random } from "./random.ts";

// Names, streets and numbers nobody bears: every value shows that it is made up.

const FIRST = {
  F: ["Quilla", "Fabula", "Exempla", "Ficta", "Mocka", "Samplina", "Protea", "Simula", "Nulla", "Varia", "Testa", "Imagina"],
  M: ["Exemplo", "Fabulus", "Mocko", "Protus", "Quillon", "Sampler", "Simulo", "Testan", "Varius", "Nullus", "Fictor", "Imago"],
} as const;
const HEAD = ["Place", "Mock", "Sample", "Test", "Dummy", "Fable", "Quill", "Proto", "Pretend", "Fiction"] as const;
const TAIL = ["holder", "person", "worth", "son", "wood", "field", "man", "well", "stone", "ley"] as const;
const STREETS = [
  "Placeholder St",
  "Imaginary Ave",
  "Sample Rd",
  "Nowhere Ln",
  "Fiction Blvd",
  "Test Ct",
  "Example Way",
  "Mock Hill Dr",
] as const;
const TOWNS = ["SAMPLETON", "MOCKVILLE", "TESTFIELD", "FICTIONBURG", "PLACEHOLDER SPRINGS"] as const;

export type Sex = "F" | "M";

export const firstName = (random: Random, sex: Sex): string => random.pick(FIRST[sex]);
export const lastName = (random: Random): string => random.pick(HEAD) + random.pick(TAIL);
export const middleInitial = (random: Random): string => (random.chance(0.6) ? String.fromCharCode(65 + random.below(26)) : "");
export const street = (random: Random): string => `${1 + random.below(9999)} ${random.pick(STREETS)}`;
export const town = (random: Random): string => random.pick(TOWNS);

/** Somewhere in the part of a state that a ZIP code's first three digits name. */
export const place = (random: Random, zip3: string): { readonly line: string; readonly town: string; readonly zip: string } => ({
  line: street(random),
  town: town(random),
  zip: `${zip3}${two(random.below(100))}`,
});

/** 555-0100 to 555-0199 are kept free for fiction in every area. */
export const phone = (random: Random, areaCode: string): string => `${areaCode}55501${two(random.below(100))}`;

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

const [AREAS, GROUPS, SERIALS] = [100, 40, 9999];
/** How many Social Security numbers there are to give; what people do not take goes to policy owners and providers. */
export const SSN_COUNT: number = AREAS * GROUPS * SERIALS;
export const MOST_PEOPLE = 35_000_000;

/**
 * The number of the `index`th person: areas 900 to 999 are never issued, and groups 10 to 49 are not used for taxpayer numbers either.
 * INVARIANT: different for every index below SSN_COUNT, and not in their order.
 */
export function fictitiousSsn(index: number): string {
  const place = (index * 27_644_437 + 1_234_567) % SSN_COUNT;
  const serial = 1 + (place % SERIALS);
  const rest = Math.floor(place / SERIALS);
  return `9${two(rest % AREAS)}${10 + Math.floor(rest / AREAS)}${String(serial).padStart(4, "0")}`;
}

/** A state's own number for its `index`th person: unique within the state and not in order. */
export const stateNumber = (fips: string, index: number): string =>
  `${fips}${String((index * 179_426_549 + Number(fips) * 86_028_121) % 1_000_000_000).padStart(9, "0")}`;

/** What an SSN-state gives a person without a Social Security number. */
export const temporaryNumber = (index: number): string => `T${String((index * 49_979_687 + 15_485_863) % 100_000_000).padStart(8, "0")}`;
