import type { SubmissionRules } from "../app/validate.ts";
import type { Checkup, IntakeOptions, IntakePorts } from "../app/intake.ts";
import type { Workspace } from "../app/workspace.ts";
import { thousands } from "../core/base/thousands.ts";
import type { DatasetManifest } from "../core/intake/manifest.ts";
import { duckdbIntake } from "../engine/duckdb-intake.ts";
import { duckdbValidation } from "../engine/duckdb-validate.ts";
import { loadPolicy } from "../store/rule-books.ts";
import type { OptionValues } from "./command.ts";
import type { DataRoom } from "./data-room.ts";
import { personKeysOf, ruleBooks } from "./data-room.ts";
import { usage, value } from "./value.ts";
import type { ReportLine } from "./submission-report.ts";

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
    rules: submissionRules(workspace, room),
    now: () => workspace.clock.now(),
  };
}

/** What submissions are checked by: rules, and the policy of the workspace or of writ. */
function submissionRules({ root, paths }: Workspace, room: DataRoom): SubmissionRules {
  return {
    books: ruleBooks(room),
    policy: value(loadPolicy([root, ...paths.catalogs])),
    engine: duckdbValidation,
  };
}

/** What a submission is; `list` says where its rejected records are listed. */
export function submissionLines(
  verb: string,
  manifest: DatasetManifest,
  { records, unlisted }: Pick<Checkup, "records" | "unlisted">,
  list: string,
): readonly ReportLine[] {
  const { dataset, period, origin, submitter, transaction, sequence, people, about = "people", rejected, segments, idIsSsn } = manifest;
  const by = submitter === "none" ? origin : `${origin} (submitter ${submitter})`;
  const filled = segments.filter(({ rows }) => rows > 0).length;
  const rules = Object.entries(rejected.rules).map(([rule, count]) => `${rule} ${thousands(count)}`);
  return [
    [verb, `${dataset}@${period} · ${by} · ${transaction} ${sequence}`],
    [about, `${thousands(people)}${idIsSsn ? " · this submission's ids are SSNs" : ""}`],
    ["records", `${thousands(records)} in ${filled} segments`],
    ...(unlisted > 0 ? [["left out", `of ${thousands(unlisted)} records what the catalogue lists no column for`] as const] : []),
    ...(rejected.records > 0 ? [["rejected", `${thousands(rejected.records)} (${rules.join(", ")})${list}`] as const] : []),
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
