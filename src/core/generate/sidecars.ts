import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import { AID_FUNDING, GROUPS } from "./coverage.ts";
import type { Person } from "./person.ts";
import type { GenerationPlan, StatePlan, StatusPlan } from "./plan.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";

export const HANDLES_HEADER = "msis_id,handle\n";
export const STATUS_HEADER = "state,msis_id,population,source,observed,valid_until,doc_sha256\n";

/** A state's map from its aid codes to the money behind them. Codes that start with X are missing on purpose. */
export function aidCodeMap({ population }: StatePlan): string {
  const lines = Object.entries(AID_FUNDING).flatMap(([letter, funding]) =>
    GROUPS.map(
      (group) => `${population.state},${letter}${group},2014-01-01,9999-12-31,${funding},generated aid-code table; no real plan\n`,
    ),
  );
  return `state,code,from,to,funding,cite\n${lines.join("")}`;
}

/** The text a status source's findings rest on; its digest stands in every line. */
export const statusDocument = ({ status, seed }: GenerationPlan): string =>
  `Generated document. It stands for the findings of ${status.source}, observed ${status.observed}, over test data of seed ${seed}.\nIt is about nobody.\n`;

/** The handle a state gives each of its people: 128 bits that say nothing. */
export function handleLines(plan: GenerationPlan, state: StatePlan): (person: Person) => string {
  const random = seededRandom(plan.seed, "handles", state.population.state);
  const word = (): string => random.uint32().toString(16).padStart(8, "0");
  return (person) => `${person.id},${word()}${word()}${word()}${word()}\n`;
}

/** How many people of each standing a status source has a finding on. */
const FOUND = { restricted: 0.6, noncitizen: 0.15, citizen: 0.005 } as const;
const STALE_DAYS = 60;

/**
 * Lines of the status source about a person, often none. Most findings hold; one in twenty-five is too old to count,
 * one in fifty is contradicted by another.
 */
export function statusLines(plan: GenerationPlan, state: StatePlan, documentSha256: string): (person: Person) => string {
  const random = seededRandom(plan.seed, "status", state.population.state);
  const { status } = plan;
  const line = (person: Person, population: string, observed: CivilDate): string =>
    `${state.population.state},${person.id},${population},${status.source},${observed},${until(status, observed)},${documentSha256}\n`;
  return (person) => {
    if (!random.chance(foundShare(person))) return "";
    const old = random.chance(0.04);
    const first = line(person, person.population, old ? addDays(status.observed, -STALE_DAYS) : status.observed);
    return random.chance(0.02) ? first + line(person, other(random, person.population), status.observed) : first;
  };
}

const until = (status: StatusPlan, observed: CivilDate): CivilDate =>
  observed === status.observed ? status.until : addDays(status.until, -STALE_DAYS);

function foundShare({ standings, population }: Person): number {
  if (standings.at(-1)?.standing === "emergency-only") return FOUND.restricted;
  return population === "citizen" ? FOUND.citizen : FOUND.noncitizen;
}

const other = (random: Random, population: string): string => (population === "lpr" ? random.pick(["refugee", "tps"]) : "lpr");
