import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { civilDate } from "../base/civil-date.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { Dimension } from "../law/condition.ts";
import type { Law } from "../law/law.ts";
import type { SourceFile } from "../law/source.ts";
import type { Word } from "../law/vocabulary.ts";
import { ancestorsIn } from "../law/vocabulary.ts";
import { wordsOf } from "./diagram.ts";

/** What must hold over a whole region on every day of a span, whatever the rules say one by one. docs/formats/invariants.md */
export type Invariant = {
  readonly id: string;
  readonly says: string;
  readonly cite: string;
  readonly expect: "never-released" | "always-released";
  readonly from?: CivilDate;
  readonly to?: CivilDate;
  readonly words: Readonly<Partial<Record<WordDimension, readonly string[]>>>;
  /** The order whose list the origin is on, on the day in question. */
  readonly protectedBy?: string;
  readonly evidence: { readonly present: readonly string[]; readonly absent: readonly string[] };
  readonly at: Place;
};

type WordDimension = Exclude<Dimension, "evidence">;

const DIMENSION_OF: Readonly<Record<string, WordDimension>> = {
  from: "discloser",
  to: "recipient",
  purpose: "purpose",
  action: "action",
  field: "field",
  origin: "origin",
  population: "population",
  funding: "funding",
  special: "special",
  applicant: "applicant",
  recordSystem: "system",
};
const EXPECTATIONS = ["never-released", "always-released"] as const;
const KEYS = ["id", "says", "cite", "expect", "since", "until", "where"];
const WHERE_KEYS = [...Object.keys(DIMENSION_OF), "protectedBy", "evidence", "withoutEvidence"];

/** The invariants in `invariants/*.yaml` of a law folder. */
export function parseInvariants(files: readonly SourceFile[], law: Law): Checked<readonly Invariant[]> {
  const problems: Problem[] = [];
  const found = files
    .filter(({ path }) => /^invariants\/[^/]+\.ya?ml$/.test(path))
    .flatMap((file): readonly Invariant[] => {
      const parsed = parseYaml(file.path, file.text);
      if (!parsed.ok) problems.push(...parsed.problems);
      if (!parsed.ok) return [];
      if (parsed.value.kind === "list")
        return parsed.value.items.map((item) => readInvariant(mapReader(item, KEYS, problems), law, problems));
      problems.push(problem("E_LAW", "invariants are a list", { at: parsed.value.at, hint: "write one `- { id, says, … }` each" }));
      return [];
    });
  const seen = new Set<string>();
  for (const { id, at } of found) {
    if (seen.has(id)) problems.push(problem("E_LAW", `the invariant "${id}" is listed twice`, { at }));
    seen.add(id);
  }
  return passIf(problems, () => found);
}

function readInvariant(reader: MapReader, law: Law, problems: Problem[]): Invariant {
  const node = reader.node("where");
  if (node === undefined) reader.refuse("an invariant needs its region", "add where: { to: [dhs], … }");
  const where = node === undefined ? undefined : mapReader(node, WHERE_KEYS, problems);
  const expect = EXPECTATIONS.find((word) => word === reader.text("expect"));
  if (expect === undefined)
    reader.refuse(
      `unknown expectation "${reader.text("expect")}"`,
      nearestHint(reader.text("expect"), EXPECTATIONS, "docs/formats"),
      "expect",
    );
  const protectedBy = where?.optionalText("protectedBy");
  const orders = law.instruments.map(({ id }) => id);
  if (protectedBy !== undefined && !orders.includes(protectedBy))
    where?.refuse(`unknown instrument "${protectedBy}"`, nearestHint(protectedBy, orders, "law/"), "protectedBy");
  return {
    id: reader.text("id"),
    says: reader.text("says"),
    cite: reader.text("cite"),
    expect: expect ?? "never-released",
    ...readDay(reader, "since", "from", problems),
    ...readDay(reader, "until", "to", problems),
    words: where === undefined ? {} : readWords(where, law),
    ...(protectedBy === undefined ? {} : { protectedBy }),
    evidence: { present: kinds(where, "evidence", law), absent: kinds(where, "withoutEvidence", law) },
    at: reader.at,
  };
}

function readDay<K extends "from" | "to">(reader: MapReader, key: string, as: K, problems: Problem[]): { readonly [P in K]?: CivilDate } {
  const said = reader.optionalText(key);
  const day = said === undefined ? undefined : civilDate(said);
  if (day?.ok === false) problems.push(...day.problems.map((one) => ({ ...one, at: reader.node(key)?.at ?? reader.at })));
  return day?.ok === true ? ({ [as]: day.value } as { readonly [P in K]?: CivilDate }) : {};
}

function readWords(where: MapReader, law: Law): Invariant["words"] {
  const { vocabulary } = law;
  const trees: Partial<Record<WordDimension, readonly Word[]>> = {
    discloser: vocabulary.parties,
    recipient: vocabulary.parties,
    purpose: vocabulary.purposes,
    field: vocabulary.fields,
    population: vocabulary.populations,
  };
  const asked = Object.entries(DIMENSION_OF).filter(([key]) => where.has(key));
  return Object.fromEntries(
    asked.map(([key, dimension]) => {
      const inSpace = wordsOf(vocabulary, dimension);
      const tree = trees[dimension] ?? inSpace.map((id) => ({ id, title: id, parents: [] }));
      const words = where.texts(key).flatMap((said) => {
        const below = tree.filter(({ id }) => ancestorsIn(tree, id).has(said)).map(({ id }) => id);
        const found = below.filter((id) => inSpace.includes(id));
        // INVARIANT: a word that is in no point would prove anything.
        if (found.length === 0)
          where.refuse(`"${said}" is no word of ${key} that a record can have`, nearestHint(said, inSpace, "law/vocabulary"), key);
        return found;
      });
      return [dimension, [...new Set(words)]];
    }),
  );
}

function kinds(where: MapReader | undefined, key: string, law: Law): readonly string[] {
  const known = law.vocabulary.evidence.map(({ id }) => id);
  const said = where?.texts(key) ?? [];
  for (const kind of said)
    if (!known.includes(kind)) where?.refuse(`unknown evidence "${kind}"`, nearestHint(kind, known, "law/vocabulary/evidence.yaml"), key);
  return said;
}
