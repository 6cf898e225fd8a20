import { recordForm } from "../catalog/record-form.ts";
import { compactDay } from "./calendar.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";

const HEADER_SEGMENT = "ELG00001";
const COUNT_DIGITS = 11;

/**
 * Writes the header record at the start of `out` and answers its length, which is the same for every count:
 * the count is known only once all records are written, and the header is then written again in its place.
 */
export function writeHeader(plan: GenerationPlan, state: StatePlan, count: number, out: Uint8Array): number {
  const segment = plan.catalogue.segments.find(({ id }) => id === HEADER_SEGMENT);
  if (segment === undefined) throw new RangeError(`the catalogue has no segment ${HEADER_SEGMENT}`);
  const form = recordForm(segment, plan.encoding);
  const cells = form.blank();
  const { first, last } = plan.period;
  const facts = { count, state: state.population.fips, encoding: plan.encoding, nextMonth: compactDay(last + 1) };
  const planted = state.faults.map((fault) => fault.header?.(facts) ?? {});
  const elements: Readonly<Record<string, string>> = {
    "DATA-DICTIONARY-VERSION": plan.catalogue.version,
    "SUBMISSION-TRANSACTION-TYPE": plan.transaction,
    "FILE-ENCODING-SPECIFICATION": plan.encoding,
    "DATA-MAPPING-DOCUMENT-VERSION": "GENERATED",
    "FILE-NAME": "ELIGIBLE",
    "SUBMITTING-STATE": facts.state,
    "DATE-FILE-CREATED": compactDay(last + 1),
    "START-OF-TIME-PERIOD": compactDay(first),
    "END-OF-TIME-PERIOD": compactDay(last),
    // Test data, whoever reads it.
    "FILE-STATUS-INDICATOR": "T",
    "SSN-INDICATOR": state.idIsSsn ? "1" : "0",
    "TOT-REC-CNT": String(count),
    "SEQUENCE-NUMBER": String(plan.sequence),
  };
  for (const [name, value] of [elements, ...planted].flatMap((said) => Object.entries(said))) {
    cells[form.position(name)] = name === "TOT-REC-CNT" ? value.padStart(COUNT_DIGITS, "0") : value;
  }
  return form.write(cells, out, 0);
}
