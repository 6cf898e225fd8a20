import { compactDay } from "./calendar.ts";
import { planNumber } from "./managed-care.ts";
import type { Address, Coverage, Person, Span, Standing, StandingSpan } from "./person.ts";
import type { Recipe } from "./recipe.ts";
import { NO_ROWS, recipe } from "./recipe.ts";

const whole = (person: Person): readonly Span[] => [person.enrolled];
const when =
  (has: (person: Person) => boolean) =>
  (person: Person): readonly Span[] =>
    has(person) ? [person.enrolled] : NO_ROWS;
/** One of the codes 1 to `count`, of `width` digits, from the person's own number. */
const code =
  (count: number, width: number, turn: number) =>
  (person: Person): string =>
    String(1 + ((person.lot >>> turn) % count)).padStart(width, "0");
const provider = (person: Person): string => person.provider;

const IMMIGRATION: Readonly<Record<Standing, readonly [citizenship: string, status: string]>> = {
  citizen: ["1", "8"],
  national: ["2", "8"],
  qualified: ["0", "1"],
  "lawfully-present": ["0", "2"],
  "emergency-only": ["0", "3"],
};
const noncitizen = (row: StandingSpan): boolean => IMMIGRATION[row.standing][0] === "0";
const FIVE_YEARS_DAYS = 1826;
/** The number Medicare knows somebody by who has both, in a form Medicare does not give out. */
export const medicareNumber = ({ coverage, lot }: Person): string =>
  coverage[0]?.dual === "00" ? "" : `9FIC${String(lot % 10_000_000).padStart(7, "0")}`;
const DEMONSTRATION = "01";
export const waiverType: (person: Person) => string = code(15, 2, 3);
/** In the forms of demonstrations and of waivers; of no state, and above the numbers given out. */
export const waiverNumber = (person: Person): string =>
  waiverType(person) === DEMONSTRATION ? `11-W-${99_900 + (person.lot % 20)}/9` : `ZZ.${9900 + (person.lot % 20)}`;

const primary: Recipe<Person> = {
  segment: "ELG00002",
  rows: whole,
  cells: {
    "ELIGIBLE-FIRST-NAME": (person) => person.first,
    "ELIGIBLE-LAST-NAME": (person) => person.last,
    "ELIGIBLE-MIDDLE-INIT": (person) => person.middle,
    SEX: (person) => person.sex,
    "DATE-OF-BIRTH": (person) => compactDay(person.birth),
    "DATE-OF-DEATH": (person) => (person.death === undefined ? "" : compactDay(person.death)),
  },
};

const variable = recipe<Person, StandingSpan>({
  segment: "ELG00003",
  rows: (person) => person.standings,
  cells: {
    "MARITAL-STATUS": (person) => (person.role === "child" ? "" : code(4, 2, 3)(person)),
    SSN: (person) => person.ssn,
    "SSN-VERIFICATION-FLAG": (person) => (person.ssn === "" ? "0" : person.lot % 50 === 0 ? "2" : "1"),
    "INCOME-CODE": code(3, 2, 5),
    "VETERAN-IND": (person) => (person.role !== "child" && person.lot % 60 === 0 ? "1" : "0"),
    "CITIZENSHIP-IND": (_, row) => IMMIGRATION[row.standing][0],
    "CITIZENSHIP-VERIFICATION-FLAG": (person, row) => (noncitizen(row) || person.lot % 40 === 0 ? "0" : "1"),
    "IMMIGRATION-STATUS": (_, row) => IMMIGRATION[row.standing][1],
    "IMMIGRATION-VERIFICATION-FLAG": (person, row) => (noncitizen(row) ? (person.lot % 10 === 0 ? "0" : "1") : ""),
    "IMMIGRATION-STATUS-FIVE-YEAR-BAR-END-DATE": (person, row) =>
      row.standing === "qualified" && person.lot % 3 === 0 ? compactDay(person.enrolled.from + (person.lot % FIVE_YEARS_DAYS)) : "",
    "PRIMARY-LANGUAGE-ENGL-PROF-CODE": (person) => (person.household.language === "ENG" ? "0" : code(3, 1, 7)(person)),
    "PRIMARY-LANGUAGE-CODE": (person) => person.household.language,
    "HOUSEHOLD-SIZE": (person) => `0${person.household.size}`,
    "PREGNANCY-IND": (person) => (person.pregnant ? "1" : "0"),
    "MEDICARE-BENEFICIARY-IDENTIFIER": (person) => medicareNumber(person),
    "CHIP-CODE": (person) => person.coverage.at(-1)?.chip ?? "",
  },
});

const contact = recipe<Person, Address>({
  segment: "ELG00004",
  rows: (person) => person.addresses,
  cells: {
    "ELIGIBLE-ADDR-TYPE": (_, row) => row.type,
    "ELIGIBLE-ADDR-LN1": (_, row) => row.line,
    "ELIGIBLE-ADDR-LN2": (person) => (person.lot % 6 === 0 ? `Apt ${1 + (person.lot % 40)}` : ""),
    "ELIGIBLE-CITY": (_, row) => row.town,
    "ELIGIBLE-STATE": (person) => person.household.fips,
    "ELIGIBLE-ZIP-CODE": (_, row) => row.zip,
    "ELIGIBLE-COUNTY-CODE": (_, row) => row.county,
    "ELIGIBLE-PHONE-NUM": (person) => person.household.phone,
    "TYPE-OF-LIVING-ARRANGEMENT": (person) => (person.services.longTerm ? "Nursing facility (generated)" : ""),
  },
});

const determinants = recipe<Person, Coverage>({
  segment: "ELG00005",
  rows: (person) => person.coverage,
  cells: {
    "MSIS-CASE-NUM": (person) => person.household.caseNumber,
    "DUAL-ELIGIBLE-CODE": (_, row) => row.dual,
    "PRIMARY-ELIGIBILITY-GROUP-IND": () => "1",
    "ELIGIBILITY-GROUP": (_, row) => row.group,
    "LEVEL-OF-CARE-STATUS": (person) => (person.services.longTerm ? code(5, 3, 2)(person) : ""),
    "SSDI-IND": (person) => (person.services.disabled && person.role === "adult" ? "1" : "0"),
    "SSI-IND": (_, row) => (row.group === "11" ? "1" : "0"),
    "SSI-STATE-SUPPLEMENT-STATUS-CODE": () => "000",
    "SSI-STATUS": (_, row) => (row.group === "11" ? "001" : "000"),
    "STATE-SPEC-ELIG-GROUP": (_, row) => row.aidCode,
    "CONCEPTION-TO-BIRTH-IND": (_, row) => (row.unborn ? "1" : "0"),
    "RESTRICTED-BENEFITS-CODE": (_, row) => row.benefits,
    "TANF-CASH-CODE": (person) => (person.lot % 30 === 0 ? "2" : "1"),
    // Free text says what nobody expects of it; this is why it is denied.
    "STATE-NOTATION": (person) => (person.lot % 200 === 0 ? "GENERATED NOTE - CASEWORKER WRITES OF STATUS AND DIAGNOSIS HERE" : ""),
  },
});

const HOME = { "HEALTH-HOME-SPA-NAME": () => "Generated Health Home", "HEALTH-HOME-ENTITY-NAME": () => "Placeholder Care Network" };
const atHome = when((person) => person.services.healthHome);
const RELATED: readonly Recipe<Person>[] = [
  { segment: "ELG00006", rows: atHome, cells: { ...HOME, "HEALTH-HOME-ENTITY-EFF-DATE": (person) => compactDay(person.enrolled.from) } },
  {
    segment: "ELG00007",
    rows: atHome,
    cells: { ...HOME, "HEALTH-HOME-PROV-NUM": provider, "HEALTH-HOME-ENTITY-EFF-DATE": (person) => compactDay(person.enrolled.from) },
  },
  { segment: "ELG00008", rows: atHome, cells: { "HEALTH-HOME-CHRONIC-CONDITION": (person) => "ABCDEFG".charAt(person.lot % 7) } },
  {
    segment: "ELG00009",
    rows: when((person) => person.services.lockIn),
    cells: { "LOCKIN-PROV-NUM": provider, "LOCKIN-PROV-TYPE": code(57, 2, 1) },
  },
  {
    segment: "ELG00010",
    rows: when((person) => person.services.moneyFollows),
    cells: { "MFP-LIVES-WITH-FAMILY": code(2, 1, 4), "MFP-QUALIFIED-INSTITUTION": code(5, 2, 2), "MFP-QUALIFIED-RESIDENCE": code(5, 2, 6) },
  },
  {
    segment: "ELG00011",
    rows: (person) => person.coverage.filter((row) => row.benefits === "7"),
    cells: { "STATE-PLAN-OPTION-TYPE": () => "06" },
  },
  {
    segment: "ELG00012",
    rows: when((person) => person.services.waiver),
    cells: { "WAIVER-ID": waiverNumber, "WAIVER-TYPE": waiverType },
  },
  {
    segment: "ELG00013",
    rows: when((person) => person.services.longTerm),
    cells: { "LTSS-LEVEL-CARE": code(3, 1, 2), "LTSS-PROV-NUM": provider },
  },
  {
    segment: "ELG00014",
    rows: when((person) => person.services.managedCare),
    cells: { "MANAGED-CARE-PLAN-ID": (person) => planNumber(person.lot), "ENROLLED-MANAGED-CARE-PLAN-TYPE": () => "01" },
  },
  { segment: "ELG00015", rows: whole, cells: { "ETHNICITY-CODE": (person) => person.household.ethnicity } },
  { segment: "ELG00016", rows: whole, cells: { RACE: (person) => person.household.race } },
  { segment: "ELG00017", rows: when((person) => person.services.disabled), cells: { "DISABILITY-TYPE-CODE": code(7, 2, 4) } },
  { segment: "ELG00018", rows: when((person) => person.services.demonstration), cells: { "1115A-DEMONSTRATION-IND": () => "1" } },
  {
    segment: "ELG00020",
    rows: when((person) => person.services.homeCare),
    cells: { "HCBS-CHRONIC-CONDITION-NON-HEALTH-HOME-CODE": code(10, 3, 3) },
  },
  { segment: "ELG00021", rows: whole, cells: { "ENROLLMENT-TYPE": (person) => (person.coverage.at(-1)?.chip === "3" ? "2" : "1") } },
];

/** Every segment of the Eligible file but its header. Record ids, counters, person ids and spans are filled for all alike. */
export const ELIGIBLE_RECIPES: readonly Recipe<Person>[] = [primary, variable, contact, determinants, ...RELATED];
