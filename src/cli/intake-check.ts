import { readFileSync } from "node:fs";
import { aidCodesOf, aidMapFor } from "../app/classes.ts";
import type { Checkup, IntakePorts } from "../app/intake.ts";
import { checkUp } from "../app/intake.ts";
import { wordsOf } from "../app/sidecars.ts";
import { guardSubmission } from "../app/submission-guard.ts";
import type { Workspace } from "../app/workspace.ts";
import type { Checked } from "../core/base/checked.ts";
import { pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { AidCode } from "../core/sidecar/aid-codes.ts";
import { parseAidCodes } from "../core/sidecar/aid-codes.ts";
import type { GuardReport } from "../core/validate/guard.ts";
import type { RuleBook } from "../core/validate/rule.ts";
import { duckdbGuard } from "../engine/duckdb-guard.ts";
import type { CommandInput, OptionValues, Output } from "./command.ts";
import type { DataRoom } from "./data-room.ts";
import { openDataRoom } from "./data-room.ts";
import { usage, value } from "./value.ts";
import { openIncoming } from "./incoming.ts";
import { intakePorts, optionsOf, submissionLines } from "./intake-room.ts";
import { progressOn } from "./progress.ts";
import type { ReportLine } from "./submission-report.ts";
import { bookOf, guardLines, printLines, validationJson, validationLines } from "./submission-report.ts";

type Found = Checkup & { readonly guard: GuardReport | undefined };

/** Checks files and says what was found, without storing or logging any of it. Exit code 2 when one would be refused. */
export async function checkFiles(workspace: Workspace, { values, positionals, out }: CommandInput): Promise<number> {
  if (positionals.length === 0) throw usage("nothing to check is named", "write `writ intake FILE --check-only`");
  for (const name of ["status", "name", "asserter", "handles"])
    if (values[name] !== undefined) throw usage(`--${name} is for taking a sidecar in`, "leave it out, or leave out --check-only");
  if (values["for-submission"] !== true && values["aid-codes"] !== undefined)
    throw usage("--aid-codes is for --for-submission here", "add --for-submission");
  const room = await openDataRoom(workspace);
  const ports = await intakePorts(workspace, room);
  const books = ports.rules?.books ?? [];
  const [problems, checked]: [Problem[], unknown[]] = [[], []];
  for (const path of positionals) {
    const found = await checkFile(path, room, ports, values, out);
    if (!found.ok) {
      problems.push(...found.problems);
      continue;
    }
    const { manifest, refusals } = found.value;
    const book = bookOf(manifest, books);
    if (out.json) checked.push(foundJson(found.value, book));
    else for (const line of foundLines(found.value, book)) out.data(line);
    if (refusals.length > 0)
      problems.push(problem("E_RULES", "the policy would refuse it", { at: { file: path }, hint: refusals.join("; ") }));
  }
  if (out.json && checked.length > 0) out.data(JSON.stringify({ checked, problems }));
  out.talk("nothing was stored");
  if (problems.length > 0) throw new ProblemError(...problems);
  return 0;
}

async function checkFile(path: string, room: DataRoom, ports: IntakePorts, values: OptionValues, out: Output): Promise<Checked<Found>> {
  const file = await openIncoming(path);
  if (!file.ok) return file;
  const progress = progressOn(out);
  const guarding = { engine: duckdbGuard, books: ports.rules?.books ?? [], aidCodes: aidCodesFor(room, values) };
  const found = await checkUp(file.value, optionsOf(values), { ...ports, report: (advance) => progress.report(advance) }, async (staged) =>
    values["for-submission"] === true ? guardSubmission(staged, guarding) : pass(undefined),
  );
  progress.end();
  if (!found.ok) return found;
  const { inspected, ...checkup } = found.value;
  return inspected.ok ? pass({ ...checkup, guard: inspected.value }) : inspected;
}

/** The map by which the state alone pays: the file that is named, else the one taken in last. */
function aidCodesFor(room: DataRoom, values: OptionValues): (state: string) => Checked<readonly AidCode[] | undefined> {
  const path = values["aid-codes"];
  return (state) => {
    if (typeof path === "string") return parseAidCodes(path, readFileSync(path, "utf8"), wordsOf(room.vocabulary));
    const stored = aidMapFor(value(room.sidecars.list()), state);
    return stored === undefined ? pass(undefined) : aidCodesOf(stored, room);
  };
}

function foundLines(found: Found, book: RuleBook | undefined): readonly string[] {
  const { manifest, refusals, places, guard } = found;
  const lines: readonly ReportLine[] = [
    ...submissionLines("checked", manifest, found, ""),
    ...places.rejected.map(placed("line")),
    ...places.broken.map(placed("row")),
    ...validationLines(manifest, book, "broken only"),
    ...refusals.map((why): ReportLine => ["refused", why]),
  ];
  return [...printLines(lines), ...(guard === undefined ? [] : ["about to be handed over", ...printLines(guardLines(guard))])];
}

/** A line of a list, with blanks for commas. */
const placed =
  (label: string) =>
  (listed: string): ReportLine => [label, listed.trimEnd().replaceAll(",", "  ")];

function foundJson({ manifest, guard, ...checkup }: Found, book: RuleBook | undefined): object {
  const { keyId: _, ...said } = manifest;
  return { ...said, ...checkup, validation: validationJson(manifest.validation, book), ...(guard === undefined ? {} : { guard }) };
}
