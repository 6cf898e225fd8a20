/**
 * writ as a library: load law, ask it, verify a receipt. It asks and answers; what changes a workspace (intake, plan,
 * release, open, shred) is the command line's. docs/library.md
 */
import { decider } from "./app/decide.ts";
import type { Answer, Looking } from "./app/decide.ts";
import { loadLawFrom } from "./app/law.ts";
import { realClock } from "./app/workspace.ts";
import type { Checked } from "./core/base/checked.ts";
import { fail, pass } from "./core/base/checked.ts";
import type { CivilDate } from "./core/base/civil-date.ts";
import { civilDate, dayOfInstant } from "./core/base/civil-date.ts";
import { problem } from "./core/base/problem.ts";
import type { Law } from "./core/law/law.ts";
import type { Grade } from "./core/law/source.ts";
import { GRADES } from "./core/law/source.ts";
import { parseVkey } from "./core/ledger/note.ts";
import { QUORUM_NONE } from "./core/ledger/quorum.ts";
import type { Verification } from "./core/ledger/verification.ts";
import { verifyReceipt as verifyWith } from "./core/ledger/verification.ts";
import { dayView } from "./core/verdict/day-view.ts";
import type { MatrixRow } from "./core/verdict/matrix.ts";
import type { SetVerdict } from "./core/verdict/judge-set.ts";
import { matrix as matrixOn } from "./core/verdict/matrix.ts";
import { parseRequest } from "./core/verdict/request.ts";
import type { Interval } from "./core/verdict/timeline.ts";
import { timeline as timelineOf } from "./core/verdict/timeline.ts";
import { lawFilesOnDisk } from "./store/law-files.ts";
import { workspaceFiles } from "./store/workspace-files.ts";
import { proofCrypto, sha256 } from "./vault/node-crypto.ts";

export { civilDate } from "./core/base/civil-date.ts";
export { ProblemError } from "./core/base/problem.ts";
export { parseReleaseRequest } from "./core/plan/release-request.ts";
export { parseReceipt } from "./core/ledger/receipt.ts";
export { firstBroken } from "./core/ledger/verification.ts";
export { GRADES } from "./core/law/source.ts";
export type { Answer, Checked, CivilDate, Grade, Interval, Law, MatrixRow, SetVerdict, Verification };
export type { Problem } from "./core/base/problem.ts";
export type { Plan } from "./core/plan/plan.ts";
export type { ReleaseRequest } from "./core/plan/release-request.ts";
export type { Receipt } from "./core/ledger/receipt.ts";
export type { Leaf } from "./core/ledger/leaf.ts";
export type { Reason } from "./core/verdict/reason.ts";
export type { Outcome } from "./core/verdict/cell.ts";

/** A question in loose words, as a line of `writ decide --batch`: from, to, purpose, field, origin, on, … */
export type Question = Readonly<Record<string, unknown>>;

/** How law is judged: at which grades it may open something (default: every grade), the day of questions without `on`, and whether to look for the nearest request that passes. */
export type Judging = { readonly admitted?: readonly Grade[]; readonly today?: CivilDate } & Looking;

/** Loads and validates the law of a folder, or the law that comes with writ. Reads the sources only, never a cache. */
export async function loadLaw(folder: string = workspaceFiles.shipped("law")): Promise<Checked<Law>> {
  const { cedarJudge } = await import("./engine/cedar-judge.ts");
  return loadLawFrom(folder, { files: lawFilesOnDisk, judgeVersion: cedarJudge.version, judge: async () => cedarJudge });
}

/** May this record go there, for that, on that day? A denial is a value; a misspelt word is a problem. */
export const decide = (law: Law, question: Question, judging: Judging = {}): Checked<Answer> =>
  decider(law, judging.admitted ?? GRADES, todayOf(judging)).answer(question, judging);

/**
 * May a set that somebody holds be there? `question` says what all its rows have in common, `rows` one kind of row each, with
 * `held` where a category is held masked. One unlawful row taints the set.
 */
export const judgeSet = (law: Law, question: Question, rows: readonly Question[], judging: Judging = {}): Checked<SetVerdict> =>
  decider(law, judging.admitted ?? GRADES, todayOf(judging)).set(rows.map((row) => ({ ...question, ...row })));

/** One question over a span of days, both included: an interval per change of the answer. */
export function timeline(law: Law, question: Question, from: string, to: string, judging: Judging = {}): Checked<readonly Interval[]> {
  const parsed = parseRequest(question, law);
  if (!parsed.ok) return parsed;
  const [first, last] = [civilDate(from), civilDate(to)];
  if (!first.ok) return first;
  if (!last.ok) return last;
  if (first.value > last.value) return fail(problem("E_DATE", "the span ends before it starts", { hint: "swap the two days" }));
  return pass(timelineOf(law, parsed.value.request, { from: first.value, to: last.value }, judging.admitted ?? GRADES));
}

/** One question for several origins and kinds of data on one day; origins that fare alike share a row. */
export function matrix(
  law: Law,
  question: Question,
  origins: readonly string[],
  fields: readonly string[],
  judging: Judging = {},
): Checked<readonly MatrixRow[]> {
  // WHY each word is parsed: a misspelt origin would be judged as one no order protects.
  for (const row of [...origins.map((origin) => ({ origin, field: fields[0] })), ...fields.map((field) => ({ field }))]) {
    const parsed = parseRequest({ ...question, ...row }, law);
    if (!parsed.ok) return parsed;
  }
  const parsed = parseRequest({ ...question, field: fields[0] }, law);
  if (!parsed.ok) return parsed;
  const view = dayView(law, parsed.value.on ?? todayOf(judging), judging.admitted ?? GRADES);
  return pass(matrixOn(view, parsed.value.request, origins, fields));
}

/** Verifies a receipt offline against the log's verifier key, obtained from somebody other than who brought the receipt. */
export function verifyReceipt(receipt: Uint8Array, vkey: string): Checked<Verification> {
  const key = parseVkey(sha256, vkey.trim());
  return key.ok ? pass(verifyWith(receipt, "receipt", { key: key.value, quorum: QUORUM_NONE, crypto: proofCrypto })) : key;
}

const todayOf = ({ today }: Judging): CivilDate => today ?? dayOfInstant(realClock.now());
