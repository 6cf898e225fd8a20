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
import type { RowWriter } from "./row-writer.ts";

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
  const headerLine = new Uint8Array(SLACK_BYTES);
  const headerBytes = (count: number): Uint8Array => headerLine.subarray(0, writeHeader(plan, state, { ...facts, count }, headerLine));
  const content: FileContent = fileContent(kind, plan, state, catalogue);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let at = 0;
  if (withHeader) {
    chunk.set(headerBytes(0));
    at = headerBytes(0).length;
  }
  let [rows, people] = [0, 0];
  const counts = new Map<string, number>();
  const pending = pendingFaults(planted);
  const count = (segment: string): number => {
    counts.set(segment, (counts.get(segment) ?? 0) + 1);
    return (rows += 1);
  };
  const put = <Subject>(writer: RowWriter<Subject>, subject: Subject, row: Span, breaks: RecordBreak | undefined, person: Person): void => {
    const number = count(writer.segment);
    if (breaks?.kind === "cells") at = writer.write(subject, row, number, chunk, at, breaks.cells(person, row));
    else {
      const end = writer.write(subject, row, number, chunk, at);
      at = breaks?.kind === "line" ? replaceLine(chunk, at, end, breaks.bytes) : end;
    }
    if (breaks?.kind === "again") at = writer.write(subject, row, count(writer.segment), chunk, at, breaks.cells(person, row));
    else if (breaks?.kind === "copy") {
      count(writer.segment);
      at = writer.write(subject, row, number, chunk, at);
    } else if (breaks?.kind === "header-again") {
      rows += 1;
      chunk.set(headerBytes(0), at);
      at += headerBytes(0).length;
    }
  };
  const sink: RecordSink = {
    put(writers, subject, person): void {
      const faulty = person !== undefined && pending.size > 0 && (people >= FAULT_PERSON || people === state.people);
      for (const writer of writers)
        for (const row of writer.rows(subject)) {
          if (person === undefined || !faulty) at = writer.write(subject, row, count(writer.segment), chunk, at);
          else put(writer, subject, row, pending.take(writer.segment, person), person);
        }
    },
  };
  return {
    kind,
    opening: () => content.opening(sink),
    add(person): void {
      people += 1;
      content.add(person, sink);
    },
    isFull: () => at > CHUNK_BYTES - SLACK_BYTES,
    take(cutBytes = 0): Uint8Array {
      const length = Math.max(0, at - cutBytes);
      at = 0;
      return chunk.subarray(0, length);
    },
    header: () => (withHeader ? headerBytes(rows) : undefined),
    cutBytes: Math.max(0, ...faults.map(({ break: breaks }) => (breaks.kind === "cut" ? breaks.sizeBytes : 0))),
    rows: () => rows,
    rowsBySegment: () => Object.fromEntries(counts),
    unplanted: () => pending.left(),
  };
}

function replaceLine(chunk: Uint8Array, from: number, to: number, bytes: (line: Uint8Array) => Uint8Array): number {
  const line = bytes(chunk.slice(from, to));
  chunk.set(line, from);
  return from + line.length;
}

type PendingFaults = {
  readonly size: number;
  /** A fault still to be planted that fits a record of this segment; counted as planted. */
  take(segment: string, person: Person): RecordBreak | undefined;
  left(): readonly PlantedFault[];
};

function pendingFaults(planted: readonly PlantedFault[]): PendingFaults {
  let waiting = planted.flatMap((one) => (isOfRecords(one.fault.break) ? [{ one, breaks: one.fault.break, left: one.count }] : []));
  return {
    get size() {
      return waiting.length;
    },
    take(segment, person): RecordBreak | undefined {
      const found = waiting.find(({ breaks }) => breaks.segment === segment && breaks.fits?.(person) !== false);
      if (found === undefined) return undefined;
      found.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return found.breaks;
    },
    left: () => waiting.map(({ one }) => one),
  };
}
