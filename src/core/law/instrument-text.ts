import type { DayRange, Instrument } from "./instrument.ts";

const range = (days: DayRange): string =>
  days.earliest === days.latest ? days.earliest : `${days.earliest} to ${days.latest} (uncertain)`;

/** An instrument's dates and standing in a few lines. */
export function instrumentLines(instrument: Instrument): readonly string[] {
  const lines = [
    `${instrument.id} — ${instrument.title}`,
    `  cite       ${instrument.cite}`,
    `  kind       ${instrument.kind}, regime ${instrument.regime}`,
    `  issued     ${range(instrument.issued)}; in effect from ${range(instrument.effective)}`,
  ];
  if (instrument.ends !== undefined) lines.push(`  ends       ${range(instrument.ends)}`);
  if (instrument.endsOnEvent !== undefined) {
    lines.push(`  ends       ${instrument.endsOnEvent.days} days after a court finds: ${instrument.endsOnEvent.event}`);
  }
  if (instrument.extends.length > 0) lines.push(`  extends    ${instrument.extends.join(", ")}`);
  if (instrument.supersedes.length > 0) lines.push(`  supersedes ${instrument.supersedes.join(", ")}`);
  for (const one of instrument.modifies) lines.push(`  modifies   ${one.instrument}, rules ${one.rules.join(", ")} end (${one.cite})`);
  for (const one of instrument.stayed) lines.push(`  stayed     ${stayText(one)} (${one.cite})`);
  if (instrument.vacated !== undefined) lines.push(`  vacated    from ${instrument.vacated.on} (${instrument.vacated.cite})`);
  if (instrument.discharges.length > 0)
    lines.push(`  discharges ${instrument.discharges.map((one) => `${one.regime} (${one.cite})`).join(", ")}`);
  if (instrument.protects.length > 0) lines.push(`  protects   ${instrument.protects.map(memberText).join(" ")}`);
  const review = instrument.reviewed ? "reviewed by counsel" : "not reviewed by counsel";
  return [...lines, `  grade      ${instrument.grade}, ${review}`];
}

const stayText = ({ from, to, rules, scope }: Instrument["stayed"][number]): string =>
  [
    `from ${from}${to === undefined ? "" : ` to ${to}`}`,
    rules === undefined ? "whole" : `rules ${rules.join(", ")}`,
    ...(scope === undefined ? [] : ["in part"]),
  ].join(", ");

const memberText = (member: Instrument["protects"][number]): string =>
  member.unresolved ? `${member.jurisdiction}?` : member.jurisdiction;
