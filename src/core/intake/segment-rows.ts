import { type ColumnChunk, columnChunk, type ColumnRows, type StoredType } from "../parquet/column-chunk.ts";
import { groupRows } from "../parquet/group-rows.ts";
import type { TableColumn } from "../parquet/table-writer.ts";
import { CellColumn, type Cells, MISSING, UNLISTED, type WriteValue } from "./cell-column.ts";
import type { Cut } from "./cut.ts";
import type { Fault, FaultRule } from "./fault.ts";
import type { KeySet } from "./key-set.ts";
import type { FieldRule, RecordRule } from "./record-rule.ts";
import { hasValue } from "./record-rule.ts";
import type { RowBuffer } from "./row-buffer.ts";
import { writeTableDate } from "./table-date.ts";
import { writeDate, writeDecimal, writeDigits, writeText } from "./value.ts";

/** Appends the sixteen bytes of the key of the person whose id this is. */
export type WritePersonKey = (bytes: Uint8Array, from: number, to: number, out: RowBuffer) => void;

export const PERSON_COLUMN = "person_key";

const NONE: readonly Fault[] = [];
/** A submission has up to twenty segments, each with rows held. */
const MOST_HELD_BYTES = 24 << 20;

/** The rows of one segment up to the end of a row group; a row is offered, then kept or dropped. */
export class SegmentRows {
  readonly segment: string;
  readonly rule: RecordRule;
  /** In the order of the stored file: the person's key first, where rows are about somebody. */
  readonly columns: readonly TableColumn[];
  readonly #person: CellColumn | undefined;
  readonly #cells: readonly CellColumn[];
  /** Those of them with a value that is new with the row at hand. */
  readonly #news: CellColumn[] = [];
  #rows = 0;

  constructor(rule: RecordRule, writeKey: WritePersonKey) {
    this.segment = rule.segment.id;
    this.rule = rule;
    const own = rule.fields.map(({ name, form }) => ({ name, type: STORED[form] }));
    this.columns = rule.personAt < 0 ? own : [{ name: PERSON_COLUMN, type: "uuid" }, ...own];
    this.#person = rule.personAt < 0 ? undefined : new CellColumn({ type: "uuid", write: keyWriting(writeKey) }, this.#news);
    this.#cells = rule.fields.map((field) => new CellColumn(cellsOf(field, rule.table), this.#news));
  }

  /** Rows since the last group was taken. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether it is time to take the group: no table of any width or with any texts is held for longer. */
  get isFull(): boolean {
    if (this.#rows >= groupRows(this.columns.length)) return true;
    let heldBytes = 0;
    for (const cell of this.#cells) heldBytes += cell.heldBytes;
    return heldBytes >= MOST_HELD_BYTES;
  }

  /** Checks every field of a cut record, and answers all its faults. `lenient`: whether values that nobody lists may stand. */
  offer(bytes: Uint8Array, cut: Cut, lenient = false): readonly Fault[] {
    let faults: Fault[] | undefined;
    const { fields, personAt } = this.rule;
    const { starts, stops } = cut;
    const [cells, row] = [this.#cells, this.#rows];
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index];
      if (cell === undefined) continue;
      const wrong = cell.offer(row, bytes, starts[index] ?? 0, stops[index] ?? 0, lenient);
      if (wrong !== undefined) (faults ??= []).push(faultOf(fields[index], wrong));
    }
    this.#person?.offer(row, bytes, starts[personAt] ?? 0, stops[personAt] ?? 0, true);
    return faults ?? NONE;
  }

  keep(): void {
    if (this.#news.length > 0) {
      for (const cell of this.#news) cell.settle(this.#rows);
      this.#news.length = 0;
    }
    this.#rows += 1;
  }

  drop(): void {
    this.#person?.drop(this.#rows);
    for (const cell of this.#cells) cell.drop(this.#rows);
    this.#news.length = 0;
  }

  /** The columns of the group, one at a time; ends the group. Whom its rows are about is added to `people`. */
  *takeGroup(people?: KeySet): Iterable<ColumnChunk> {
    const rows = this.#rows;
    this.#rows = 0;
    if (this.#person !== undefined && people !== undefined) addPeople(people, this.#person.rows(rows));
    for (const cell of this.#person === undefined ? this.#cells : [this.#person, ...this.#cells]) {
      yield columnChunk(cell.rows(rows));
      cell.clear();
    }
  }
}

function addPeople(people: KeySet, rows: ColumnRows): void {
  const { bytes, count } = "dictionary" in rows ? rows.dictionary : rows.listed;
  people.addAll(bytes, count);
}

/** Takes a record of which nothing else is to be checked. */
export function putRow(rows: SegmentRows, bytes: Uint8Array, cut: Cut): readonly Fault[] {
  const faults = rows.offer(bytes, cut);
  if (faults.length === 0) rows.keep();
  else rows.drop();
  return faults;
}

const RULES: ReadonlyMap<string, FaultRule> = new Map([[MISSING, "E1105"], [UNLISTED, "E1103"]]); // prettier-ignore

/** WHY E1001 else: what has no form breaks the rules of format. */
const faultOf = (field: FieldRule | undefined, reason: string): Fault => ({
  element: field?.name ?? "",
  rule: RULES.get(reason) ?? "E1001",
  reason,
});

const STORED: Readonly<Record<FieldRule["form"], StoredType>> = { text: "text", digits: "text", date: "date", integer: "integer", cents: "integer" }; // prettier-ignore

function cellsOf(field: FieldRule, table: boolean): Cells {
  const { values } = field;
  return {
    type: STORED[field.form],
    write: writing(field, table),
    required: field.required,
    ...(values === undefined ? {} : { isListed: (bytes, from, to) => hasValue(values, bytes, from, to) }),
  };
}

function writing({ form, length, openEnd, written, decimal }: FieldRule, table: boolean): WriteValue {
  switch (form) {
    case "text":
      return (bytes, from, to, out) => writeText(bytes, from, to, length, table, out);
    case "digits":
      return (bytes, from, to, out) => writeDigits(bytes, from, to, length, out);
    case "date":
      return table
        ? (bytes, from, to, out) => writeTableDate(written, bytes, from, to, out)
        : (bytes, from, to, out) => writeDate(bytes, from, to, openEnd, out);
    case "integer":
    case "cents":
      return (bytes, from, to, out) => writeDecimal(bytes, from, to, decimal, out);
  }
}

function keyWriting(writeKey: WritePersonKey): WriteValue {
  return (bytes, from, to, out) => {
    writeKey(bytes, from, to, out);
    return undefined;
  };
}
