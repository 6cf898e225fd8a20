import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { MapReader, YamlNode } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { DatasetReference } from "../catalog/dataset-reference.ts";
import { parseDatasetReference } from "../catalog/dataset-reference.ts";
import type { Law } from "../law/law.ts";
import { ACTIONS } from "../law/vocabulary.ts";
import type { AttachedEvidence, WordCheck } from "./attached-evidence.ts";
import { MOST_LISTS } from "../catalog/evidence-bits.ts";
import { EVIDENCE_KEYS, readEvidence } from "./attached-evidence.ts";

/** Rows asked for by the value of an element. */
export type AskedValue = { readonly element: string; readonly values: readonly string[] };

/** What a recipient asks of a custodian; never a date. docs/formats/release-request.md */
export type ReleaseRequest = {
  readonly from: string;
  readonly to: string;
  /** Other bodies in whose service the receiving person is. */
  readonly employers?: readonly string[];
  readonly purpose: string;
  readonly action: string;
  readonly dataset: DatasetReference;
  /** Categories asked for, or empty when elements are named. */
  readonly fields: readonly string[];
  readonly elements: readonly string[];
  readonly origins: readonly string[];
  readonly only: readonly AskedValue[];
  readonly statusSource?: string;
  /** The dataset that tells who the people of `dataset` are, where its own rows do not. */
  readonly enrolment?: DatasetReference;
  readonly evidence: readonly AttachedEvidence[];
  readonly recipientKey?: string;
  readonly pseudonym: boolean;
};

const KEYS = [
  "from", "to", "employers", "purpose", "action", "dataset", "fields", "elements", "where", "statusSource", "enrolment", "evidence", "recipientKey", "pseudonym",
]; // prettier-ignore

/** Reads a request file; every misspelt word is reported where it stands, with the nearest known one. */
export function parseReleaseRequest(file: string, text: string, law: Pick<Law, "vocabulary">): Checked<ReleaseRequest> {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return parsed;
  const problems: Problem[] = [];
  const reader = mapReader(parsed.value, KEYS, problems);
  const known = wordCheck(problems);
  const { vocabulary } = law;
  const ids = (words: readonly { readonly id: string }[]): readonly string[] => words.map((word) => word.id);
  const [parties, fields, jurisdictions] = [ids(vocabulary.parties), ids(vocabulary.fields), ids(vocabulary.jurisdictions)];
  const aliased = vocabulary.purposes.find((purpose) => purpose.aliases.includes(reader.optionalText("purpose") ?? ""));
  const dataset = parseDatasetReference(reader.text("dataset"));
  if (!dataset.ok) problems.push(...dataset.problems.map((found) => ({ ...found, at: reader.node("dataset")?.at ?? reader.at })));
  const enrolment = reader.has("enrolment") ? parseDatasetReference(reader.text("enrolment")) : undefined;
  if (enrolment?.ok === false)
    problems.push(...enrolment.problems.map((found) => ({ ...found, at: reader.node("enrolment")?.at ?? reader.at })));
  const where =
    reader.node("where") === undefined ? undefined : mapReader(reader.node("where") ?? parsed.value, ["origin", "elements"], problems);
  if (reader.has("fields") === reader.has("elements"))
    reader.refuse("a request names either fields or elements", "fields: [address, phone]");
  const request: ReleaseRequest = {
    from: known(reader.text("from"), parties, reader, "from"),
    to: known(reader.text("to"), parties, reader, "to"),
    ...(reader.has("employers") ? { employers: reader.texts("employers").map((one) => known(one, parties, reader, "employers")) } : {}),
    purpose: aliased?.id ?? known(reader.text("purpose"), ids(vocabulary.purposes), reader, "purpose"),
    action: known(reader.optionalText("action") ?? "disclose", ACTIONS, reader, "action"),
    dataset: dataset.ok ? dataset.value : { dataset: "", period: "" },
    fields: reader.texts("fields").map((field) => known(field, fields, reader, "fields")),
    elements: reader.texts("elements"),
    origins: (where?.texts("origin") ?? []).map((origin) => known(origin, jurisdictions, where ?? reader, "origin")),
    only: (where?.maps("elements", ["element", "in"]) ?? []).map((one) => ({ element: one.text("element"), values: one.texts("in") })),
    ...optionalTexts(reader),
    ...(enrolment?.ok === true ? { enrolment: enrolment.value } : {}),
    evidence: reader.maps("evidence", EVIDENCE_KEYS).map((one) => readEvidence(one, law, known, problems)),
    pseudonym: readChoice(reader, "pseudonym"),
  };
  if (request.action === "use")
    reader.refuse(
      "a release hands over a copy; `use` is of a copy already held, under its receipt",
      "ask `writ decide --action use`",
      "action",
    );
  if (request.evidence.filter(({ people }) => people !== undefined).length > MOST_LISTS)
    reader.refuse(`more than ${MOST_LISTS} documents name people`, "write one list of all the people of a document", "evidence");
  return passIf(problems, () => request);
}

/** Where a request says something: the place of a key, or of a word somewhere below it. Undefined where there is no file. */
export type Locate = (key: string, word?: string) => Place | undefined;

export const NOWHERE: Locate = () => undefined;

/** Finds places in a request file, for what shows only once its words meet a dataset. */
export function locator(file: string, text: string): Locate {
  const parsed = parseYaml(file, text);
  const root = parsed.ok ? parsed.value : undefined;
  return (key, word) => {
    const value = root?.kind === "map" ? root.entries.get(key) : undefined;
    return value === undefined ? { file } : placeIn(value, word);
  };
}

const placeIn = (node: YamlNode, word: string | undefined): Place => (word === undefined ? node.at : (placeOf(node, word) ?? node.at));

function placeOf(node: YamlNode, word: string): Place | undefined {
  if (node.kind === "text") return node.text === word ? node.at : undefined;
  const parts = node.kind === "list" ? node.items : [...node.entries.values()];
  return parts.map((part) => placeOf(part, word)).find((at) => at !== undefined);
}

const wordCheck =
  (problems: Problem[]): WordCheck =>
  (word, known, from, key) => {
    if (word !== "" && !known.includes(word)) {
      const node = from.node(key);
      const at = node === undefined ? from.at : placeIn(node, word);
      problems.push(problem("E_WORD", `unknown word "${word}" for "${key}"`, { at, hint: nearestHint(word, known, "law/vocabulary") }));
    }
    return word;
  };

function optionalTexts(reader: MapReader): Pick<ReleaseRequest, "statusSource" | "recipientKey"> {
  const [statusSource, recipientKey] = [reader.optionalText("statusSource"), reader.optionalText("recipientKey")];
  return { ...(statusSource === undefined ? {} : { statusSource }), ...(recipientKey === undefined ? {} : { recipientKey }) };
}

function readChoice(reader: MapReader, key: string): boolean {
  const said = reader.optionalText(key) ?? "no";
  if (said !== "yes" && said !== "no") reader.refuse(`"${key}" is yes or no`, undefined, key);
  return said === "yes";
}
