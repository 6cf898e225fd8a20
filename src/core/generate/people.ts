import { OPEN } from "./calendar.ts";
import { drawHasSsn, drawIdentity, drawPerson } from "./draw-person.ts";
import { fictitiousSsn, stateNumber, temporaryNumber } from "./fictitious.ts";
import type { HouseholdMix } from "./household.ts";
import { drawHousehold, drawStatus, householdMix } from "./household.ts";
import type { Person } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import { seededRandom } from "./random.ts";

/** The people of one state's submission, in the order of the file. INVARIANT: exactly `state.people` of them. */
export function* peopleOf(plan: GenerationPlan, state: StatePlan): Generator<Person, void> {
  const mix = householdMix(state.population);
  yield* settledPeople(plan, state, mix);
  const [movedIn, movedOut] = [state.people - state.movedOut - state.movedIn, state.people - state.movedOut];
  const at = plan.states.indexOf(state);
  for (let mover = 0; mover < state.movedIn; mover += 1) yield movingPerson(plan, state, mix, at - 1, mover, movedIn + mover);
  for (let mover = 0; mover < state.movedOut; mover += 1) yield movingPerson(plan, state, mix, at, mover, movedOut + mover);
}

function* settledPeople(plan: GenerationPlan, state: StatePlan, mix: HouseholdMix): Generator<Person, void> {
  const random = seededRandom(plan.seed, "people", state.population.state);
  const count = state.people - state.movedIn - state.movedOut;
  for (let index = 0, number = 0; index < count; number += 1) {
    const { household, roles, mixed } = drawHousehold(random, mix, number);
    for (const role of roles.slice(0, count - index)) {
      const status = drawStatus(random, mix, role, mixed);
      const ssn = drawHasSsn(random, status) ? fictitiousSsn(state.before + index) : "";
      const identity = { ...drawIdentity(random, role, household.lastName, plan.period), ssn };
      yield drawPerson(random, mix, plan.period, identity, { id: personId(state, index, ssn), role, status, household });
      index += 1;
    }
  }
}

/**
 * Somebody who left the state `from` during the month for the next one: one identity and one SSN, two states' ids.
 * WHY: the identity is drawn from the pair of states, so that both submissions tell of the same person without knowing each other.
 */
function movingPerson(plan: GenerationPlan, state: StatePlan, mix: HouseholdMix, from: number, mover: number, index: number): Person {
  const { period, seed } = plan;
  const random = seededRandom(seed, "mover", plan.states[from]?.population.state ?? "", mover);
  const household = drawHousehold(random, mix, 50_000_000 + index).household;
  const shared = seededRandom(seed, "identity", plan.states[from]?.population.state ?? "", mover);
  const origin = plan.states[from];
  const ssn = fictitiousSsn((origin?.before ?? 0) + (origin?.people ?? 0) - (origin?.movedOut ?? 0) + mover);
  const identity = { ...drawIdentity(shared, "adult", household.lastName, period), ssn };
  const moved = period.first + 1 + shared.below(period.last - period.first - 1);
  const leaving = origin === state;
  const enrolled = leaving ? { from: period.first - 1 - shared.below(900), to: moved } : { from: moved + 1, to: OPEN };
  return drawPerson(random, mix, period, identity, {
    id: personId(state, index, ssn),
    role: "adult",
    status: "citizen",
    household,
    enrolled,
  });
}

/** INVARIANT: in an SSN-state the id of everybody who has a Social Security number is that number. */
function personId(state: StatePlan, index: number, ssn: string): string {
  if (!state.idIsSsn) return stateNumber(state.population.fips, index);
  return ssn === "" ? temporaryNumber(index) : ssn;
}
