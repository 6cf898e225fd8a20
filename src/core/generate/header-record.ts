import type { Catalogue } from "../catalog/catalogue.ts";
import { recordForm } from "../catalog/record-form.ts";
import { headerSegment } from "../intake/header.ts";
import { compactDay } from "./calendar.ts";
import type { Fault } from "./faults.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";

const COUNT_DIGITS = 11;

/** What a file's header says besides what the plan does. */
export type HeaderFacts = {
  readonly catalogue: Catalogue;
  readonly title: string;
  readonly count: number;
  readonly faults: readonly Fault[];
};

/**
 * Writes the header record at the start of `out` and answers its length, which is the same for every count:
 * the count is known only once all records are written, and the header is then written again in its place.
 */
export function writeHeader(plan: GenerationPlan, state: StatePlan, facts: HeaderFacts, out: Uint8Array): number {
  const { catalogue, title, count, faults } = facts;
  const segment = headerSegment(catalogue);
  if (segment === undefined) throw new RangeError(`${catalogue.dataset} has no header record`);
  const form = recordForm(segment, plan.encoding, plan.lineEnd);
  const cells = form.blank();
  const { first, last } = plan.period;
  const fips = state.population.fips;
  const elements: Readonly<Record<string, string>> = {
    "DATA-DICTIONARY-VERSION": catalogue.version,
    "SUBMISSION-TRANSACTION-TYPE": plan.transaction,
    "FILE-ENCODING-SPECIFICATION": plan.encoding,
    "DATA-MAPPING-DOCUMENT-VERSION": "GENERATED",
    "FILE-NAME": title,
    "SUBMITTING-STATE": fips,
    "DATE-FILE-CREATED": compactDay(last + 1),
    "START-OF-TIME-PERIOD": compactDay(first),
    "END-OF-TIME-PERIOD": compactDay(last),
    // Test data, whoever reads it.
    "FILE-STATUS-INDICATOR": "T",
    "SSN-INDICATOR": state.idIsSsn ? "1" : "0",
    "TOT-REC-CNT": String(count),
    "SEQUENCE-NUMBER": String(plan.sequence),
  };
  const told = { count, state: fips, encoding: plan.encoding, period: plan.period, sequence: plan.sequence };
  const planted = faults.flatMap(({ break: breaks }) => (breaks.kind === "header" ? [breaks.cells(told)] : []));
  const known = new Set(segment.elements.map(({ name }) => name));
  for (const [name, value] of [elements, ...planted].flatMap((said) => Object.entries(said))) {
    // WHY: provider and managed care headers have no SSN-INDICATOR.
    if (!known.has(name)) continue;
    cells[form.position(name)] = name === "TOT-REC-CNT" ? value.padStart(COUNT_DIGITS, "0") : value;
  }
  return form.write(cells, out, 0);
}
