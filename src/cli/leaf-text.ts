import { bandText, isBand } from "../core/ledger/band.ts";
import type { LawChange } from "../core/ledger/law-change.ts";
import type { Leaf } from "../core/ledger/leaf.ts";

/** A leaf on one line: what happened, to whom. */
export function leafLine(leaf: Leaf): string {
  switch (leaf.kind) {
    case "workspace":
      return `log of ${leaf.custodian}, quorum ${leaf.quorum}`;
    case "key-registered":
      return `${leaf.recipient}: key ${short(leaf.recipientKeyId)}`;
    case "law-proposed":
    case "law":
      return `${lawText(leaf)}, ${leaf.signatures.length} signed, sources ${short(leaf.after)}`;
    case "submission":
      return `${leaf.origin} → ${leaf.custodian}: ${leaf.dataset}, ${bandText(leaf.people)} ${leaf.about ?? "people"}`;
    case "submission-refused":
      return `${leaf.origin} → ${leaf.custodian}: ${leaf.dataset}: ${leaf.reasons.join(", ")}`;
    case "request":
    case "intent":
    case "denied": {
      const release = leaf.kind === "intent" ? `, release ${leaf.releaseId}` : "";
      return `${leaf.custodian} → ${leaf.recipient}: ${leaf.purpose}, ${leaf.fields.length} fields${release}`;
    }
    case "released":
      return `release ${leaf.releaseId}`;
    case "key-opened":
      return `release ${leaf.releaseId}, to key ${short(leaf.recipientKeyId)}`;
    case "key-refused":
    case "aborted":
      return `release ${leaf.releaseId}: ${leaf.reason}`;
    case "data-shredded":
      return `${leaf.what}, stored as ${short(leaf.digest)}`;
    case "shredded":
      return `release ${leaf.releaseId}, opened before: ${leaf.opened}`;
  }
}

/** A leaf in full, a field a line; digests whole, so that they can be compared. */
export function leafLines(leaf: Leaf): readonly string[] {
  return Object.entries(leaf).flatMap(([name, value]) => (name === "type" ? [] : [`${name.padEnd(16)} ${valueText(value)}`]));
}

/** What a change does, by the first line of its summary. */
const lawText = ({ effect, summary: [first = effect, ...more] }: LawChange): string =>
  `${effect === "starts" ? "starts: " : ""}${first}${more.length === 0 ? "" : ` and ${more.length} more`}`;

const short = (digest: string): string => `${digest.slice(0, 8)}…`;

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, member]) => `${key} ${valueText(member)}`)
      .join(" · ");
  const text = String(value);
  return isBand(text) ? bandText(text) : text;
}
