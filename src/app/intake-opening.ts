import type { Checked } from "../core/base/checked.ts";
import { fail, pass, passIf } from "../core/base/checked.ts";
import { nearestHint } from "../core/base/nearest.ts";
import type { Place, Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { standing } from "../core/catalog/dataset-reference.ts";
import type { SubmissionHeader, Transaction } from "../core/intake/header.ts";
import { jsonTaker } from "../core/intake/json-taker.ts";
import { readHeader } from "../core/intake/header.ts";
import type { Line } from "../core/intake/lines.ts";
import type { RecordTaker } from "../core/intake/record-taker.ts";
import { recordTaker } from "../core/intake/record-taker.ts";
import { writeBytes } from "../core/intake/row-buffer.ts";
import type { WritePersonKey } from "../core/intake/segment-rows.ts";
import type { Denied } from "../core/validate/rule.ts";
import { bookFor } from "../core/validate/rule-book.ts";
import { tableTaker } from "../core/intake/table-taker.ts";
import type { IntakeOptions, IntakePorts } from "./intake.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";
import type { StoredDataset } from "./ports/dataset-store.ts";
import { unlessShredded } from "./stored-files.ts";

/** What a file turns out to be once its first line is read. */
export type Submission = {
  readonly catalogue: Catalogue;
  readonly taker: RecordTaker;
  readonly period: string;
  readonly origin: string;
  readonly submitter: string;
  readonly idIsSsn: boolean;
  readonly transaction: Transaction;
  readonly sequence: number;
  /** Whether the first line is a record like all others, and the last may lack its line end. */
  readonly headless?: true;
  /** Records that must follow the first line, where that line says so. */
  readonly expectedRecords?: number;
  /** The submission of the same submitter and month that this one takes the place of; of an update, the one it changes. */
  readonly earlier?: StoredDataset;
  /** The digest of the shredded submission of the same sequence, where there is one. */
  readonly insteadOf?: string;
};

type Known = { readonly stored: readonly StoredDataset[]; readonly options: IntakeOptions; readonly ports: IntakePorts };

/** Reads a file's first line: a T-MSIS header, or the first of a table when `--catalogue` names one. */
export function openSubmission(
  incoming: IncomingFile,
  line: Line,
  options: IntakeOptions,
  stored: readonly StoredDataset[],
  ports: IntakePorts,
): Checked<Submission> {
  const file = incoming.name;
  const known: Known = { stored, options, ports };
  const named = ports.catalogues.filter((catalogue) => catalogue.dataset === options.catalogue);
  if (options.catalogue !== undefined && named.length === 0) return fail(unknownCatalogue(options.catalogue, ports.catalogues));
  const table = named.find((catalogue) => catalogue.form === "table");
  if (table !== undefined) return openTable(incoming, line, table, known);
  if (incoming.table !== undefined)
    return fail(tableProblem(file, "a Parquet file is a table", "name its catalogue with --catalogue DATASET"));
  const headed = (options.catalogue === undefined ? ports.catalogues : named).filter((catalogue) => catalogue.form !== "table");
  const read = readHeader(file, line, headed);
  if (!read.ok) return options.catalogue === undefined ? withTableHint(read.problems) : read;
  return openTmsis(file, read.value.header, read.value.catalogue, known);
}

function unknownCatalogue(dataset: string, catalogues: readonly Catalogue[]): Problem {
  const known = [...new Set(catalogues.map((catalogue) => catalogue.dataset))];
  return problem("E_CATALOGUE", `no catalogue describes "${dataset}"`, { hint: nearestHint(dataset, known, "catalog/") });
}

const withTableHint = (problems: readonly Problem[]): Checked<never> => ({
  ok: false,
  problems: problems.map((found) =>
    found.code === "E_LAYOUT" && found.message.includes("known file")
      ? { ...found, hint: `${found.hint ?? ""}; for a table of your own name its catalogue with --catalogue DATASET` }
      : found,
  ),
});

function openTmsis(file: string, header: SubmissionHeader, catalogue: Catalogue, known: Known): Checked<Submission> {
  const at: Place = { file, line: 1 };
  const { options } = known;
  const history = historyOf(catalogue.dataset, header, known);
  const problems = [...expectationProblems(header, options, at), ...sequenceProblems(header, history, at)];
  const { origin, submitter, period, idIsSsn, transaction, sequence } = header;
  return passIf(problems, () => ({
    catalogue,
    taker: recordTaker(file, catalogue, header, keyWriter(origin, catalogue, known.ports), deniedBy(known.ports, catalogue)),
    origin,
    submitter,
    period,
    idIsSsn,
    transaction,
    sequence,
    expectedRecords: options.countsHeader === true ? header.count - 1 : header.count,
    ...placeOf(header, history),
  }));
}

/** Which claims the rules leave alone. */
const deniedBy = ({ rules }: IntakePorts, catalogue: Catalogue): Denied | undefined => bookFor(rules?.books ?? [], catalogue)?.denied;

function expectationProblems(header: SubmissionHeader, options: IntakeOptions, at: Place): readonly Problem[] {
  const problems: Problem[] = [];
  if (options.origin !== undefined && options.origin !== header.origin) {
    const message = `the file is from ${header.origin} (submitter ${header.submitter}), not from ${options.origin}`;
    problems.push(problem("E_HEADER", message, { at, hint: "check SUBMITTING-STATE, or --origin" }));
  }
  if (options.period !== undefined && options.period !== header.period) {
    problems.push(
      problem("E_HEADER", `the file is about ${header.period}, not ${options.period}`, { at, hint: "check the time period, or --period" }),
    );
  }
  return problems;
}

/** What is stored of a submitter's month: every sequence once, the last of them, and the last that can be read. */
type History = { readonly sequences: readonly StoredDataset[]; readonly latest?: StoredDataset; readonly readable?: StoredDataset };

type Sequenced = Pick<SubmissionHeader, "period" | "submitter" | "origin">;

function historyOf(dataset: string, { period, submitter, origin }: Sequenced, { stored, ports }: Known): History {
  const same = stored.filter(
    ({ manifest: one }) => one.dataset === dataset && one.period === period && one.submitter === submitter && one.origin === origin,
  );
  const sequences = standing(same).toSorted((a, b) => b.manifest.sequence - a.manifest.sequence);
  const [latest] = sequences;
  const [readable] = unlessShredded(sequences, ports.vault.keys);
  return { sequences, ...(latest === undefined ? {} : { latest }), ...(readable === undefined ? {} : { readable }) };
}

/** The stored submission of one sequence. */
const ofSequence = ({ sequences }: History, sequence: number): StoredDataset | undefined =>
  sequences.find(({ manifest }) => manifest.sequence === sequence);

/** INVARIANT: only asked where the sequence is in order, so one that is stored was shredded. */
function placeOf({ transaction, sequence }: SubmissionHeader, history: History): Pick<Submission, "earlier" | "insteadOf"> {
  const again = ofSequence(history, sequence);
  const earlier = transaction === "update" ? history.readable : (again ?? history.latest);
  return { ...(earlier === undefined ? {} : { earlier }), ...(again === undefined ? {} : { insteadOf: again.digest }) };
}

/**
 * Sequences count up by one, and one that was shredded may come again. WHY: an older or repeated file would undo a correction; a gap
 * means a correction was missed.
 */
function sequenceProblems(header: SubmissionHeader, history: History, at: Place): readonly Problem[] {
  const { transaction, sequence } = header;
  const what = `sequence ${sequence} of ${header.origin} ${header.period} (submitter ${header.submitter})`;
  const { latest, readable } = history;
  if (latest === undefined) return transaction === "update" ? [unchangeable("a submission that is not stored", at)] : [];
  const next = latest.manifest.sequence + 1;
  if (readable !== undefined && sequence <= readable.manifest.sequence) {
    const hint = `the latest stored is sequence ${readable.manifest.sequence}, taken in on ${readable.manifest.taken}; a correction carries sequence ${next}`;
    return [problem("E_DUPLICATE", `${what} was taken in already`, { at, hint })];
  }
  if (sequence !== next && ofSequence(history, sequence) === undefined)
    return [problem("E_HEADER", `${what} does not follow sequence ${next - 1}`, { at, hint: `take in sequence ${next} first` })];
  if (transaction === "update" && readable?.manifest.sequence !== sequence - 1)
    return [unchangeable(`sequence ${sequence - 1}, which cannot be read since it was shredded`, at)];
  return [];
}

const unchangeable = (what: string, at: Place): Problem =>
  problem("E_HEADER", `this update changes ${what}`, { at, hint: "take in the file it changes first, or ask for a replace" });

function openTable(incoming: IncomingFile, line: Line, catalogue: Catalogue, known: Known): Checked<Submission> {
  const guesses = guessProblems(catalogue);
  if (guesses.length > 0) return { ok: false, problems: guesses };
  const file = incoming.name;
  const { encoding = "csv" } = catalogue;
  if ((encoding === "parquet") !== (incoming.table !== undefined)) {
    const what = incoming.table === undefined ? "no Parquet file" : "a Parquet file";
    return fail(tableProblem(file, `this is ${what}, the catalogue says encoding: ${encoding}`, "correct the catalogue, or name another"));
  }
  const { options, ports } = known;
  const origin = options.origin ?? constantOrigin(catalogue) ?? "none";
  const { period } = options;
  if (period === undefined) {
    return fail(problem("E_USAGE", "a table does not say which month it is about", { hint: "add --period YYYY-MM" }));
  }
  const writeKey = keyWriter(origin, catalogue, ports);
  const headless = encoding === "ndjson";
  const taker = headless ? jsonTaker(file, catalogue, writeKey) : tableTaker(file, catalogue, line, writeKey);
  if (!taker.ok) return taker;
  const { latest: earlier } = historyOf(catalogue.dataset, { period, submitter: "none", origin }, known);
  return pass({
    catalogue,
    taker: taker.value,
    ...(headless ? { headless } : {}),
    period,
    origin,
    submitter: "none",
    idIsSsn: personIsSsn(catalogue),
    transaction: earlier === undefined ? "create" : "replace",
    sequence: (earlier?.manifest.sequence ?? 0) + 1,
    ...(earlier === undefined ? {} : { earlier }),
  });
}

/** As many guesses as fit on a screen. */
const GUESSES_SHOWN = 10;

/** INVARIANT: nothing is taken in on a guess. What a column tells, and what names a person, is somebody's word. */
function guessProblems({ guesses = [] }: Catalogue): readonly Problem[] {
  const hint = "take the question mark away if it is right; write the right word, or unclassified, if it is not";
  const shown = guesses.slice(0, GUESSES_SHOWN).map(({ column, guess, at }) => {
    const what =
      column === undefined ? `what names the person is a guess ("${guess}")` : `the category of "${column}" is a guess ("${guess}")`;
    return problem("E_CATALOGUE", what, { at, hint });
  });
  const more = guesses.length - shown.length;
  return more > 0 ? [...shown, problem("E_CATALOGUE", `and ${more} more guesses that nobody has confirmed`, { hint })] : shown;
}

const tableProblem = (file: string, message: string, hint: string): Problem => problem("E_LAYOUT", message, { at: { file }, hint });

function constantOrigin(catalogue: Catalogue): string | undefined {
  const origin = catalogue.facets["origin"];
  return origin !== undefined && "constant" in origin ? origin.constant : undefined;
}

/** A table whose person element is classified as an SSN names people by their SSN. */
const personIsSsn = (catalogue: Catalogue): boolean =>
  catalogue.segments.some((segment) =>
    segment.elements.some(({ name, category }) => name === catalogue.personElement && category === "ssn"),
  );

/** WHY another origin for providers and plans: the number of one may be the id of a person of the same state. */
function keyWriter(origin: string, { about }: Catalogue, { keys }: IntakePorts): WritePersonKey {
  const namespace = about === "people" ? origin : `${about}|${origin}`;
  return (bytes, from, to, out) => {
    const key = keys.keyOf(namespace, bytes, from, to);
    writeBytes(out, key, 0, key.length);
  };
}
