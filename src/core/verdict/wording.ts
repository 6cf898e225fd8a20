import type { Duty } from "../law/duties.ts";
import { dutyText } from "../law/duties.ts";
import type { Verdict } from "./decide.ts";
import type { Reason } from "./reason.ts";

/** An outcome in words that claim no more than is true. */
export function outcomeText(verdict: Pick<Verdict, "outcome" | "mask" | "reasons">): string {
  switch (verdict.outcome) {
    case "permitted":
      return "permitted";
    case "masked":
      return `permitted, masked — ${verdict.mask} only`;
    case "no-authority":
      return "no authority — nothing in the loaded law permits this";
    case "barred":
      return `barred — by ${barsOf(verdict.reasons).join("; ")}`;
  }
}

const barsOf = (reasons: readonly Reason[]): readonly string[] => [
  ...new Set(reasons.filter((reason) => reason.effect === "bar").flatMap((reason) => reason.rules.map((rule) => rule.cite))),
];

/** What is owed, as one text. */
export const dutiesText = (duties: readonly Duty[]): string => duties.map(dutyText).join(" · ");

/** One line per rule or need, bars first. */
export function reasonLines(reasons: readonly Reason[]): readonly string[] {
  return reasons.flatMap((reason) => (reason.effect === "no-permit" ? [needLine(reason)] : ruleLines(reason)));
}

const SAID: Readonly<Record<Reason["effect"], string>> = {
  bar: "bars",
  permit: "permits",
  opening: "leaves",
  stayed: "stayed",
  pending: "will bar",
  protection: "",
  "no-permit": "needs",
};

function ruleLines(reason: Reason): readonly string[] {
  return reason.rules.map((rule) => {
    const spot = rule.pinpoint === undefined ? "" : ` ${rule.pinpoint}`;
    const kept = rule.via === undefined ? "" : `, ${reason.effect === "stayed" ? "suspended" : "kept"} by ${rule.via.join(", ")}`;
    const reading = rule.interpretation === undefined ? "" : ` [reading: ${rule.interpretation}]`;
    const what = reason.effect === "protection" ? "refusal protected — " : "";
    return `${SAID[reason.effect].padEnd(9)} ${what}${rule.cite}${spot}${kept}${reading}`;
  });
}

function needLine(reason: Reason): string {
  const lacking = reason.missing.map((missing) => `${missing.cite} with ${missing.evidence.join(" + ")}`);
  const would = lacking.length === 0 ? "" : `; would be satisfied by ${lacking.join(" or ")}`;
  return `${SAID["no-permit"].padEnd(9)} ${reason.cites.join("; ")}: no permission holds${would}`;
}
