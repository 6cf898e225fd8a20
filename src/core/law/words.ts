import type { Atom } from "./atom.ts";
import type { Dimension } from "./condition.ts";
import type { CedarExpr, CedarUid } from "./judge.ts";
import type { Vocabulary, Word } from "./vocabulary.ts";
import { ACTIONS } from "./vocabulary.ts";

/** What a rule may compare. Evidence is apart: it is a set, asked one kind at a time. */
export type Term = Exclude<Dimension, "evidence">;

type TermShape = { readonly spelled: string; readonly types: readonly string[]; readonly tree: boolean; readonly expr: CedarExpr };

const dot = (variable: string, attr: string): CedarExpr => ({ ".": { left: { Var: variable }, attr } });
const attribute = (name: string, types: readonly string[], tree = false): TermShape => ({
  spelled: `resource.${name}`,
  types,
  tree,
  expr: dot("resource", name),
});

/** How each term is spelled, which entity types it takes, and whether `in` over it walks a tree of parties, purposes or fields. */
export const TERMS: Readonly<Record<Term, TermShape>> = {
  recipient: { spelled: "principal", types: ["Party"], tree: true, expr: { Var: "principal" } },
  action: { spelled: "action", types: ["Action"], tree: false, expr: { Var: "action" } },
  discloser: { spelled: "context.discloser", types: ["Party"], tree: true, expr: dot("context", "discloser") },
  purpose: { spelled: "context.purpose", types: ["Purpose"], tree: true, expr: dot("context", "purpose") },
  field: attribute("field", ["Field"], true),
  origin: attribute("origin", ["Jurisdiction", "Protected"]),
  population: attribute("population", ["Population"]),
  funding: attribute("funding", ["Funding"]),
  special: attribute("special", ["Special"]),
  applicant: attribute("applicant", ["Applicant"]),
  system: attribute("system", ["RecordSystem"]),
};

export const termAtom = (term: Term, expr: CedarExpr, uid: CedarUid): Atom =>
  uid.type === "Protected" ? { kind: "protected", order: uid.id } : { kind: "words", dimension: term, expr };

/** The closed world of entity names, by Cedar entity type. */
export type KnownWords = {
  has(type: string, id: string): boolean;
  all(type: string): readonly string[];
  listedIn(type: string): string;
};

/** Entity types with the words of each, and the list they come from. */
export function entityTypes(vocabulary: Vocabulary, orders: readonly string[]): ReadonlyMap<string, readonly Word[]> {
  const plain = (ids: readonly string[]): readonly Word[] => ids.map((id) => ({ id, title: id, parents: [] }));
  const facet = (id: string): readonly Word[] => plain(vocabulary.facets.find((word) => word.id === id)?.leaves ?? []);
  return new Map<string, readonly Word[]>([
    ["Party", vocabulary.parties],
    ["Purpose", vocabulary.purposes],
    ["Population", vocabulary.populations],
    ["Field", vocabulary.fields],
    ["Jurisdiction", vocabulary.jurisdictions],
    ["RecordSystem", vocabulary.systems],
    ["Evidence", vocabulary.evidence],
    ["Funding", facet("funding")],
    ["Special", facet("special")],
    ["Applicant", facet("applicant")],
    ["Action", plain(ACTIONS)],
    ["Protected", plain(orders)],
  ]);
}

const LISTED_IN: Readonly<Record<string, string>> = {
  Party: "law/vocabulary/parties.yaml",
  Purpose: "law/vocabulary/purposes.yaml",
  Population: "law/vocabulary/populations.yaml",
  Field: "law/vocabulary/fields.yaml",
  Jurisdiction: "law/vocabulary/jurisdictions.yaml",
  RecordSystem: "law/vocabulary/record-systems.yaml",
  Evidence: "law/vocabulary/evidence.yaml",
  Protected: "the `protects` list of an order",
};

export function knownWords(vocabulary: Vocabulary, orders: readonly string[]): KnownWords {
  const types = entityTypes(vocabulary, orders);
  const ids = new Map([...types].map(([type, words]) => [type, new Set(words.map((word) => word.id))]));
  return {
    has: (type, id) => ids.get(type)?.has(id) ?? false,
    all: (type) => [...(ids.get(type) ?? [])],
    listedIn: (type) => LISTED_IN[type] ?? "law/vocabulary/facets.yaml",
  };
}

/** The Cedar schema of the house: every rule is validated strictly against it. */
export const CEDAR_SCHEMA = `
entity Party in [Party];
entity Purpose in [Purpose];
entity Population in [Population];
entity Field in [Field];
entity Protected;
entity Jurisdiction in [Protected];
entity RecordSystem, Evidence, Funding, Special, Applicant;
entity Cell {
  field: Field, origin: Jurisdiction, population: Population, system: RecordSystem,
  funding: Funding, special: Special, applicant: Applicant
};
action disclose, view, use appliesTo {
  principal: [Party], resource: [Cell],
  context: { discloser: Party, purpose: Purpose, evidence: Set<Evidence> }
};
`;
