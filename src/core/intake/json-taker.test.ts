import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { parseCatalogue } from "../catalog/parse-catalogue.ts";
import { jsonTaker } from "./json-taker.ts";
import { lineCutter } from "./lines.ts";
import type { RecordTaker } from "./record-taker.ts";
import { writeBytes } from "./row-buffer.ts";
import { cellsOf } from "../../../test/parquet-reading.ts";

const CATALOGUE = `dataset: fhir/patient
version: "1"
title: Patients
form: table
encoding: ndjson
person: id
columns:
  - { name: id, category: patient-number }
  - { name: family, path: "name[0].family", category: name }
  - { name: born, path: birthDate, type: date, category: date-of-birth }
`;

function taker(): RecordTaker {
  const categories = ["patient-number", "name", "date-of-birth"];
  const catalogue = parseCatalogue({ file: "c.yaml", text: CATALOGUE }, undefined, { categories });
  if (!catalogue.ok) throw new Error(JSON.stringify(catalogue.problems));
  const made = jsonTaker("p.ndjson", catalogue.value, (bytes, from, to, out) => writeBytes(out, bytes, from, to));
  if (!made.ok) throw new Error("no taker");
  return made.value;
}

/** What is said of each line: `ok`, the faults, or the place of a problem. */
function said(made: RecordTaker, bytes: Uint8Array): readonly string[] {
  const lines: string[] = [];
  lineCutter().push(bytes, (line) => {
    const found = made.take(line);
    if ("code" in found) lines.push(`line ${found.at?.line} column ${found.at?.column}`);
    else lines.push(found.length === 0 ? "ok" : found.map(({ element, rule }) => `${element} ${rule}`).join(", "));
    return true;
  });
  return lines;
}

describe("lines of JSON as records", () => {
  it("are written as rows, and told apart by what is wrong with them", () => {
    const made = taker();
    const lines = ['{"id":"p1","name":[{"family":"\\u00c9t\\u00e9"},{"family":"x"}],"birthDate":"1950-02-03"}', '{"id":"","birthDate":"1950-02-30"}', "{'id':1}", '{"id":2,"name":{}}']; // prettier-ignore
    expect(said(made, utf8(`${lines.join("\n")}\n`))).toEqual(["ok", "id E1105, born E1001", "line 3 column 2", "ok"]);
    const [rows] = made.segments;
    expect([rows?.rows, made.unlisted?.()]).toEqual([2, 1]);
    const [, ...columns] = [...(rows?.takeGroup() ?? [])];
    const types = ["text", "text", "date"] as const;
    const cells = columns.map((chunk, at) => cellsOf(chunk, types[at] ?? "text"));
    expect(cells).toEqual([
      ["p1", "2"],
      ["Été", undefined],
      ["-7272", undefined],
    ]);
  });

  it("of any bytes never throw", () => {
    const pieces = fc.constantFrom(
      '{"id":',
      '"a"',
      "{",
      "}",
      "[",
      '"name":[{"family":',
      ",",
      '"birthDate":',
      "1",
      "\n",
      '"\\ud800"',
      "}]}",
      "null",
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.array(pieces, { maxLength: 14 }), (bytes, some) => {
        said(taker(), Uint8Array.of(...bytes, 10, ...utf8(some.join("")), 10));
      }),
      { numRuns: 300, seed: 19 },
    );
  });
});
