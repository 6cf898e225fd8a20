import { thousands } from "../base/thousands.ts";
import type { Draft, DraftColumn } from "./draft.ts";

/** What a draft was made from, for its first lines. */
export type DraftSource = { readonly file: string; readonly all: boolean };

/** A draft as the text of a catalogue. The same draft gives the same text. */
export function draftText(draft: Draft, source: DraftSource): string {
  const { dataset, encoding, person, columns } = draft;
  return [
    ...opening(draft, source),
    `dataset: ${dataset}`,
    'version: "1"',
    `title: ${quoted(dataset)}`,
    "form: table",
    `encoding: ${encoding}`,
    ...personLines(person),
    "# origin: which state's records these are, such as { constant: CA }. Left out, it is what `writ intake --origin` says.",
    "# facets: { origin: { constant: CA } }",
    "# special: none, only where no row can show treatment of a substance use disorder (42 CFR Part 2).",
    "columns:",
    ...columns.flatMap((column) => columnLines(column, draft)),
    "",
  ].join("\n");
}

function opening({ rows, malformed, passedOver, columns }: Draft, { file, all }: DraftSource): readonly string[] {
  const read = all ? `all ${thousands(rows)} rows` : `the first ${thousands(rows)} rows, and no other`;
  const unsure = columns.filter(({ confidence }) => confidence === "none").length;
  return [
    `# Drafted by \`writ dataset profile\` from ${read} of ${file.replaceAll(/[^\x20-\x7e]/g, "?")}.`,
    "# A question mark is a guess. `writ intake` refuses the catalogue until somebody who knows the file has taken every one",
    "# away, or written the right word instead. Columns left `unclassified` are taken in and released by no plan.",
    ...(unsure === 0 ? [] : [`# ${thousands(unsure)} of ${thousands(columns.length)} columns could not be told.`]),
    ...(malformed === 0 ? [] : [`# ${thousands(malformed)} lines have another number of cells than the header; intake leaves them out.`]),
    ...(passedOver === 0
      ? []
      : ["# Some values have no column here: later items of arrays, and keys that look like data. Intake leaves them out."]),
  ];
}

const personLines = (person: string | undefined): readonly string[] =>
  person === undefined
    ? [
        "# No column seems to name the person. Every row must have one that does; `about: providers` or `about: plans` where it is no person.",
        'person: "?"',
      ]
    : ["# The column that names the person a row is about; records without it are left out.", `person: ${quoted(`?${person}`)}`];

function columnLines(column: DraftColumn, { resource }: Draft): readonly string[] {
  const { name, category, confidence, because, type, written, kind, filled, distinct } = column;
  const kept = [
    `name: ${quoted(name)}`,
    ...(type === "text" ? [] : [`type: ${type}`]),
    ...(written === undefined ? [] : [`written: ${written}`]),
    `category: ${confidence === "none" ? category : `"?${category}"`}`,
    ...(resource !== undefined && name === "resourceType" ? [`values: [${resource}]`] : []),
  ];
  return [
    `  # ${confidence === "none" ? "not sure" : `${confidence} confidence`}: ${because}. ${filled} filled, ${distinct} different, ${kind}`,
    `  - { ${kept.join(", ")} }`,
  ];
}

/** A plain word as it is, anything else between quotes. */
const quoted = (text: string): string => (/^[A-Za-z_][\w/-]*$/.test(text) ? text : JSON.stringify(text));
