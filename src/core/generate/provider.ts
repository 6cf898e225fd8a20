import { compactDay } from "./calendar.ts";
import type { DayNumber } from "./calendar.ts";
import { fictitiousSsn, firstName, lastName, MOST_PEOPLE, phone, place } from "./fictitious.ts";
import type { Sex } from "./fictitious.ts";
import { planNumber } from "./managed-care.ts";
import type { Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import { seededRandom } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { NO_ROWS } from "./recipe.ts";

/** Kinds of providers, in turn: each kind is an eighth of a state's providers. Only the last treats substance use. */
export const PROVIDER_KINDS = [
  "physician",
  "hospital",
  "nursing-facility",
  "pharmacy",
  "dentist",
  "transport",
  "home-care",
  "treatment-programme",
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** Taxonomy codes of the kinds; the last is among those of catalog/part2. */
export const TAXONOMY: Readonly<Record<ProviderKind, string>> = {
  physician: "207Q00000X",
  hospital: "282N00000X",
  "nursing-facility": "314000000X",
  pharmacy: "333600000X",
  dentist: "122300000X",
  transport: "343900000X",
  "home-care": "251E00000X",
  "treatment-programme": "261QR0405X",
};
const INDIVIDUALS: ReadonlySet<ProviderKind> = new Set(["physician", "dentist"]);

const KINDS = PROVIDER_KINDS.length;
const MOST_PROVIDERS = 8992;
const FIRST_NUMBER = 1000;

/** How many providers serve so many people: a multiple of the kinds. */
export const providerCount = (people: number): number => Math.min(MOST_PROVIDERS, KINDS * (2 + Math.floor(people / 400)));

/** The number of one of the state's providers of a kind, chosen by `lot`. */
export const providerNumber = (providers: number, kind: ProviderKind, lot: number): string =>
  `PROV${FIRST_NUMBER + KINDS * (lot % (providers / KINDS)) + PROVIDER_KINDS.indexOf(kind)}`;

/** A number in the form of the national one; real ones start with 1 or 2. */
export const providerNpi = (fips: string, number: string): string => `9${fips}000${number.slice(4)}`;

/** Where a provider is seen; claims name it. */
export const LOCATION = "001";

/** A provider as submitted, true without end. */
export type Provider = Span & {
  readonly number: string;
  readonly npi: string;
  readonly kind: ProviderKind;
  readonly name: { readonly first: string; readonly last: string; readonly sex: Sex };
  readonly ssn: string;
  readonly birth: DayNumber;
  readonly line: string;
  readonly town: string;
  readonly zip: string;
  readonly county: string;
  readonly phone: string;
  readonly fips: string;
  readonly lot: number;
};

export function* providersOf(plan: GenerationPlan, { population, people }: StatePlan): Generator<Provider, void> {
  const random = seededRandom(plan.seed, "providers", population.state);
  const { fips, zip3, counties, areaCode } = population;
  for (let index = 0; index < providerCount(people); index += 1) {
    const number = `PROV${FIRST_NUMBER + index}`;
    const kind = PROVIDER_KINDS[index % KINDS] ?? "physician";
    const sex: Sex = random.chance(0.5) ? "F" : "M";
    yield {
      number,
      npi: providerNpi(fips, number),
      kind,
      name: { first: firstName(random, sex), last: lastName(random), sex },
      ssn: fictitiousSsn(MOST_PEOPLE + Number(fips) * MOST_PROVIDERS + index),
      birth: plan.period.anchor - 10_000 - random.below(12_000),
      ...place(random, zip3),
      county: random.pick(counties),
      phone: phone(random, areaCode),
      fips,
      from: plan.period.anchor - 3000 - random.below(3000),
      to: Number.POSITIVE_INFINITY,
      lot: random.uint32(),
    };
  }
}

const itself = (provider: Provider): readonly Provider[] => [provider];
const only =
  (has: (provider: Provider) => boolean) =>
  (provider: Provider): readonly Provider[] =>
    has(provider) ? [provider] : NO_ROWS;
const isIndividual = ({ kind }: Provider): boolean => INDIVIDUALS.has(kind);
/** A sole practitioner's tax number is the Social Security number: a column of codes that holds one. */
const usesSsn = (provider: Provider): boolean => isIndividual(provider) && provider.lot % 4 === 0;
const hasBeds = ({ kind }: Provider): boolean => kind === "hospital" || kind === "nursing-facility";
const number = ({ number }: Provider): string => number;
const located = { "SUBMITTING-STATE-PROV-ID": number, "PROV-LOCATION-ID": () => LOCATION };
const identified = (type: string, value: (provider: Provider) => string): Recipe<Provider>["cells"] => ({
  ...located,
  "PROV-IDENTIFIER-TYPE": () => type,
  "PROV-IDENTIFIER-ISSUING-ENTITY-ID": () => "GENERATED",
  "PROV-IDENTIFIER": value,
});
const company = (provider: Provider): string => (isIndividual(provider) ? "" : `${provider.name.last} ${provider.kind} (generated)`);

export const PROVIDER_RECIPES: readonly Recipe<Provider>[] = [
  {
    segment: "PRV00002",
    rows: itself,
    cells: {
      "SUBMITTING-STATE-PROV-ID": number,
      "PROV-LEGAL-NAME": (provider) => company(provider) || `${provider.name.first} ${provider.name.last}`,
      "PROV-ORGANIZATION-NAME": company,
      "FACILITY-GROUP-INDIVIDUAL-CODE": (provider) => (isIndividual(provider) ? "03" : "01"),
      "PROV-FIRST-NAME": (provider) => (isIndividual(provider) ? provider.name.first : ""),
      "PROV-LAST-NAME": (provider) => (isIndividual(provider) ? provider.name.last : ""),
      SEX: (provider) => (isIndividual(provider) ? provider.name.sex : ""),
      "DATE-OF-BIRTH": (provider) => (isIndividual(provider) ? compactDay(provider.birth) : ""),
      "ACCEPTING-NEW-PATIENTS-IND": ({ lot }) => String(lot % 2),
    },
  },
  {
    segment: "PRV00003",
    rows: itself,
    cells: {
      ...located,
      "PROV-ADDR-TYPE": () => "4",
      "ADDR-LN1": ({ line }) => line,
      "ADDR-CITY": ({ town }) => town,
      "ADDR-STATE": ({ fips }) => fips,
      "ADDR-ZIP-CODE": ({ zip }) => zip,
      "ADDR-TELEPHONE": ({ phone }) => phone,
      "ADDR-EMAIL": ({ number }) => `${number.toLowerCase()}@example.org`,
      "ADDR-BORDER-STATE-IND": () => "0",
      "ADDR-COUNTY": ({ county }) => county,
    },
  },
  {
    segment: "PRV00004",
    rows: itself,
    cells: {
      ...located,
      "LICENSE-TYPE": () => "1",
      "LICENSE-ISSUING-ENTITY-ID": () => "GENERATED BOARD",
      "LICENSE-OR-ACCREDITATION-NUMBER": ({ number }) => `LIC-${number}`,
    },
  },
  { segment: "PRV00005", rows: itself, cells: identified("2", ({ npi }) => npi) },
  { segment: "PRV00005", rows: only(usesSsn), cells: identified("5", ({ ssn }) => ssn) },
  {
    segment: "PRV00006",
    rows: itself,
    cells: {
      "SUBMITTING-STATE-PROV-ID": number,
      "PROV-CLASSIFICATION-TYPE": () => "1",
      "PROV-CLASSIFICATION-CODE": ({ kind }) => TAXONOMY[kind],
    },
  },
  {
    segment: "PRV00007",
    rows: itself,
    cells: {
      "SUBMITTING-STATE-PROV-ID": number,
      "PROV-MEDICAID-ENROLLMENT-STATUS-CODE": () => "01",
      "STATE-PLAN-ENROLLMENT": () => "1",
      "PROV-ENROLLMENT-METHOD": () => "1",
      "APPL-DATE": ({ from }) => compactDay(from - 40),
    },
  },
  {
    segment: "PRV00008",
    rows: only(isIndividual),
    cells: {
      "SUBMITTING-STATE-PROV-ID": number,
      // The hospital next to it in the list of kinds.
      "SUBMITTING-STATE-PROV-ID-OF-AFFILIATED-ENTITY": ({ number, kind }) =>
        `PROV${Number(number.slice(4)) + PROVIDER_KINDS.indexOf("hospital") - PROVIDER_KINDS.indexOf(kind)}`,
    },
  },
  {
    segment: "PRV00009",
    rows: only(({ lot }) => lot % 5 === 0),
    cells: {
      "SUBMITTING-STATE-PROV-ID": number,
      "AFFILIATED-PROGRAM-TYPE": () => "2",
      "AFFILIATED-PROGRAM-ID": ({ lot }) => planNumber(lot),
    },
  },
  {
    segment: "PRV00010",
    rows: only(hasBeds),
    cells: {
      ...located,
      "BED-TYPE-CODE": ({ kind }) => (kind === "hospital" ? "4" : "1"),
      "BED-COUNT": ({ lot }) => String(20 + (lot % 300)),
    },
  },
];
