import type { DayRange, Instrument } from "./instrument.ts";

const range = (days: DayRange): string =>
  days.earliest === days.latest ? days.earliest : `${days.earliest} to ${days.latest} (uncertain)`;

/** An instrument's dates and standing, each with what it is called. */
export function instrumentFacts(instrument: Instrument): readonly (readonly [string, string])[] {
  const { ends, endsOnEvent, vacated } = instrument;
  const place = [instrument.court, instrument.docket, instrument.entry === undefined ? undefined : `entry ${instrument.entry}`];
  const many = (name: string, texts: readonly string[], joiner = ", "): readonly [string, string][] =>
    texts.length === 0 ? [] : [[name, texts.join(joiner)]];
  return [
    ["cite", instrument.cite],
    ["kind", `${instrument.kind}, regime ${instrument.regime}`],
    ...many(
      "court",
      place.filter((part) => part !== undefined),
    ),
    ["issued", `${range(instrument.issued)}; in effect from ${range(instrument.effective)}`],
    ...many("ends", ends === undefined ? [] : [range(ends)]),
    ...many("ends", endsOnEvent === undefined ? [] : [`${endsOnEvent.days} days after a court finds: ${endsOnEvent.event}`]),
    ...instrument.finds.map((one) => ["finds", `${one.event} on ${one.on} (${one.cite})`] as const),
    ...many("extends", instrument.extends),
    ...many("supersedes", instrument.supersedes),
    ...instrument.modifies.map((one) => ["modifies", `${one.instrument}, rules ${one.rules.join(", ")} end (${one.cite})`] as const),
    ...instrument.stayed.map((one) => ["stayed", `${stayText(one)} (${one.cite})`] as const),
    ...many("vacated", vacated === undefined ? [] : [`from ${vacated.on} (${vacated.cite})`]),
    ...many("binds", instrument.binds === undefined ? [] : [instrument.binds]),
    ...many("discharges", instrument.discharges.map((one) => `${one.regime} (${one.cite})`)), // prettier-ignore
    ...many("protects", instrument.protects.map(memberText), " "),
    ["grade", `${instrument.grade}, ${instrument.reviewed ? "reviewed by counsel" : "not reviewed by counsel"}`],
  ];
}

/** The same in a few lines. */
export const instrumentLines = (instrument: Instrument): readonly string[] => [
  `${instrument.id} — ${instrument.title}`,
  ...instrumentFacts(instrument).map(([name, said]) => `  ${name.padEnd(10)} ${said}`),
];

const stayText = ({ from, to, rules, scope }: Instrument["stayed"][number]): string =>
  [
    `from ${from}${to === undefined ? "" : ` to ${to}`}`,
    rules === undefined ? "whole" : `rules ${rules.join(", ")}`,
    ...(scope === undefined ? [] : ["in part"]),
  ].join(", ");

const memberText = (member: Instrument["protects"][number]): string =>
  member.unresolved ? `${member.jurisdiction}?` : member.jurisdiction;
