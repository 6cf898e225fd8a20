import type { DayNumber } from "./calendar.ts";
import type { ClaimFile, Patient } from "./claim.ts";
import type { ClaimCase } from "./claim-cases.ts";
import { INPATIENT_CASES, LONG_TERM_CASE, OTHER_CASES, PHARMACY_CASE, substanceCases } from "./claim-cases.ts";
import type { Person, Span } from "./person.ts";
import type { GenerationPlan } from "./plan.ts";
import type { Random } from "./random.ts";

/** A claim somebody has: what for, whose treatment, and the day where it is not any. */
export type Need = { readonly case: ClaimCase; readonly patient?: Patient; readonly day?: DayNumber };
/** What a person needs of one file's claims, from the days on which the person may have been served. */
export type Needs = (random: Random, person: Person, window: Span) => readonly Need[];

/** What benefits a person's eligibility at the end of the month gives. */
type Scope = "full" | "emergency" | "medicare-costs" | "family-planning";

function scopeOf({ coverage }: Person): Scope {
  const last = coverage.at(-1);
  if (last?.aidCode.startsWith("E") === true) return "emergency";
  return last?.benefits === "3" ? "medicare-costs" : last?.benefits === "6" ? "family-planning" : "full";
}

const BIRTHS_EVERY = 7;

/** One pregnant woman in seven gave birth within the days served. The day follows from her own number, so that all files agree on it. */
export function birthDay({ pregnant, lot }: Person, { from, to }: Span, { period }: GenerationPlan): DayNumber | undefined {
  const month = Math.round(period.first / 30);
  return pregnant && (lot + month) % BIRTHS_EVERY === 0 ? from + ((lot >>> 8) % (to - from + 1)) : undefined;
}

/** A child of some days has no id of its own yet: its claims bear the mother's. */
const newborn = (mother: Person, birth: DayNumber): Patient => ({
  first: mother.lot % 2 === 0 ? "Babygirl" : "Babyboy",
  last: mother.last,
  middle: "",
  birth,
});

export function claimNeeds(file: ClaimFile, plan: GenerationPlan): Needs {
  const substance = substanceCases(plan.part2.diagnoses, plan.part2.procedures);
  switch (file) {
    case "claimip":
      return inpatientNeeds(substance.inpatient, plan);
    case "claimlt":
      return (_, { services }) => (services.longTerm ? [{ case: LONG_TERM_CASE }] : []);
    case "claimot":
      return otherNeeds(substance.other, plan);
    case "claimrx":
      return (random, person) =>
        times(random, PRESCRIPTIONS[scopeOf(person)] * (person.role === "aged" ? 2 : 1)).map(() => ({ case: PHARMACY_CASE }));
  }
}

const PRESCRIPTIONS: Readonly<Record<Scope, number>> = { full: 0.7, emergency: 0.03, "medicare-costs": 0, "family-planning": 0.2 };
const MOST_OF_A_KIND = 6;

/** None, once or several times, so often on average. */
function times(random: Random, average: number): readonly undefined[] {
  const again = average / (1 + average);
  let count = 0;
  while (count < MOST_OF_A_KIND && random.chance(again)) count += 1;
  return Array.from({ length: count });
}

function inpatientNeeds(substance: ClaimCase, plan: GenerationPlan): Needs {
  return (random, person, window) => {
    const birth = birthDay(person, window, plan);
    if (birth !== undefined) {
      const child = { case: INPATIENT_CASES.newborn, patient: newborn(person, birth), day: birth };
      return [{ case: INPATIENT_CASES.delivery, day: birth }, child];
    }
    const scope = scopeOf(person);
    if (scope === "emergency") return random.chance(0.005) ? [{ case: INPATIENT_CASES.emergency }] : [];
    if (scope !== "full") return [];
    const needed: Need[] = random.chance(person.role === "aged" ? 0.02 : 0.006) ? [{ case: INPATIENT_CASES.illness }] : [];
    if (random.chance(0.003)) needed.push({ case: INPATIENT_CASES.emergency });
    if (person.role === "adult" && random.chance(0.002)) needed.push({ case: substance });
    return needed;
  };
}

function otherNeeds(substance: ClaimCase, plan: GenerationPlan): Needs {
  return (random, person, window) => {
    const needed: Need[] = [];
    const birth = birthDay(person, window, plan);
    if (birth !== undefined) {
      needed.push({ case: OTHER_CASES.delivery, day: birth });
      needed.push({ case: OTHER_CASES.newborn, patient: newborn(person, birth), day: birth });
    }
    const scope = scopeOf(person);
    if (scope === "emergency") {
      if (random.chance(0.05)) needed.push({ case: OTHER_CASES.emergency });
      if (random.chance(0.005)) needed.push({ case: OTHER_CASES.visit });
    } else if (scope === "family-planning") {
      if (random.chance(0.3)) needed.push({ case: OTHER_CASES.planning });
    } else addFull(random, person, substance, needed);
    return needed;
  };
}

/** Chances of one claim each within the month. */
const CHANCES: Readonly<Record<Person["role"], readonly (readonly [number, ClaimCase])[]>> = {
  child: [
    [0.08, OTHER_CASES.dental],
    [0.02, OTHER_CASES.emergency],
  ],
  adult: [
    [0.04, OTHER_CASES.dental],
    [0.05, OTHER_CASES.emergency],
    [0.05, OTHER_CASES.sensitive],
    [0.03, OTHER_CASES.ride],
  ],
  aged: [
    [0.03, OTHER_CASES.emergency],
    [0.08, OTHER_CASES.ride],
    [0.02, OTHER_CASES.sensitive],
  ],
};

function addFull(random: Random, person: Person, substance: ClaimCase, needed: Need[]): void {
  const { services, role, pregnant } = person;
  if (services.managedCare) needed.push({ case: OTHER_CASES.capitation });
  const visit = role === "child" ? OTHER_CASES.child : OTHER_CASES.visit;
  for (const _ of times(random, role === "aged" ? 0.9 : 0.45)) needed.push({ case: visit });
  for (const [chance, one] of CHANCES[role]) if (random.chance(chance)) needed.push({ case: one });
  if (role === "adult" && random.chance(0.03)) needed.push({ case: substance });
  if (pregnant && random.chance(0.6)) needed.push({ case: OTHER_CASES.prenatal });
  if (services.homeCare) needed.push({ case: OTHER_CASES.home });
}
