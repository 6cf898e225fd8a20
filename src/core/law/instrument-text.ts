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
  if (instrument.discharges.length > 0)
    lines.push(`  discharges ${instrument.discharges.map((one) => `${one.regime} (${one.cite})`).join(", ")}`);
  if (instrument.protects.length > 0) lines.push(`  protects   ${instrument.protects.map(memberText).join(" ")}`);
  const review = instrument.reviewed ? "reviewed by counsel" : "not reviewed by counsel";
  return [...lines, `  grade      ${instrument.grade}, ${review}`];
}

const memberText = (member: Instrument["protects"][number]): string =>
  member.unresolved ? `${member.jurisdiction}?` : member.jurisdiction;
