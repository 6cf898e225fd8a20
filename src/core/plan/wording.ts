import type { Band } from "../ledger/band.ts";
import { bandOfParts, bandText } from "../ledger/band.ts";
import { dutyText } from "../law/duties.ts";
import type { Plan } from "./plan.ts";
import type { Withheld } from "./withheld.ts";

/** A plan in a screen: asked, permitted, withheld with citations, what it rests on. */
export function planLines(plan: Plan): readonly string[] {
  const { request } = plan;
  const kind = plan.whatIf ? "what-if" : "plan";
  const note = plan.whatIf ? " (not today: cannot be released)" : "";
  return [
    line(
      kind,
      `${request.from} → ${[request.to, ...(request.employers ?? [])].join(" with ")} · ${request.purpose} · on ${plan.on}${note}`,
    ),
    line("asked", `${bandText(plan.asked.people)} ${plan.about ?? "people"} · ${plan.asked.fields.join(", ")}`),
    ...permittedLines(plan),
    ...plan.withheld.flatMap(withheldLines).map((text, at) => line(at === 0 ? "withheld" : "", text)),
    ...plan.whole.map((one) => line("whole", `${one.cite} counts only ${one.terms}: it does not, for ${one.from}`)),
    ...(plan.duties.length === 0 ? [] : [line("owes", plan.duties.map(dutyText).join(" · "))]),
    ...groundLines(plan),
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
  return [line("permitted", `${bandText(total)} ${plan.about ?? "people"}`), ...each.map((text) => line("", text))];
}

/** What the plan rests on beside the law. INVARIANT: a plan assumes nothing in a recipient's favour. */
function groundLines({ request, claims }: Plan): readonly string[] {
  const documents = request.evidence.map((one) => {
    const until = one.validUntil === undefined ? "" : `, valid until ${one.validUntil}`;
    const who = [one.issuer, one.signatory].filter((name) => name !== undefined).join(", ");
    const about = one.people === undefined ? "" : ", for the people it names only";
    return line("evidence", `${one.kind} of ${one.issued}${who === "" ? "" : ` by ${who}`}${until}, verified by ${one.verifiedBy}${about}`);
  });
  const status = request.statusSource === undefined ? [] : [line("status", request.statusSource)];
  const enrolment = request.enrolment === undefined ? [] : [line("enrolment", `${request.enrolment.dataset}@${request.enrolment.period}`)];
  return [
    ...documents,
    ...status,
    ...enrolment,
    ...claimLines(claims),
    line("assumed", "nothing: what the data does not prove counts as every possibility"),
  ];
}

/** Where versions of the claims were looked for. */
function claimLines(claims: Plan["claims"]): readonly string[] {
  if (claims === undefined) return [];
  const [consulted, shredded] = [distinct(claims.flatMap((one) => one.consulted)), distinct(claims.flatMap((one) => one.shredded))];
  const others = consulted.length === 0 ? "no other submission of the state is stored" : `in ${submissions(consulted)}`;
  const gone = shredded.length === 0 ? "" : `; not in ${submissions(shredded)}, shredded`;
  return [line("versions", `later versions of these claims were looked for: ${others}${gone}`)];
}

const distinct = (digests: readonly string[]): readonly string[] => [...new Set(digests)];
const DIGEST_SHOWN = 16;
const submissions = (digests: readonly string[]): string =>
  `${digests.length} other ${digests.length === 1 ? "submission" : "submissions"} of the state (${digests.map((one) => `${one.slice(0, DIGEST_SHOWN)}…`).join(" ")})`;

function withheldLines(one: Withheld): readonly string[] {
  const why = one.because === undefined ? "" : ` (${one.because})`;
  const word = one.outcome === "barred" ? "barred by" : "no authority under";
  const law = one.cites.length === 0 ? [] : [`  ${word} ${one.cites.join("; ")}`];
  return [`${one.fields.join(", ")} — ${one.origins.join(" ")}, ${one.from}${why}`, ...law];
}
