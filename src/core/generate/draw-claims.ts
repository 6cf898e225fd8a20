import type { Coverage, Person, Span } from "./person.ts";
import type { Claim, ClaimFile, ClaimLine, Patient } from "./claim.ts";
import type { ClaimCase, LineCase } from "./claim-cases.ts";
import { claimNeeds } from "./claim-needs.ts";
import type { DayNumber } from "./calendar.ts";
import { planNumber } from "./managed-care.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import { providerCount, providerNumber } from "./provider.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";

const [VOID_SHARE, REPLACED_SHARE, DENIED_SHARE] = [0.03, 0.04, 0.03];
/** A file holds what was decided in its month, on services of up to so many days before. */
const LATE_DAYS = 60;
const FILE_DIGITS: Readonly<Record<ClaimFile, number>> = { claimip: 1, claimlt: 2, claimot: 3, claimrx: 4 };

/**
 * Draws the claims of one file, person by person, from a stream of the file's own.
 * INVARIANT: every claim is of somebody enrolled on each day of its service, and decided in the file's month.
 */
export function claimDrawer(file: ClaimFile, plan: GenerationPlan, state: StatePlan): (person: Person) => readonly Claim[] {
  const random = seededRandom(plan.seed, file, state.population.state, plan.period.text);
  const needs = claimNeeds(file, plan);
  const providers = providerCount(state.people);
  const prefix = `${state.population.fips}${plan.period.text.replace("-", "")}${FILE_DIGITS[file]}`;
  let drawn = 0;
  const number = (): string => prefix + String((drawn += 1)).padStart(9, "0");
  return (person) => {
    const window = serviceDays(plan, person);
    if (window === undefined) return [];
    return needs(random, person, window).flatMap((need) => {
      const day = need.day ?? window.from + random.below(window.to - window.from + 1);
      return drawVersions(random, plan, { person, providers, window, number, case: need.case, patient: need.patient ?? person, day });
    });
  };
}

/** The days on which a person may have been served; undefined where there are none. */
export function serviceDays({ period }: GenerationPlan, { enrolled, birth }: Person): Span | undefined {
  const from = Math.max(enrolled.from, birth, period.first - LATE_DAYS);
  const to = Math.min(enrolled.to, period.last - 2);
  return from > to ? undefined : { from, to };
}

type Draw = {
  readonly person: Person;
  readonly patient: Patient;
  readonly case: ClaimCase;
  readonly day: DayNumber;
  readonly window: Span;
  readonly providers: number;
  readonly number: () => string;
};

/** A claim and, now and then, a void or replacement that was decided later. */
function drawVersions(random: Random, plan: GenerationPlan, draw: Draw): readonly Claim[] {
  const original = drawOriginal(random, plan, draw);
  const place = random.below(1000) / 1000;
  const later = plan.period.last - original.decided;
  if (place >= VOID_SHARE + REPLACED_SHARE || later < 1) return [original];
  const version = { ...original, adjusted: draw.number(), decided: original.decided + 1 + random.below(later) };
  if (place < VOID_SHARE) return [original, { ...version, adjustment: "1" }];
  const lines = original.lines.map((line) => ({ ...line, amountCents: Math.round(line.amountCents * 0.9) }));
  return [original, { ...version, adjustment: "4", lines, totalCents: total(lines) }];
}

function drawOriginal(random: Random, plan: GenerationPlan, draw: Draw): Claim {
  const { person, day } = draw;
  const { period } = plan;
  const to = Math.min(day + (draw.case.stayDays ?? 0), draw.window.to);
  const first = Math.max(period.first, to + 1);
  const decided = first + random.below(period.last - first + 1);
  const lot = random.uint32();
  const lines = drawLines(random, draw.case, { from: day, to });
  const capitated = draw.case.name === "capitation";
  const managed = person.services.managedCare && (capitated || random.chance(0.7));
  return {
    from: day,
    to,
    person,
    patient: draw.patient,
    case: draw.case,
    diagnoses: draw.case.diagnoses[lot % draw.case.diagnoses.length] ?? [],
    original: draw.number(),
    adjusted: "",
    adjustment: "0",
    decided,
    denied: !capitated && random.chance(DENIED_SHARE),
    coverage: coverageOn(person, day),
    plan: managed ? planNumber(person.lot) : "",
    provider: providerNumber(draw.providers, draw.case.provider, lot >>> 4),
    prescriber: person.provider,
    lines,
    totalCents: total(lines),
    lot,
  };
}

function coverageOn({ coverage }: Person, day: DayNumber): Coverage {
  const found = coverage.find(({ from, to }) => from <= day && day <= to) ?? coverage[0];
  if (found === undefined) throw new RangeError("a person without eligibility");
  return found;
}

const total = (lines: readonly ClaimLine[]): number => lines.reduce((sum, { amountCents }) => sum + amountCents, 0);

/** The first line always, each further one mostly; of drugs and treatments of substance use, one. */
function drawLines(random: Random, { lines, name }: ClaimCase, days: Span): readonly ClaimLine[] {
  const single = name === "drug" || name === "substance";
  const only = single ? random.below(lines.length) : undefined;
  const chosen = lines.filter((_, at) => (only === undefined ? at === 0 || random.chance(0.7) : at === only));
  return chosen.map((line, at) => lineOf(random, line, at + 1, days));
}

const lineOf = (random: Random, line: LineCase, number: number, { from, to }: Span): ClaimLine => ({
  from,
  to,
  number: String(number).padStart(3, "0"),
  procedure: line.procedure ?? "",
  revenue: line.revenue ?? "",
  drug: line.drug ?? "",
  amountCents: Math.round((line.cents * (60 + random.below(80))) / 100),
});
