/** Generated submissions as the store would leave them, read back by the catalogue's positions. */
import { readFileSync } from "node:fs";
import type { Checked } from "../../src/core/base/checked.ts";
import type { Segment } from "../../src/core/catalog/catalogue.ts";
import type { FileKind } from "../../src/core/generate/file-kind.ts";
import { FILE_KINDS } from "../../src/core/generate/file-kind.ts";
import type { GenerationOrder, GenerationPlan, GenerationSources } from "../../src/core/generate/plan.ts";
import { planGeneration } from "../../src/core/generate/plan.ts";
import { parseStatePopulations } from "../../src/core/generate/state-population.ts";
import type { Piece, Submitted } from "../../src/core/generate/submission.ts";
import { submissionOf } from "../../src/core/generate/submission.ts";
import { shippedCatalogue, shippedCodes } from "../intake/tmsis-file.ts";

export type Cells = Readonly<Record<string, string>>;
export type Made = {
  readonly bytes: Readonly<Record<FileKind, Buffer>>;
  readonly status: string;
  readonly handles: string;
  readonly submitted: Submitted;
  lines(kind: FileKind): readonly string[];
  /** The records of one segment. */
  records(segment: string): readonly Cells[];
};

function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Error(checked.problems.map(({ message }) => message).join("; "));
}

const populationFile = new URL("../../catalog/tmsis/population.csv", import.meta.url);
export const SOURCES: GenerationSources = {
  catalogues: await Promise.all(FILE_KINDS.map(shippedCatalogue)),
  populations: valueOf(parseStatePopulations("population.csv", readFileSync(populationFile, "utf8"))),
  part2: shippedCodes().codes,
};

export const ORDER: GenerationOrder = {
  states: ["CA", "NM", "TX"],
  people: 900,
  period: "2025-12",
  seed: "1",
  ssnStates: ["NM"],
  files: ["eligible"],
  encoding: "FLF",
  lineEnd: "LF",
  transaction: "C",
  sequence: 1,
  segments: [],
  faults: [],
  statusSource: "source",
  statusObserved: undefined,
  statusUntil: undefined,
};

export const planOf = (order: Partial<GenerationOrder>): GenerationPlan => valueOf(planGeneration({ ...ORDER, ...order }, SOURCES));

export function make(order: Partial<GenerationOrder>, state = 0): Made {
  const plan = planOf(order);
  const chosen = plan.states[state];
  if (chosen === undefined) throw new Error("no such state");
  const parts = new Map<Piece["file"], Buffer[]>();
  const headers = new Map<Piece["file"], Buffer>();
  const pieces = submissionOf(plan, chosen, "00");
  let next = pieces.next();
  for (; next.done !== true; next = pieces.next()) {
    const { file, bytes, at } = next.value;
    if (at === undefined) parts.set(file, [...(parts.get(file) ?? []), Buffer.from(bytes)]);
    else headers.set(file, Buffer.from(bytes));
  }
  const whole = (file: Piece["file"]): Buffer => {
    const bytes = Buffer.concat(parts.get(file) ?? []);
    bytes.set(headers.get(file) ?? []);
    return bytes;
  };
  const bytes = Object.fromEntries(FILE_KINDS.map((kind) => [kind, whole(kind)])) as Record<FileKind, Buffer>;
  const lines = kept((kind: FileKind) => bytes[kind].toString("latin1").split(/\r?\n/).slice(0, -1));
  return {
    bytes,
    lines,
    status: whole("status-source").toString(),
    handles: whole("handles").toString(),
    submitted: next.value,
    records: kept((segment: string) =>
      lines(segmentOf(segment).kind)
        .filter((line) => line.startsWith(segment))
        .map(record),
    ),
  };
}

/** Read once, however often it is asked for. */
function kept<K, V>(read: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const found = known.get(key) ?? read(key);
    known.set(key, found);
    return found;
  };
}

const SEGMENTS = new Map(
  SOURCES.catalogues.flatMap(({ dataset, segments }) =>
    segments.map((segment) => [segment.id, { segment, kind: dataset.slice("tmsis/".length) as FileKind }] as const),
  ),
);

export function segmentOf(id: string): { segment: Segment; kind: FileKind } {
  const found = SEGMENTS.get(id);
  if (found === undefined) throw new Error(id);
  return found;
}

/** One record's values by element, blanks left out around them. */
export function record(line: string): Record<string, string> {
  const { elements } = segmentOf(line.slice(0, 8)).segment;
  const piped = line[8] === "|" ? line.split("|") : undefined;
  return Object.fromEntries(
    elements.map(({ name, start, stop }, at) => [name, piped === undefined ? line.slice(start - 1, stop).trim() : (piped[at] ?? "")]),
  );
}
