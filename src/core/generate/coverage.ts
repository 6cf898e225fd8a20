import type { Status } from "./household.ts";
import type { Coverage, Role, Span } from "./person.ts";
import type { Random } from "./random.ts";

/** What eligibility is drawn from. */
export type Eligible = {
  readonly role: Role;
  readonly status: Status;
  readonly ageYears: number;
  readonly pregnant: boolean;
  readonly woman: boolean;
  readonly expansion: boolean;
  /** The share of adults eligible for SSI who have Medicare too. */
  readonly dualShare: number;
};

type Terms = Omit<Coverage, keyof Span | "aidCode">;

const FULL = { dual: "00", benefits: "1", chip: "1", unborn: false } as const;

/**
 * Aid codes of a generated state: a letter for the money and the eligibility group.
 * M and K: federal and state together; E: emergency care, federal and state; S: the state alone; X: missing from the state's map.
 */
export const AID_FUNDING: Readonly<Record<"M" | "K" | "E" | "S", "federal" | "state-only">> = {
  M: "federal",
  K: "federal",
  E: "federal",
  S: "state-only",
};

/** Groups that generated coverage uses; the aid-code map lists each of them under each letter. */
export const GROUPS: readonly string[] = "01 05 06 07 09 11 12 23 24 25 26 31 35 61 64 72".split(" ");

/** Eligibility over a span of enrolment; now and then it changed on the way. */
export function drawCoverage(random: Random, person: Eligible, enrolled: Span, changed: Span["from"] | undefined): readonly Coverage[] {
  const terms = drawTerms(random, person);
  const letter = letterOf(random, person, terms);
  const now: Coverage = { ...terms, ...enrolled, aidCode: letter + terms.group };
  if (changed === undefined) return [now];
  const before: Coverage = { ...now, to: changed - 1, aidCode: earlierLetter(letter) + terms.group };
  return [before, { ...now, from: changed }];
}

function letterOf(random: Random, { status }: Eligible, terms: Terms): string {
  if (random.chance(0.003)) return "X";
  if (status === "emergency") return "E";
  if (status === "state-funded") return "S";
  return terms.chip === "3" ? "K" : "M";
}

/** Who is in the state's own programme today was in emergency care before. */
const earlierLetter = (letter: string): string => (letter === "S" ? "E" : letter);

/** Adults whose eligibility goes by SSI. */
export const SSI_SHARE = 0.12;
/** Aged people who have Medicare too. */
export const AGED_DUAL_SHARE = 0.8;

function drawTerms(random: Random, person: Eligible): Terms {
  if (person.status === "emergency" || person.status === "state-funded") return restrictedTerms(random, person);
  if (person.role === "child") return childTerms(random, person.ageYears);
  if (person.role === "aged") return agedTerms(random);
  if (person.pregnant) return { ...FULL, group: "05", benefits: random.chance(0.3) ? "4" : "1" };
  if (person.woman && random.chance(0.02)) return { ...FULL, group: "35", benefits: "6" };
  if (random.chance(SSI_SHARE)) return { ...FULL, group: "11", ...(random.chance(person.dualShare) ? { dual: "08" } : {}) };
  if (person.expansion && random.chance(0.7)) return { ...FULL, group: "72", benefits: random.chance(0.5) ? "7" : "1" };
  return { ...FULL, group: random.chance(0.03) && person.ageYears < 26 ? "09" : "01" };
}

/** Benefits restricted because of status; some states report their own programme as full. Groups 72 to 75 cannot be restricted so. */
function restrictedTerms(random: Random, person: Eligible): Terms {
  if (person.pregnant && person.status === "emergency" && random.chance(0.3))
    return { ...FULL, group: "64", benefits: random.chance(0.7) ? "4" : "1", chip: "3", unborn: true };
  const group = person.role === "child" ? "07" : person.role === "aged" ? "12" : person.pregnant ? "05" : "01";
  return { ...FULL, group, benefits: person.status === "state-funded" && random.chance(0.05) ? "1" : "2" };
}

function childTerms(random: Random, ageYears: number): Terms {
  const place = random.below(100);
  if (place < 12) return { ...FULL, group: "61", chip: "3" };
  if (place < 18) return { ...FULL, group: "31", chip: "2" };
  return { ...FULL, group: ageYears < 1 ? "06" : "07" };
}

/** Dual codes fix group and benefits: 02 and 04 are full, 01, 03, 05 and 06 pay Medicare's costs only. */
const DUALS = [
  ["02", "23", "1"],
  ["04", "25", "1"],
  ["08", "11", "1"],
  ["01", "23", "3"],
  ["03", "25", "3"],
  ["05", "24", "3"],
  ["06", "26", "3"],
] as const;

function agedTerms(random: Random): Terms {
  if (!random.chance(AGED_DUAL_SHARE)) return { ...FULL, group: "12" };
  const [dual, group, benefits] = random.chance(0.7) ? (DUALS[random.below(3)] ?? DUALS[0]) : (DUALS[3 + random.below(4)] ?? DUALS[3]);
  return { ...FULL, dual, group, benefits };
}
