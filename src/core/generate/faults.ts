/** Something wrong in a submission on purpose, to show what intake says of it. Rows count from the tenth person on. */
export type Fault = {
  readonly title: string;
  /** Elements of the header record that say something else. */
  readonly header?: (cells: HeaderCells) => Readonly<Record<string, string>>;
  /** One row of `segment` with other values. */
  readonly row?: { readonly segment: string; readonly cells: Readonly<Record<string, string>> };
  /** One row of `segment` with other bytes. The line feed at its end is part of it. */
  readonly line?: { readonly segment: string; readonly bytes: (line: Uint8Array) => Uint8Array };
  /** Bytes left out at the end of the file. */
  readonly cutBytes?: number;
  readonly withoutHeader?: true;
};

type HeaderCells = { readonly count: number; readonly state: string; readonly encoding: string; readonly nextMonth: string };

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const replaced = (line: Uint8Array, at: number, bytes: Uint8Array): Uint8Array => {
  const copy = line.slice();
  copy.set(bytes, at);
  return copy;
};
/** Another state's code, whichever the state is. */
const otherState = (fips: string): string => (fips === "48" ? "06" : "48");

export const FAULTS: Readonly<Record<string, Fault>> = {
  "header-count": {
    title: "the header counts one record too many",
    header: ({ count }) => ({ "TOT-REC-CNT": String(count + 1) }),
  },
  "wrong-state": {
    title: "the header names another state than every record",
    header: ({ state }) => ({ "SUBMITTING-STATE": otherState(state) }),
  },
  "stray-state": { title: "one record is of another state", row: { segment: "ELG00002", cells: { "SUBMITTING-STATE": "78" } } },
  "unknown-state": { title: "the header names a submitter nobody is", header: () => ({ "SUBMITTING-STATE": "99" }) },
  "wrong-period": {
    title: "the header's period is longer than a month",
    header: ({ nextMonth }) => ({ "END-OF-TIME-PERIOD": nextMonth }),
  },
  "wrong-encoding": {
    title: "the header names the other encoding",
    header: ({ encoding }) => ({ "FILE-ENCODING-SPECIFICATION": encoding === "FLF" ? "PSV" : "FLF" }),
  },
  "unknown-dictionary": {
    title: "the header names a dictionary that does not exist",
    header: () => ({ "DATA-DICTIONARY-VERSION": "9.9" }),
  },
  "no-header": { title: "the header is missing", withoutHeader: true },
  truncated: { title: "the file breaks off within its last record", cutBytes: 20 },
  "bad-line-length": { title: "one record lacks its last field's end", line: { segment: "ELG00002", bytes: shortened } },
  "unknown-segment": {
    title: "one record is of a segment that does not exist",
    line: { segment: "ELG00002", bytes: (line) => replaced(line, 3, ascii("00099")) },
  },
  binary: {
    title: "one record holds control characters",
    line: { segment: "ELG00002", bytes: (line) => replaced(line, 22, new Uint8Array(4)) },
  },
  "unknown-value": { title: "one value is not in the dictionary", row: { segment: "ELG00002", cells: { SEX: "Q" } } },
  "bad-date": { title: "one date does not exist", row: { segment: "ELG00002", cells: { "DATE-OF-BIRTH": "19930231" } } },
  "bad-number": { title: "one Social Security number holds a letter", row: { segment: "ELG00003", cells: { SSN: "9I2345678" } } },
  "missing-id": { title: "one record names nobody", row: { segment: "ELG00003", cells: { "MSIS-IDENTIFICATION-NUM": "" } } },
  orphan: {
    title: "one record is of a person the file does not have",
    row: { segment: "ELG00004", cells: { "MSIS-IDENTIFICATION-NUM": "0000000000" } },
  },
};

/** One byte short in fixed length; between pipes, one field short as well. */
function shortened(line: Uint8Array): Uint8Array {
  const pipe = line.lastIndexOf(124);
  const end = pipe >= 0 ? pipe : line.length - 2;
  return Uint8Array.from([...line.subarray(0, end), 10]);
}
