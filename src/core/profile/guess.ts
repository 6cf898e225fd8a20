import type { ColumnTally } from "./column-tally.ts";
import { distinctBand, shareOf } from "./column-tally.ts";
import type { NameGuess } from "./name-clue.ts";
import { DATE_FORMS } from "../catalog/catalogue.ts";

/** `high`: name and values agree. `medium`: one of them says so and the other does not gainsay it. `none`: nobody can tell. */
export type Confidence = "high" | "medium" | "none";

/** What a column may hold. INVARIANT: without confidence the category is `unclassified`. */
export type ColumnGuess = { readonly category: string; readonly confidence: Confidence; readonly because: string };

const UNCLASSIFIED = "unclassified";
/** So large a share of values must have a shape for all of them to be called so. */
const NEARLY_ALL = 0.95;
/** Birth dates lie far apart; days of service do not. */
const BIRTH_YEARS = 25;

/** Shapes that betray a person wherever they stand, the share from which they do, and the categories in which they are at home. */
const TELLTALE: readonly { readonly shape: string; readonly above: number; readonly what: string; readonly home: readonly string[] }[] = [
  { shape: "ssn", above: 0, what: "Social Security numbers", home: ["ssn", "other-person-ssn", "provider-identifier", "medicaid-id", "medicare-id"] },
  { shape: "mbi", above: 0.5, what: "Medicare numbers", home: ["medicare-id"] },
  { shape: "email", above: 0.02, what: "e-mail addresses", home: ["contact", "provider-person"] },
  { shape: "phone", above: 0.05, what: "telephone numbers", home: ["phone", "contact", "provider-person", "provider"] },
  { shape: "street", above: 0.5, what: "streets", home: ["address", "trip-location", "provider-and-visit-location", "provider", "provider-person"] },
]; // prettier-ignore

/** What values alone tell. */
const BY_VALUE: readonly { readonly shape: string; readonly category: string; readonly what: string }[] = [
  { shape: "ssn", category: "ssn", what: "written as Social Security numbers are" },
  { shape: "mbi", category: "medicare-id", what: "of the form of Medicare numbers" },
  { shape: "npi", category: "provider-identifier", what: "provider numbers with a right check digit" },
  { shape: "email", category: "contact", what: "e-mail addresses" },
  { shape: "phone", category: "phone", what: "written as telephone numbers are" },
  { shape: "zip-plus-4", category: "address", what: "ZIP+4 codes" },
  { shape: "street", category: "address", what: "a number and a street" },
];

/** Too weak to guess by, worth telling. */
const HINTS: readonly { readonly shape: string; readonly what: string }[] = [
  { shape: "ssn-digits", what: "nine digits, which may be Social Security numbers" },
  { shape: "ten-digits", what: "ten digits, which may be telephone numbers" },
  { shape: "zip", what: "five digits, which may be ZIP codes" },
  { shape: "icd-10", what: "of the form of diagnosis codes" },
  { shape: "two-letters", what: "two letters, as states have" },
  { shape: "sex", what: "words for a person's sex" },
];

/** What the values of a category must look like for a name to count; `undefined` where they may look like anything. */
const FITS: Readonly<Record<string, (tally: ColumnTally) => boolean | undefined>> = {
  ssn: (tally) => shareOf(tally, "ssn") + shareOf(tally, "ssn-digits") >= NEARLY_ALL,
  "other-person-ssn": (tally) => shareOf(tally, "ssn") + shareOf(tally, "ssn-digits") >= NEARLY_ALL,
  "date-of-birth": isDates,
  "date-of-death": isDates,
  "date-of-treatment": isDates,
  "enrolment-date": isDates,
  phone: (tally) => shareOf(tally, "phone") + shareOf(tally, "ten-digits") >= NEARLY_ALL,
  sex: (tally) => tally.hashes.size <= 10 && (shareOf(tally, "sex") >= NEARLY_ALL || undefined),
  "race-ethnicity": (tally) => tally.hashes.size <= 100 && undefined,
  language: (tally) => tally.hashes.size <= 1_000 && undefined,
  diagnosis: (tally) => shareOf(tally, "icd-10") >= NEARLY_ALL || undefined,
  name: (tally) => shareOf(tally, "integer") < 0.5 && undefined,
};

function isDates(tally: ColumnTally): boolean {
  return shareOf(tally, "instant") >= NEARLY_ALL || DATE_FORMS.some((form) => shareOf(tally, form) >= NEARLY_ALL);
}

/** What a column holds, by its name and its values together. */
export function guessColumn(named: NameGuess | undefined, tally: ColumnTally): ColumnGuess {
  const betrayed = TELLTALE.find(({ shape, above }) => shareOf(tally, shape) > above);
  const valued = BY_VALUE.find(({ shape }) => shareOf(tally, shape) >= NEARLY_ALL);
  if (named !== undefined && betrayed !== undefined && (named.strong || valued === undefined) && !betrayed.home.includes(named.category))
    return unsure(`${named.because}, yet values look like ${betrayed.what}`);
  if (named?.strong === true) return byName(named, tally);
  if (valued !== undefined) {
    const agrees = named?.category === valued.category;
    const because = `its values are ${valued.what}`;
    return {
      category: valued.category,
      confidence: agrees ? "high" : "medium",
      because: agrees ? `${named.because} and ${because}` : because,
    };
  }
  if (shareOf(tally, "text") >= 0.3) return { category: "free-text", confidence: "medium", because: "its values are sentences" };
  if (betrayed !== undefined) return unsure(`some values look like ${betrayed.what}`);
  return unsure(hintOf(named, tally));
}

function byName(named: NameGuess, tally: ColumnTally): ColumnGuess {
  const { category, because } = named;
  if (tally.filled === 0) return { category, confidence: "medium", because: `${because}; it has no values here` };
  const fits = FITS[category]?.(tally);
  if (fits === false) return unsure(`${because}, but its values do not look like ${category}`);
  return fits === true
    ? { category, confidence: "high", because: `${because} and its values fit` }
    : { category, confidence: "medium", because };
}

const unsure = (because: string): ColumnGuess => ({ category: UNCLASSIFIED, confidence: "none", because });

function hintOf(named: NameGuess | undefined, tally: ColumnTally): string {
  if (tally.filled === 0) return "it has no values here";
  const said: string[] = [];
  if (named !== undefined) said.push(`${named.because}, which may mean ${named.category}`);
  if (isDates(tally) && tally.lastYear - tally.firstYear >= BIRTH_YEARS) said.push("its dates lie as far apart as births");
  else if (isDates(tally)) said.push("its values are dates");
  const hint = HINTS.find(({ shape }) => shareOf(tally, shape) >= NEARLY_ALL);
  if (hint !== undefined) said.push(`its values are ${hint.what}`);
  if (said.length === 0 && tally.hashes.size <= 100) said.push(`a code of few values (${distinctBand(tally)})`);
  return said.length === 0 ? "neither its name nor its values tell" : said.join("; ");
}
