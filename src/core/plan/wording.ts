import type { Band } from "../ledger/band.ts";
import { bandOfParts, bandText } from "../ledger/band.ts";
import type { Plan } from "./plan.ts";
import type { Withheld } from "./withheld.ts";

/** A plan in a screen: asked, permitted, withheld with citations, law. */
export function planLines(plan: Plan): readonly string[] {
  const { request } = plan;
  const kind = plan.whatIf ? "what-if" : "plan";
  const note = plan.whatIf ? " (not today: cannot be released)" : "";
  return [
    line(kind, `${request.from} → ${request.to} · ${request.purpose} · on ${plan.on}${note}`),
    line("asked", `${bandText(plan.asked.people)} people · ${plan.asked.fields.join(", ")}`),
    ...permittedLines(plan),
    ...plan.withheld.flatMap(withheldLines).map((text, at) => line(at === 0 ? "withheld" : "", text)),
    line("law", `${plan.lawHash.slice(0, 12)}… on ${plan.on}; sources ${plan.sourceDigest.slice(0, 12)}…`),
    line(
      "considered",
      `${plan.considered.filter((id) => !plan.notLoaded.includes(id)).join(", ")} · not loaded: ${plan.notLoaded.join(", ") || "none"}`,
    ),
  ];
}

const line = (word: string, text: string): string => `${word.padEnd(10)} ${text}`.trimEnd();

function permittedLines(plan: Plan): readonly string[] {
  if (plan.permitted.length === 0) return [line("permitted", "nothing")];
  const total: Band = bandOfParts(plan.permitted.map((one) => one.people));
  const each = plan.permitted.map((one) => `${one.origin} ${bandText(one.people)}, ${one.fields.length} categories`);
  return [line("permitted", `${bandText(total)} people`), ...each.map((text) => line("", text))];
}

function withheldLines(one: Withheld): readonly string[] {
  const why = one.because === undefined ? "" : ` (${one.because})`;
  const word = one.outcome === "barred" ? "barred by" : "no authority under";
  const law = one.cites.length === 0 ? [] : [`  ${word} ${one.cites.join("; ")}`];
  return [`${one.fields.join(", ")} — ${one.origins.join(" ")}, ${one.from}${why}`, ...law];
}
