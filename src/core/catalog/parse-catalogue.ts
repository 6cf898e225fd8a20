import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { Catalogue, Subject, TableEncoding } from "./catalogue.ts";
import { SUBJECTS, TABLE_ENCODINGS } from "./catalogue.ts";
import { isDatasetName } from "./dataset-reference.ts";
import { readFacets } from "./facets.ts";
import type { CatalogueWords, Reading, SourceText } from "./reading.ts";
import { placeOf, refuse, withoutGuess } from "./reading.ts";
import { readSegments } from "./segments.ts";
import { readTable } from "./table.ts";
import { withValidity } from "./validity.ts";

const KEYS = [
  "dataset",
  "version",
  "title",
  "form",
  "record_length",
  "person",
  "about",
  "facets",
  "segments",
  "columns",
  "key",
  "span",
  "special",
  "encoding",
  "valid",
];

/**
 * Reads a catalogue (docs/formats/catalogue.md). `elements` is the CSV beside the description, which the form `tmsis` needs.
 * INVARIANT: a catalogue that passes has contiguous records of one length and a known category for every element.
 */
export function parseCatalogue(description: SourceText, elements: SourceText | undefined, words: CatalogueWords): Checked<Catalogue> {
  const node = parseYaml(description.file, description.text);
  if (!node.ok) return node;
  const problems: Problem[] = [];
  const reader = mapReader(node.value, KEYS, problems);
  const reading: Reading = { problems, words, guesses: [] };
  const form = readForm(reader, reading);
  const described = form === "tmsis" ? readSegments(reader, elements, reading) : [readTable(reader, reading)];
  const segments = withValidity(reader, described, reading);
  const catalogue: Catalogue = {
    dataset: readDataset(reader, reading),
    version: reader.text("version"),
    title: reader.text("title"),
    form,
    recordLengthBytes: form === "tmsis" ? Number(reader.text("record_length")) : 0,
    personElement: withoutGuess(reading, placeOf(reader, "person"), reader.optionalText("person") ?? ""),
    about: readSubject(reader, reading),
    segments,
    facets: readFacets(reader, segments, reading),
    ...readEncoding(reader, reading),
    ...(reading.guesses.length === 0 ? {} : { guesses: reading.guesses }),
  };
  checkPerson(reader, catalogue, reading);
  return passIf(problems, () => catalogue);
}

function readForm(reader: MapReader, reading: Reading): "tmsis" | "table" {
  const form = reader.text("form");
  if (form !== "tmsis" && form !== "table") refuse(reading, placeOf(reader, "form"), `unknown form "${form}"`, "write tmsis or table");
  return form === "tmsis" ? "tmsis" : "table";
}

function readEncoding(reader: MapReader, reading: Reading): { encoding?: TableEncoding } {
  const written = reader.optionalText("encoding");
  if (written === undefined) return {};
  const encoding = TABLE_ENCODINGS.find((one) => one === written);
  if (encoding === undefined)
    refuse(reading, placeOf(reader, "encoding"), `unknown encoding "${written}"`, `write ${TABLE_ENCODINGS.join(", ")}`);
  return encoding === undefined ? {} : { encoding };
}

function readDataset(reader: MapReader, reading: Reading): string {
  const dataset = reader.text("dataset");
  if (!isDatasetName(dataset)) {
    refuse(reading, placeOf(reader, "dataset"), "a dataset is named FAMILY/NAME in small letters", "such as tmsis/eligible");
  }
  return dataset;
}

function readSubject(reader: MapReader, reading: Reading): Subject {
  const word = reader.optionalText("about") ?? "people";
  const subject = SUBJECTS.find((one) => one === word);
  if (subject === undefined)
    refuse(reading, placeOf(reader, "about"), `a dataset is not about "${word}"`, nearestHint(word, SUBJECTS, "people"));
  return subject ?? "people";
}

function checkPerson(reader: MapReader, catalogue: Catalogue, reading: Reading): void {
  const name = catalogue.personElement;
  const open = reading.guesses.some(({ column }) => column === undefined);
  if (name === "" && (catalogue.form === "tmsis" || open)) return;
  if (catalogue.segments.some((segment) => segment.elements.some((element) => element.name === name))) return;
  refuse(reading, placeOf(reader, "person"), `no segment has the person element "${name}"`);
}
