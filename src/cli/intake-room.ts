import { readFileSync } from "node:fs";
import type { Checkup, IntakeOptions, IntakePorts } from "../app/intake.ts";
import { checkUp } from "../app/intake.ts";
import { guardSubmission } from "../app/submission-guard.ts";
import type { Workspace } from "../app/workspace.ts";
import { aidCodesOf, aidMapFor } from "../app/classes.ts";
import { wordsOf } from "../app/sidecars.ts";
import type { Checked } from "../core/base/checked.ts";
import { pass } from "../core/base/checked.ts";
import type { AidCode } from "../core/sidecar/aid-codes.ts";
import { parseAidCodes } from "../core/sidecar/aid-codes.ts";
import type { Problem } from "../core/base/problem.ts";
import { ProblemError } from "../core/base/problem.ts";
import { thousands } from "../core/base/thousands.ts";
import type { DatasetManifest } from "../core/intake/manifest.ts";
import { bookFor } from "../core/validate/rule-book.ts";
import { duckdbGuard } from "../engine/duckdb-guard.ts";
import { duckdbIntake } from "../engine/duckdb-intake.ts";
import type { CommandInput, OptionValues } from "./command.ts";
import type { DataRoom } from "./data-room.ts";
import { openIncoming } from "./incoming.ts";
import { openDataRoom, personKeysOf, submissionRules, usage, value } from "./data-room.ts";
import { progressOn } from "./progress.ts";
import { guardLines, printLines, validationJson, validationLines } from "./submission-report.ts";

const LABEL_WIDTH = 11;

/** All that taking submissions in needs. */
export async function intakePorts(workspace: Workspace, room: DataRoom): Promise<IntakePorts> {
  const { store, catalogues, specialCodes, vault } = room;
  return {
    catalogues,
    specialCodes,
    store,
    vault,
    keys: await personKeysOf(workspace, store),
    engine: duckdbIntake,
    datasetsFolder: workspace.paths.datasets,
    rules: submissionRules(workspace, catalogues),
    now: () => workspace.clock.now(),
  };
}

/** Checks files and says what was found, without storing or logging any of it. Exit code 2 when one would be refused. */
export async function checkFiles(workspace: Workspace, { values, positionals, out }: CommandInput): Promise<number> {
  if (positionals.length === 0) throw usage("nothing to check is named", "write `writ intake FILE --check-only`");
  const guarded = values["for-submission"] === true;
  if (!guarded && values["aid-codes"] !== undefined) throw usage("--aid-codes is for --for-submission here", "add --for-submission");
  const room = await openDataRoom(workspace);
  const ports = await intakePorts(workspace, room);
  const problems: Problem[] = [];
  const checked: unknown[] = [];
  for (const path of positionals) {
    const progress = progressOn(out);
    const file = await openIncoming(path);
    const found = file.ok
      ? await checkUp(file.value, optionsOf(values), { ...ports, report: (advance) => progress.report(advance) }, async (staged) =>
          guarded
            ? guardSubmission(staged, { engine: duckdbGuard, books: ports.rules?.books ?? [], aidCodes: aidCodesFor(room, values) })
            : pass(undefined),
        )
      : file;
    progress.end();
    if (!found.ok) {
      problems.push(...found.problems);
      continue;
    }
    const { manifest, refusals, inspected } = found.value;
    const guard = value(inspected);
    const catalogue = room.catalogues.find((one) => one.dataset === manifest.dataset && one.version === manifest.dictionary);
    const book = catalogue === undefined ? undefined : bookFor(ports.rules?.books ?? [], catalogue);
    if (out.json) checked.push({ ...checkedJson(manifest, found.value), validation: validationJson(manifest.validation, book), guard });
    else {
      for (const line of submissionLines("checked", manifest, found.value, "")) out.data(line);
      for (const line of printLines(validationLines(manifest, book), LABEL_WIDTH)) out.data(line);
      for (const why of refusals) out.data(`refused    ${why}`);
      if (guard !== undefined) out.data("about to be handed over");
      for (const line of guard === undefined ? [] : printLines(guardLines(guard), LABEL_WIDTH)) out.data(line);
      out.talk("nothing was stored");
    }
    if (refusals.length > 0)
      problems.push({ code: "E_RULES", message: "the policy would refuse it", at: { file: path }, hint: refusals.join("; ") });
  }
  if (out.json && checked.length > 0) out.data(JSON.stringify({ checked, problems }));
  if (problems.length > 0) throw new ProblemError(...problems);
  return 0;
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

function checkedJson(manifest: DatasetManifest, { records, unlisted, refusals }: Checkup): object {
  const { dataset, period, origin, submitter, dictionary, transaction, sequence, people, idIsSsn, rejected, sourceSha256 } = manifest;
  const segments = manifest.segments.map(({ id, rows }) => ({ id, rows }));
  return {
    dataset,
    period,
    origin,
    submitter,
    dictionary,
    transaction,
    sequence,
    people,
    idIsSsn,
    records,
    ...(unlisted > 0 ? { unlisted } : {}),
    rejected,
    sourceSha256,
    segments,
    refusals,
  };
}

/** What a submission is, a line each; `list` says where its rejected records are listed. */
export function submissionLines(
  verb: string,
  manifest: DatasetManifest,
  { records, unlisted }: Pick<Checkup, "records" | "unlisted">,
  list: string,
): readonly string[] {
  const { dataset, period, origin, submitter, transaction, sequence, people, about = "people", rejected, segments, idIsSsn } = manifest;
  const by = submitter === "none" ? origin : `${origin} (submitter ${submitter})`;
  const filled = segments.filter(({ rows }) => rows > 0).length;
  const rules = Object.entries(rejected.rules).map(([rule, count]) => `${rule} ${thousands(count)}`);
  return [
    `${verb.padEnd(10)} ${dataset}@${period} · ${by} · ${transaction} ${sequence}`,
    `${about.padEnd(10)} ${thousands(people)}${idIsSsn ? " · this submission's ids are SSNs" : ""}`,
    `records    ${thousands(records)} in ${filled} segments`,
    ...(unlisted > 0 ? [`left out   of ${thousands(unlisted)} records what the catalogue lists no column for`] : []),
    ...(rejected.records > 0 ? [`rejected   ${thousands(rejected.records)} (${rules.join(", ")})${list}`] : []),
  ];
}

export function originText(origin: string): string {
  if (/^[A-Z]{2}$|^none$/.test(origin)) return origin;
  throw usage(`"${origin}" is no state`, "write its postal code, such as CA");
}

export function optionsOf(values: OptionValues): IntakeOptions {
  const text = (name: string): string | undefined => (typeof values[name] === "string" ? values[name] : undefined);
  const [catalogue, origin, period] = [text("catalogue"), text("origin"), text("period")];
  if (period !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) throw usage(`"${period}" is no month`, "write YYYY-MM");
  return {
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(origin === undefined ? {} : { origin: originText(origin) }),
    ...(period === undefined ? {} : { period }),
    countsHeader: values["count-includes-header"] === true,
  };
}
