import type { Correction } from "../app/corrections.ts";
import { thousands } from "../core/base/thousands.ts";
import type { ReportLine } from "./submission-report.ts";

/** Who holds data that a submission corrects, so that the custodian can tell them. */
export function correctionLines(corrections: readonly Correction[]): readonly ReportLine[] {
  if (corrections.length === 0) return [];
  const count = new Set(corrections.flatMap(({ releases }) => releases.map(({ releaseId }) => releaseId))).size;
  const what = count === 1 ? "1 earlier release" : `${count} earlier releases`;
  return [
    ["corrects", `what ${what} held; tell the recipients (5 USC 552a(c)(4)):`],
    ...corrections.flatMap((one) => [
      ["", `${one.dataset}, ${one.submission.slice(0, 16)}…: ${whyText(one)}`] as const,
      ...one.releases.map(({ entry, time, recipient, purpose, releaseId, opened }): ReportLine => [
        "",
        `  entry ${entry} of ${time.slice(0, 10)} to ${recipient}, ${purpose}, release ${releaseId}, ${opened === 0 ? "not opened" : `opened ${opened}×`}`,
      ]),
    ]),
  ];
}

function whyText({ why, versions = 0, because = "" }: Correction): string {
  if (why === "replaced") return "replaced by this";
  if (why === "unknown") return `whether claims of it are voided or replaced by this is not known: ${because}`;
  return versions === 1
    ? "1 version of a claim voided or replaced by this"
    : `${thousands(versions)} versions of claims voided or replaced by this`;
}
