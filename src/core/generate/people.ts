import type { DayNumber } from "./calendar.ts";
import { OPEN } from "./calendar.ts";
import { drawHasSsn, drawIdentity, drawPerson } from "./draw-person.ts";
import { fictitiousSsn, lastName, stateNumber, temporaryNumber } from "./fictitious.ts";
import type { HouseholdMix } from "./household.ts";
import { drawHousehold, drawStatus, householdMix } from "./household.ts";
import type { Person, Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";

/**
 * The people of one state's submission, in the order of the file: households, then people with a second id, then those shared with the
 * states before and after. INVARIANT: exactly `state.people` of them.
 */
export function* peopleOf(plan: GenerationPlan, state: StatePlan): Generator<Person, void> {
  const mix = householdMix(state.population, state.people);
  const { shared, renumbered } = state;
  const at = plan.states.indexOf(state);
  const before = plan.states[at - 1];
  const settled = state.people - 2 * renumbered - shared - (before?.shared ?? 0);
  yield* settledPeople(plan, state, mix, settled);
  for (let pair = 0; pair < renumbered; pair += 1) yield* renumberedPerson(plan, state, mix, pair, settled + 2 * pair);
  const first = settled + 2 * renumbered;
  for (let pair = 0; pair < (before?.shared ?? 0); pair += 1) yield sharedPerson(plan, state, mix, before, pair, first + pair);
  const second = state.people - shared;
  for (let pair = 0; pair < shared; pair += 1) yield sharedPerson(plan, state, mix, state, pair, second + pair);
}

function* settledPeople(plan: GenerationPlan, state: StatePlan, mix: HouseholdMix, count: number): Generator<Person, void> {
  const random = seededRandom(plan.seed, "people", state.population.state);
  for (let index = 0, number = 0; index < count; number += 1) {
    const { household, roles, mixed } = drawHousehold(random, mix, number);
    for (const role of roles.slice(0, count - index)) {
      const status = drawStatus(random, mix, role, mixed);
      const ssn = drawHasSsn(random, status) ? fictitiousSsn(state.before + index) : "";
      const identity = { ...drawIdentity(random, mix, { role, status, last: household.lastName }, plan.period), ssn };
      const ordinal = state.before + index;
      yield drawPerson(random, mix, plan.period, identity, { id: personId(state, index, ssn), ordinal, role, status, household });
      index += 1;
    }
  }
}

/** Every third person with two records is enrolled twice at once, which nobody may be; the others once after the other. */
const isConcurrent = (pair: number): boolean => pair % 3 === 2;

/** One person under two ids: re-enrolled under a new number; in an SSN-state, under a temporary one first. */
function* renumberedPerson(
  plan: GenerationPlan,
  state: StatePlan,
  mix: HouseholdMix,
  pair: number,
  index: number,
): Generator<Person, void> {
  const { period, seed } = plan;
  const random = seededRandom(seed, "renumbered", state.population.state, pair);
  const { household } = drawHousehold(random, mix, 70_000_000 + index);
  const ssn = fictitiousSsn(state.before + index);
  const identity = { ...citizen(random, plan, mix, household.lastName), ssn };
  const changed = dayInside(random, plan);
  const spans: readonly [Span, Span] = [
    { from: period.anchor - 1 - random.below(900), to: isConcurrent(pair) ? OPEN : changed },
    { from: changed + 1, to: OPEN },
  ];
  const ids = [state.idIsSsn ? temporaryNumber(index) : personId(state, index, ssn), personId(state, index + 1, ssn)] as const;
  const around = { role: "adult", status: "citizen", household } as const;
  const ordinal = state.before + index;
  yield drawPerson(random, mix, period, identity, { ...around, id: ids[0], ordinal, enrolled: spans[0] });
  yield drawPerson(random, mix, period, identity, { ...around, id: ids[1], ordinal: ordinal + 1, enrolled: spans[1] });
}

/**
 * Somebody in the files of the state `origin` and of the next one: one identity and one SSN, two states' ids.
 * WHY: the identity is drawn from the pair of states, so that both submissions tell of the same person without knowing each other.
 */
function sharedPerson(
  plan: GenerationPlan,
  state: StatePlan,
  mix: HouseholdMix,
  origin: StatePlan | undefined,
  pair: number,
  index: number,
): Person {
  const words = [origin?.population.state ?? "", pair];
  const random = seededRandom(plan.seed, "mover", state.population.state, ...words);
  const { household } = drawHousehold(random, mix, 50_000_000 + index);
  const common = seededRandom(plan.seed, "identity", ...words);
  const ssn = fictitiousSsn((origin?.before ?? 0) + (origin?.people ?? 0) - (origin?.shared ?? 0) + pair);
  const identity = { ...citizen(common, plan, mix, lastName(common)), ssn };
  const moved = dayInside(common, plan);
  const from = plan.period.anchor - 1 - common.below(900);
  const stays = isConcurrent(pair) ? { from, to: OPEN } : undefined;
  return drawPerson(random, mix, plan.period, identity, {
    id: personId(state, index, ssn),
    ordinal: state.before + index,
    role: "adult",
    status: "citizen",
    household,
    enrolled: stays ?? (origin === state ? { from, to: moved } : { from: moved + 1, to: OPEN }),
  });
}

const citizen = (random: Random, plan: GenerationPlan, mix: HouseholdMix, last: string): ReturnType<typeof drawIdentity> =>
  drawIdentity(random, mix, { role: "adult", status: "citizen", last }, plan.period);

/** A day of the month that is neither its first nor its last. */
const dayInside = (random: Random, { period }: GenerationPlan): DayNumber =>
  period.first + 1 + random.below(period.last - period.first - 1);

/** INVARIANT: in an SSN-state the id of everybody who has a Social Security number is that number, or the temporary one from before. */
function personId(state: StatePlan, index: number, ssn: string): string {
  if (!state.idIsSsn) return stateNumber(state.population.fips, index);
  return ssn === "" ? temporaryNumber(index) : ssn;
}
