import type { Atom } from "./atom.ts";
import { dimensionOf } from "./atom.ts";
import type { Dimension } from "./condition.ts";
import type { CedarEntity, CedarExpr, CedarUid, Judge, JudgeRequest } from "./judge.ts";
import type { Settled } from "./law.ts";
import type { Vocabulary, Word } from "./vocabulary.ts";
import { ancestorsIn } from "./vocabulary.ts";
import { entityTypes } from "./words.ts";

type SweptDimension = Exclude<Dimension, "evidence">;

const TYPE_OF: Readonly<Record<SweptDimension, string>> = {
  recipient: "Party",
  discloser: "Party",
  action: "Action",
  purpose: "Purpose",
  field: "Field",
  origin: "Jurisdiction",
  population: "Population",
  funding: "Funding",
  special: "Special",
  applicant: "Applicant",
  system: "RecordSystem",
};

/** One sweep of Cedar over each vocabulary: which atoms hold for which word. One call a word, never one a cell. */
export function settleAtoms(atoms: readonly Atom[], vocabulary: Vocabulary, judge: Judge): Settled {
  const types = entityTypes(vocabulary, []);
  const settled: Record<string, Record<string, readonly number[]>> = {};
  for (const dimension of Object.keys(TYPE_OF) as SweptDimension[]) {
    const conditions = conditionsOf(atoms, dimension);
    const asked = Object.keys(conditions).length > 0;
    const type = TYPE_OF[dimension];
    const words = types.get(type) ?? [];
    settled[dimension] = {};
    for (const word of words) {
      // WHY only the word's own line: an entity nobody asks about costs Cedar as much as one that counts.
      const line = ancestorsIn(words, word.id);
      const entities = words.filter(({ id }) => line.has(id)).map((one) => asEntity(type, one));
      const { request, cell } = sampleRequest(dimension, word.id, types);
      const holding = asked ? judge.holding(request, conditions, [...entities, cell]) : [];
      settled[dimension][word.id] = holding.map(Number).sort((a, b) => a - b);
    }
  }
  return settled;
}

function conditionsOf(atoms: readonly Atom[], dimension: SweptDimension): Record<string, CedarExpr> {
  const found: Record<string, CedarExpr> = {};
  for (const [index, atom] of atoms.entries())
    if (atom.kind === "words" && dimensionOf(atom) === dimension) found[String(index)] = atom.expr;
  return found;
}

export const asEntity = (type: string, word: Word): CedarEntity => ({
  uid: { type, id: word.id },
  attrs: {},
  parents: word.parents.map((id) => ({ type, id })),
});

type Sample = { readonly request: JudgeRequest; readonly cell: CedarEntity };

/** A request that has `word` in `dimension` and any word elsewhere: the atoms swept look at one dimension only. */
function sampleRequest(dimension: SweptDimension, word: string, types: ReadonlyMap<string, readonly Word[]>): Sample {
  const first = (type: string): CedarUid => ({ type, id: types.get(type)?.[0]?.id ?? "none" });
  const pick = (at: SweptDimension): CedarUid => (at === dimension ? { type: TYPE_OF[at], id: word } : first(TYPE_OF[at]));
  const resource = { type: "Cell", id: "cell" };
  const attributes = ["field", "origin", "population", "funding", "special", "applicant", "system"] as const;
  const cell = { uid: resource, attrs: Object.fromEntries(attributes.map((name) => [name, pick(name)])), parents: [] };
  const context = { discloser: pick("discloser"), purpose: pick("purpose"), evidence: [] };
  return { request: { principal: pick("recipient"), action: pick("action"), resource, context }, cell };
}
