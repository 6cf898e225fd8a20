import type { Catalogue } from "../catalog/catalogue.ts";
import type { PlantedFault, RecordBreak } from "./faults.ts";
import { isOfRecords } from "./faults.ts";
import { fileContent } from "./file-content.ts";
import type { FileContent, RecordSink } from "./file-content.ts";
import { FILE_TITLES } from "./file-kind.ts";
import type { FileKind } from "./file-kind.ts";
import { writeHeader } from "./header-record.ts";
import type { Person, Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { Instead, RowWriter } from "./row-writer.ts";

/** One file as it grows: bytes wait in a buffer of constant size until they are taken. */
export type RecordFile = {
  readonly kind: FileKind;
  /** Adds the records of nobody, one subject per step. */
  opening(): Iterable<void>;
  add(person: Person): void;
  isFull(): boolean;
  /** What was added since the last time, but for the last `cutBytes`. Valid until more is added. */
  take(cutBytes?: number): Uint8Array;
  /** The header with the final count; undefined where the file is to have none. */
  header(): Uint8Array | undefined;
  /** Bytes to leave out at the end. */
  readonly cutBytes: number;
  rows(): number;
  rowsBySegment(): Readonly<Record<string, number>>;
  /** Faults that found fewer fitting records than were asked for. */
  unplanted(): readonly PlantedFault[];
};

const CHUNK_BYTES = 1 << 20;
/** Room for everything one person may take of one file: a few claims of several versions and lines, of 2,101 bytes each. */
const SLACK_BYTES = 1 << 18;
/** Faults are planted in fitting records from this person on, so that a file starts well. */
const FAULT_PERSON = 10;

export function recordFile(kind: FileKind, plan: GenerationPlan, state: StatePlan, catalogue: Catalogue): RecordFile {
  const planted = state.faults.filter(({ file }) => file === kind);
  const faults = planted.map(({ fault }) => fault);
  const withHeader = !faults.some(({ break: breaks }) => breaks.kind === "no-header");
  const facts = { catalogue, title: FILE_TITLES[kind], faults };
  const line = new Uint8Array(SLACK_BYTES);
  const header = (count: number): Uint8Array => line.subarray(0, writeHeader(plan, state, { ...facts, count }, line));
  const content: FileContent = fileContent(kind, plan, state, catalogue);
  const buffer: RecordBuffer = { chunk: new Uint8Array(CHUNK_BYTES), at: 0, rows: 0, rowsBySegment: new Map() };
  if (withHeader) appendBytes(buffer, header(0));
  const pending = pendingFaults(planted);
  let people = 0;
  const isFaulty = (): boolean => pending.size() > 0 && (people >= FAULT_PERSON || people === state.people);
  const sink = recordSink(buffer, (segment, person) => (isFaulty() ? pending.take(segment, person) : undefined), header);
  return {
    kind,
    opening: () => content.opening(sink),
    add(person): void {
      people += 1;
      content.add(person, sink);
    },
    isFull: () => buffer.at > CHUNK_BYTES - SLACK_BYTES,
    take(cutBytes = 0): Uint8Array {
      const length = Math.max(0, buffer.at - cutBytes);
      buffer.at = 0;
      return buffer.chunk.subarray(0, length);
    },
    header: () => (withHeader ? header(buffer.rows) : undefined),
    cutBytes: Math.max(0, ...faults.map(({ break: breaks }) => (breaks.kind === "cut" ? breaks.sizeBytes : 0))),
    rows: () => buffer.rows,
    rowsBySegment: () => Object.fromEntries(buffer.rowsBySegment),
    unplanted: () => pending.left(),
  };
}

type RecordBuffer = { readonly chunk: Uint8Array; at: number; rows: number; readonly rowsBySegment: Map<string, number> };

function recordSink(
  buffer: RecordBuffer,
  faultFor: (segment: string, person: Person) => RecordBreak | undefined,
  header: (count: number) => Uint8Array,
): RecordSink {
  return {
    put(writers, subject, person): void {
      for (const writer of writers) {
        for (const row of writer.rows(subject)) {
          const breaks = person === undefined ? undefined : faultFor(writer.segment, person);
          if (person === undefined || breaks === undefined) putRecord(buffer, writer, subject, row);
          else putBroken(buffer, writer, subject, row, person, breaks, header);
        }
      }
    },
  };
}

/** Counts a record and answers its number. */
function nextNumber(buffer: RecordBuffer, segment: string): number {
  buffer.rowsBySegment.set(segment, (buffer.rowsBySegment.get(segment) ?? 0) + 1);
  return (buffer.rows += 1);
}

function putRecord<Subject>(buffer: RecordBuffer, writer: RowWriter<Subject>, subject: Subject, row: Span, instead?: Instead): void {
  buffer.at = writer.write(subject, row, nextNumber(buffer, writer.segment), buffer.chunk, buffer.at, instead);
}

function putBroken<Subject>(
  buffer: RecordBuffer,
  writer: RowWriter<Subject>,
  subject: Subject,
  row: Span,
  person: Person,
  breaks: RecordBreak,
  header: (count: number) => Uint8Array,
): void {
  const from = buffer.at;
  putRecord(buffer, writer, subject, row, breaks.kind === "cells" ? breaks.cells(person, row) : undefined);
  const line = buffer.chunk.slice(from, buffer.at);
  switch (breaks.kind) {
    case "cells":
      return;
    case "line":
      buffer.at = from;
      return appendBytes(buffer, breaks.bytes(line));
    case "again":
      return putRecord(buffer, writer, subject, row, breaks.cells(person, row));
    case "copy":
      nextNumber(buffer, writer.segment);
      return appendBytes(buffer, line);
    case "header-again":
      buffer.rows += 1;
      return appendBytes(buffer, header(0));
  }
}

function appendBytes(buffer: RecordBuffer, bytes: Uint8Array): void {
  buffer.chunk.set(bytes, buffer.at);
  buffer.at += bytes.length;
}

type PendingFaults = {
  size(): number;
  /** A fault still to be planted that fits a record of this segment; counted as planted. */
  take(segment: string, person: Person): RecordBreak | undefined;
  left(): readonly PlantedFault[];
};

function pendingFaults(planted: readonly PlantedFault[]): PendingFaults {
  let waiting = planted.flatMap((one) =>
    isOfRecords(one.fault.break) ? [{ one, breaks: one.fault.break, left: one.count, last: "" }] : [],
  );
  return {
    size: () => waiting.length,
    take(segment, person): RecordBreak | undefined {
      const found = waiting.find(({ breaks, last }) => breaks.segment === segment && last !== person.id && breaks.fits?.(person) !== false);
      if (found === undefined) return undefined;
      found.left -= 1;
      found.last = person.id;
      waiting = waiting.filter(({ left }) => left > 0);
      return found.breaks;
    },
    left: () => waiting.map(({ one }) => one),
  };
}
