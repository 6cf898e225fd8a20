import type { Cut } from "./cut.ts";
import type { Fault, FaultRule } from "./fault.ts";
import type { FieldRule, RecordRule } from "./record-rule.ts";
import { hasValue } from "./record-rule.ts";
import type { RowBuffer } from "./row-buffer.ts";
import { endField, endRow, reserve } from "./row-buffer.ts";
import { writeTableDate } from "./table-date.ts";
import { writeDate, writeDecimal, writeDigits, writeText } from "./value.ts";

const NONE: readonly Fault[] = [];
/** Room a field may need beyond its own bytes: hyphens of a date, a sign, added zeros, its end. */
const SLACK_BYTES = 8;

/**
 * Checks every field of a cut record and appends the row to `out`.
 * Answers all its faults; a row with any is not written. `restore` is the length `out` falls back to.
 */
export function writeRecord(rule: RecordRule, bytes: Uint8Array, cut: Cut, out: RowBuffer, restore: number): readonly Fault[] {
  let faults: Fault[] | undefined;
  for (let index = 0; index < rule.fields.length; index += 1) {
    const field = rule.fields[index];
    if (field === undefined) continue;
    const from = cut.starts[index] ?? 0;
    const to = cut.stops[index] ?? 0;
    reserve(out, to - from + SLACK_BYTES);
    const fault = from === to ? missing(field) : faultOf(field, bytes, from, to, rule.table, out);
    if (fault !== undefined) (faults ??= []).push(fault);
    endField(out);
  }
  endRow(out);
  if (faults !== undefined) out.length = restore;
  return faults ?? NONE;
}

const missing = (field: FieldRule): Fault | undefined => (field.required ? fault(field, "E1105", "is missing") : undefined);
const fault = (field: FieldRule, rule: FaultRule, reason: string): Fault => ({ element: field.name, rule, reason });

function faultOf(field: FieldRule, bytes: Uint8Array, from: number, to: number, table: boolean, out: RowBuffer): Fault | undefined {
  const reason = writeValue(field, bytes, from, to, table, out);
  if (reason !== undefined) return fault(field, "E1001", reason);
  if (field.values === undefined || hasValue(field.values, bytes, from, to)) return undefined;
  return fault(field, "E1103", "is not among the values the dictionary lists");
}

function writeValue(field: FieldRule, bytes: Uint8Array, from: number, to: number, table: boolean, out: RowBuffer): string | undefined {
  switch (field.form) {
    case "text":
      return writeText(bytes, from, to, field.length, table, out);
    case "digits":
      return writeDigits(bytes, from, to, field.length, out);
    case "date":
      return table ? writeTableDate(field.written, bytes, from, to, out) : writeDate(bytes, from, to, field.openEnd, out);
    case "integer":
    case "cents":
      return writeDecimal(bytes, from, to, field.decimal, out);
  }
}
