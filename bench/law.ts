import { sha256 } from "../src/app/sha256.ts";
import type { CivilDate } from "../src/core/base/civil-date.ts";
import type { Random } from "../src/core/generate/random.ts";
import { seededRandom } from "../src/core/generate/random.ts";
import type { Condition, Dimension } from "../src/core/law/condition.ts";
import { ALWAYS, holds } from "../src/core/law/condition.ts";
import { loadLaw } from "../src/core/law/load.ts";
import type { SourceFile } from "../src/core/law/source.ts";
import { GRADES } from "../src/core/law/source.ts";
import { ACTIONS, leavesOf } from "../src/core/law/vocabulary.ts";
import type { Cell } from "../src/core/verdict/cell.ts";
import { truthIn } from "../src/core/verdict/cell.ts";
import type { DayView } from "../src/core/verdict/day-view.ts";
import { dayView } from "../src/core/verdict/day-view.ts";
import { cellsOf, decide } from "../src/core/verdict/decide.ts";
import { buildDiagram } from "../src/core/verdict/diagram-build.ts";
import { compareDiagrams } from "../src/core/verdict/diagram-compare.ts";
import { counterExample } from "../src/core/verdict/diagram-search.ts";
import type { Diagram } from "../src/core/verdict/diagram.ts";
import { project, wordsOf } from "../src/core/verdict/diagram.ts";
import type { DecisionRequest } from "../src/core/verdict/request.ts";
import { cedarJudge } from "../src/engine/cedar-judge.ts";
import { lawFilesOnDisk } from "../src/store/law-files.ts";
import type { Benchmark, BenchmarkReport } from "./benchmark.ts";
import { table } from "./benchmark.ts";
import { generatedLaw } from "./generated-law.ts";
import type { CaslSide } from "./law-casl.ts";
import { caslSide } from "./law-casl.ts";
import { askedAt } from "../test/law/asked-at.ts";
import type { CedarSide } from "../test/law/cedar-side.ts";
import { cedarSide } from "../test/law/cedar-side.ts";
import { median } from "./measured.ts";

const REQUESTS = 200;
/** Rounds before those that count: the engine compiles while it runs. */
const WARM_UP = 5;
const TARGETS = { requestMs: 2, compareMs: 50 };
type Case = { readonly name: string; readonly files: () => Promise<readonly SourceFile[]>; readonly on: string; readonly buildMs: number };

const CASES: readonly Case[] = [
  { name: "shipped", files: () => lawFilesOnDisk.read("law"), on: "2026-01-15", buildMs: 500 },
  { name: "generated", files: async () => generatedLaw(240), on: "2025-01-01", buildMs: 500 },
  { name: "generated, large", files: async () => generatedLaw(2_000), on: "2025-01-01", buildMs: 3_000 },
];

type Figures = Readonly<Record<"build" | "compare" | "project" | "decide" | "casl" | "cedar", number>> & {
  readonly of: Case;
  readonly size: readonly string[];
};

/** CPU time of the whole-space diagram, beside judging request by request, CASL and Cedar. Every side must give the same answers. */
export const lawBenchmark: Benchmark = {
  name: "law",
  title: "Law",
  people: 0,
  async run({ rounds }): Promise<BenchmarkReport> {
    const figures: Figures[] = [];
    for (const of of CASES) figures.push(await measure(of, rounds));
    const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
    const shown = table(
      [
        "law",
        "rules",
        "parties",
        "purposes",
        "states",
        "points of the space",
        "nodes",
        "diagram, ms an interval",
        "comparison without one order, ms",
      ],
      figures.map(({ of, size, build, compare }) => [of.name, ...size, ms(build), ms(compare)]),
    );
    const asked = table(
      ["a request, ms", "diagram", "rule by rule, with reasons", "CASL, a call a cell", "Cedar, a call a cell"],
      figures.map((one) => [one.of.name, ms(one.project), ms(one.decide), ms(one.casl), ms(one.cedar)]),
    );
    const missed = figures.flatMap((one) => [
      ...(one.build > one.of.buildMs ? [`the diagram of ${one.of.name} took ${ms(one.build)} ms`] : []),
      ...(one.project > TARGETS.requestMs ? [`a request to ${one.of.name} took ${ms(one.project)} ms`] : []),
      ...(one.compare > TARGETS.compareMs ? [`the comparison of ${one.of.name} took ${ms(one.compare)} ms`] : []),
    ]);
    const said = `CPU time, medians of ${rounds} rounds after ${WARM_UP} that do not count, after Cedar's sweep of the atoms; requests: means over ${REQUESTS}, half with the population left open, half where something is released. All sides gave the same answers. Targets: a diagram 500 ms (large: 3,000), a request ${TARGETS.requestMs} ms, a comparison ${TARGETS.compareMs} ms.`;
    return { markdown: `${said}\n\n${shown}\n\n${asked}`, missed };
  },
};

async function measure(of: Case, rounds: number): Promise<Figures> {
  const view = await viewOf(of);
  const diagram = built(view);
  const without = built(withoutOneOrder(view));
  const requests = drawnRequests(view, diagram, REQUESTS);
  const [casl, cedar] = [caslSide(view), cedarSide(view, of.name)];
  agree(view, diagram, requests, casl, cedar);
  const each = (step: (request: DecisionRequest) => unknown): number =>
    median(Array.from({ length: rounds }, () => cpuMs(() => requests.forEach(step)))) / REQUESTS;
  const perCell =
    (step: (cell: Cell) => unknown) =>
    (request: DecisionRequest): void =>
      cellsOf(view, request).forEach(step);
  const again = (step: () => unknown): number => {
    for (let round = 0; round < WARM_UP; round += 1) step();
    return median(Array.from({ length: rounds }, () => cpuMs(step)));
  };
  return {
    of,
    size: sizeOf(view, diagram),
    build: again(() => built(view)),
    compare: again(() => compareDiagrams(diagram, without)),
    project: each((request) => project(diagram, view.law, request)),
    decide: each((request) => decide(view, request)),
    casl: each(perCell(casl)),
    cedar: each(perCell(cedar)),
  };
}

async function viewOf(of: Case): Promise<DayView> {
  const law = loadLaw(await of.files(), cedarJudge, sha256);
  if (!law.ok) throw new Error(law.problems.map(({ message }) => message).join("; "));
  return dayView(law.value, of.on as CivilDate, GRADES);
}

function built(view: DayView): Diagram {
  const diagram = buildDiagram(view);
  if (!diagram.ok) throw new Error(diagram.problems.map(({ message }) => message).join("; "));
  return diagram.value;
}

function withoutOneOrder(view: DayView): DayView {
  const order = view.bars.find((bar) => view.law.instruments.some(({ id, protects }) => id === bar.instrument && protects.length > 0));
  return { ...view, bars: view.bars.filter((bar) => bar.instrument !== order?.instrument) };
}

function sizeOf(view: DayView, diagram: Diagram): readonly string[] {
  const { parties, purposes, jurisdictions } = view.law.vocabulary;
  const points = diagram.axes.reduce((product, { classes }) => product * classes.flat().length, 1);
  const rules = view.bars.length + view.permits.length + view.defeats.length;
  return [
    ...[rules, parties.length, purposes.length, jurisdictions.length].map(String),
    points.toExponential(1),
    diagram.nodes.length.toLocaleString("en"),
  ];
}

/** Half of them near the words of some rule with the population left open, half of them at points where something is released. */
function drawnRequests(view: DayView, diagram: Diagram, count: number): readonly DecisionRequest[] {
  const random = seededRandom("requests", count);
  const { vocabulary } = view.law;
  const isOpen = (origin: string): boolean => view.law.instruments.some(({ id }) => view.membership(id, origin) === "unresolved");
  const origins = wordsOf(vocabulary, "origin").filter((origin) => !isOpen(origin));
  const requests: DecisionRequest[] = [];
  while (requests.length < count) {
    const near = nearSomeRule(view, random, one(random, origins));
    if (requests.length % 2 === 0) requests.push(near);
    const found = counterExample(diagram, { recipient: [near.recipient], origin: [near.origin] }, ["permitted", "masked"]);
    if (found !== undefined) requests.push(askedAt(found.point));
  }
  return requests.slice(0, count);
}

function nearSomeRule(view: DayView, random: Random, origin: string): DecisionRequest {
  const { vocabulary } = view.law;
  const rules = [...view.permits, ...view.bars];
  const condition = rules[random.below(rules.length)]?.condition ?? ALWAYS;
  const near = (dimension: Exclude<Dimension, "evidence">): string => one(random, wordsNear(view, condition, dimension));
  return {
    discloser: near("discloser"),
    recipient: near("recipient"),
    purpose: near("purpose"),
    action: ACTIONS[0],
    evidence: vocabulary.evidence.map(({ id }) => id).filter(() => random.chance(0.4)),
    fields: [near("field")],
    origin,
    population: leavesOf(vocabulary.populations),
    funding: ["federal"],
    special: ["none"],
    applicant: ["yes"],
    system: near("system"),
    assumed: {},
  };
}

const one = (random: Random, words: readonly string[]): string => words[random.below(words.length)] ?? "";

/** The words of a dimension under which a condition may still hold. */
function wordsNear(view: DayView, condition: Condition, dimension: Exclude<Dimension, "evidence">): readonly string[] {
  const all = wordsOf(view.law.vocabulary, dimension);
  const holding = all.filter((word) => {
    const atoms = view.holdsFor.get(dimension)?.get(word);
    return holds(condition, (index) => {
      const atom = view.law.atoms[index];
      return atom?.kind !== "words" || atom.dimension !== dimension || atoms?.has(index) === true;
    });
  });
  return holding.length === 0 ? all : holding;
}

/** INVARIANT: no figure without agreement; a side that answers something else measures something else. */
function agree(view: DayView, diagram: Diagram, requests: readonly DecisionRequest[], casl: CaslSide, cedar: CedarSide): void {
  let released = 0;
  for (const request of requests) {
    const verdict = decide(view, request);
    const isReleased = verdict.outcome === "permitted" || verdict.outcome === "masked";
    released += isReleased ? 1 : 0;
    const said = project(diagram, view.law, request);
    if (said.outcome !== verdict.outcome || said.mask !== verdict.mask) throw new Error("the diagram disagrees");
    const cells = cellsOf(view, request);
    if (cells.every(casl) !== isReleased) throw new Error("CASL disagrees");
    for (const cell of cells.slice(0, 2)) {
      const truth = truthIn(view, cell);
      const held = [...view.bars, ...view.permits, ...view.defeats].filter((rule) => holds(rule.condition, truth)).map(({ name }) => name);
      const said = cedar(cell);
      if (held.some((name) => !said.has(name))) throw new Error("Cedar disagrees");
    }
  }
  if (released === 0) throw new Error("no request is released");
}

function cpuMs(step: () => unknown): number {
  const begun = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}
