import type { CivilDate } from "../base/civil-date.ts";
import { civilDate } from "../base/civil-date.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader } from "../base/yaml-node.ts";
import type { RowFacets } from "../catalog/row-class.ts";
import type { Law } from "../law/law.ts";
import type { ReleaseRequest } from "./release-request.ts";

/** A file of the workspace with its digest. */
export type NamedFile = { readonly file: string; readonly sha256: string };

/**
 * A document a request rests on: an instrument, not a flag. It counts only while valid and only within its scope: the
 * categories, elements and states it names, the activity it was given for, the people it names. Absent scope is no limit.
 */
export type AttachedEvidence = NamedFile & {
  readonly kind: string;
  readonly issuer?: string;
  readonly signatory?: string;
  readonly addressee?: string;
  readonly issued: CivilDate;
  readonly validUntil?: CivilDate;
  readonly verifiedBy: string;
  readonly fields?: readonly string[];
  readonly elements?: readonly string[];
  readonly origins?: readonly string[];
  readonly activity?: string;
  readonly people?: NamedFile;
};

export const EVIDENCE_KEYS: readonly string[] = [
  "kind", "file", "sha256", "issuer", "signatory", "addressee", "issued", "validUntil", "verifiedBy", "fields", "elements", "origins", "activity", "people",
]; // prettier-ignore

/** Checks a word against a list, reports it where it stands, and gives it back. */
export type WordCheck = (word: string, known: readonly string[], from: MapReader, key: string) => string;

const ids = (words: readonly { readonly id: string }[]): readonly string[] => words.map((word) => word.id);

export function readEvidence(one: MapReader, law: Pick<Law, "vocabulary">, known: WordCheck, problems: Problem[]): AttachedEvidence {
  const { vocabulary } = law;
  const date = (key: string): CivilDate => {
    const checked = civilDate(one.text(key));
    if (!checked.ok) problems.push(...checked.problems.map((found) => ({ ...found, at: one.node(key)?.at ?? one.at })));
    return checked.ok ? checked.value : ("9999-12-31" as CivilDate);
  };
  const list = (key: "fields" | "elements" | "origins", words?: readonly string[]): { readonly [K in typeof key]?: readonly string[] } =>
    one.has(key) ? { [key]: one.texts(key).map((word) => (words === undefined ? word : known(word, words, one, key))) } : {};
  const said = (key: "issuer" | "signatory" | "addressee"): { readonly [K in typeof key]?: string } =>
    one.has(key) ? { [key]: one.text(key) } : {};
  if (one.has("addressee")) known(one.text("addressee"), ids(vocabulary.parties), one, "addressee");
  const people = one.node("people");
  return {
    kind: known(one.text("kind"), ids(vocabulary.evidence), one, "kind"),
    ...readFile(one),
    ...said("issuer"),
    ...said("signatory"),
    ...said("addressee"),
    issued: date("issued"),
    ...(one.has("validUntil") ? { validUntil: date("validUntil") } : {}),
    verifiedBy: one.text("verifiedBy"),
    ...list("fields", ids(vocabulary.fields)),
    ...list("elements"),
    ...list("origins", ids(vocabulary.jurisdictions)),
    ...(one.has("activity") ? { activity: known(one.text("activity"), ids(vocabulary.purposes), one, "activity") } : {}),
    ...(people === undefined ? {} : { people: readPeopleFile(mapReader(people, ["file", "sha256"], problems)) }),
  };
}

function readFile(from: MapReader): NamedFile {
  const sha256 = from.text("sha256");
  if (!/^[0-9a-f]{64}$/.test(sha256)) from.refuse("sha256 is 64 lower-case hexadecimal digits", "sha256sum FILE prints it", "sha256");
  return { file: from.text("file"), sha256 };
}

/** WHY below private/: whatever else of a workspace is committed or published, these ids are not. */
function readPeopleFile(from: MapReader): NamedFile {
  const named = readFile(from);
  const parts = named.file.split("/");
  if (parts[0] !== "private" || parts.length < 2 || parts.includes(".."))
    from.refuse("a list of people stays below private/", "file: private/evidence/NAME.csv", "file");
  return named;
}

/** Problems of the evidence on a day: documents that are not yet, or no longer, valid, or written to somebody else. */
export function evidenceProblems(request: ReleaseRequest, on: CivilDate): readonly Problem[] {
  return request.evidence.flatMap((one) => {
    const at = { file: one.file };
    if (one.issued > on) return [problem("E_EVIDENCE", `the ${one.kind} is issued on ${one.issued}, after ${on}`, { at })];
    if (one.validUntil !== undefined && one.validUntil < on)
      return [problem("E_EVIDENCE", `the ${one.kind} expired on ${one.validUntil}`, { at, hint: "attach one that is valid" })];
    if (one.addressee !== undefined && one.addressee !== request.from) {
      const hint = "attach a document written to the party that discloses";
      return [problem("E_EVIDENCE", `the ${one.kind} is addressed to ${one.addressee}, not to ${request.from}`, { at, hint })];
    }
    return [];
  });
}

/** A row, a category of it, and the elements of the category that the request tells, as far as they are known. */
export type Reach = Pick<RowFacets, "origin" | "named"> & { readonly field: string; readonly elements?: readonly string[] | undefined };

/** Kinds of evidence that count for a category of a row. INVARIANT: absent means deny; what lies out of scope is absent. */
export const evidenceFor = (request: ReleaseRequest, { field, origin, named = [], elements }: Reach): readonly string[] => {
  const within = (words: readonly string[] | undefined, word: string): boolean => words === undefined || words.includes(word);
  const reaching = request.evidence.filter(
    (one) =>
      within(one.fields, field) &&
      within(one.origins, origin) &&
      (one.activity === undefined || one.activity === request.purpose) &&
      (one.people === undefined || named.includes(one.people.sha256)) &&
      // WHY every: a category is judged as one, so what a document leaves out of it must not come along.
      (one.elements === undefined || (elements ?? [""]).every((element) => within(one.elements, element))),
  );
  return [...new Set(reaching.map((one) => one.kind))];
};
