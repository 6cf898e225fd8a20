import type { Json } from "../base/canonical-json.ts";
import { GRADES } from "./source.ts";

export const KINDS = ["statute", "regulation", "policy", "agreement", "order"] as const;

type Schema = { readonly [keyword: string]: Json };
type Properties = Readonly<Record<string, Schema>>;

const text = (description: string, more: Schema = {}): Schema => ({ description, type: "string", minLength: 1, ...more });
const day = (description: string): Schema => ({ description, type: "string", format: "date", pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const list = (description: string, items: Schema): Schema => ({ description, type: "array", items });
const map = (description: string, required: readonly string[], properties: Properties): Schema => ({
  description,
  type: "object",
  required,
  properties,
  additionalProperties: false,
});
const range = (description: string): Schema => ({
  description,
  anyOf: [day("the day"), map("no earlier and no later than", ["earliest", "latest"], RANGE)],
});

const GRADE: Schema = { description: "how well its text is known", enum: [...GRADES] };
const CITE = text("the citation");
const ID = text("the id of an instrument", { pattern: "^[a-z0-9]+([-./][a-z0-9]+)*$" });
/** WHY: an editor reads an unquoted number as one; writ reads every value as text. */
const RULE_ID: Schema = { description: "the id of a rule, such as \"1\"", type: ["string", "integer"] }; // prettier-ignore

const RANGE: Properties = { earliest: day("the earliest it may be"), latest: day("the latest it may be") };

type MapKey = "endsOnEvent" | "finds" | "modifies" | "defeats" | "stayed" | "vacated" | "protects" | "discharges" | "sources";

/** The keys within keys that hold a map, or a list of maps. */
const WITHIN: Readonly<Record<MapKey, Properties>> = {
  endsOnEvent: {
    event: text("the event a court must find"),
    days: {
      description: "days from the finding to the end",
      type: ["integer", "string"],
      minimum: 0,
      maximum: 9999,
      pattern: "^\\d{1,4}$",
    },
  },
  finds: { event: text("an event that some endsOnEvent awaits"), on: day("the day of the finding"), cite: CITE },
  modifies: { instrument: ID, rules: list("the rules that end", RULE_ID), cite: CITE, grade: GRADE },
  defeats: {
    rule: text("the full name of a bar, <instrument>#<rule>"),
    scope: text("where the bar does not reach: a condition in Cedar, on one line"),
    cite: CITE,
    grade: GRADE,
    interpretation: text("why it is read so"),
  },
  stayed: {
    from: day("the first day of the stay"),
    to: day("its last day"),
    rules: list("the rules stayed; all when left out", RULE_ID),
    scope: text("where the rules are stayed: a condition in Cedar, on one line"),
    cite: CITE,
    grade: GRADE,
  },
  vacated: { on: day("the first day on which it is no more"), cite: CITE },
  protects: {
    jurisdiction: text("a word of law/vocabulary/jurisdictions.yaml"),
    from: day("the first day on the list"),
    to: day("the last day on the list"),
    unresolved: { description: "true while it is disputed; then the stricter of both readings holds", enum: [true, false] },
    cite: CITE,
  },
  discharges: { regime: text("a regime whose need its permits meet as well"), cite: CITE },
  sources: {
    cite: text("what was read"),
    url: text("where it is found"),
    grade: GRADE,
    sha256: text("the digest of the document", { pattern: "^[0-9a-f]{64}$" }),
    reviewedBy: text("a remark on who read this source; a signed review counts, this does not"),
  },
};

const maps = (key: MapKey, description: string, required: readonly string[]): Schema =>
  list(description, map("one entry", required, WITHIN[key]));

const PROPERTIES: Properties = {
  id: text("unique; an order's id is never its document number alone", { pattern: "^[a-z0-9]+([-./][a-z0-9]+)*$" }),
  title: text("what people call it"),
  kind: { description: "what sort of law it is", enum: [...KINDS] },
  regime: text("a regime of law/vocabulary/regimes.md"),
  court: text("the court of an order"),
  docket: text("the docket number"),
  entry: { description: "the document's number on the docket", type: ["string", "integer"] },
  cite: text("how lawyers cite it"),
  issued: range("day of entry or enactment"),
  effective: range("first day in force; the day of issue when left out"),
  ends: range("last day in force"),
  endsOnEvent: map("ends so many days after a court found an event", ["event", "days"], WITHIN.endsOnEvent),
  finds: maps("finds", "what a court found; only in an order", ["event", "on", "cite"]),
  extends: list("instruments whose new end this one's is", ID),
  supersedes: list("instruments that end the day before this one takes effect", ID),
  modifies: maps("modifies", "single rules of earlier instruments that end the day before", ["instrument", "rules", "cite"]),
  defeats: maps("defeats", "bars that do not reach a scope", ["rule", "scope", "cite"]),
  stayed: maps("stayed", "days on which it is suspended", ["from", "cite"]),
  vacated: map("ended from that day", ["on", "cite"], WITHIN.vacated),
  binds: text("the party whose own policy this is"),
  protects: maps("protects", "the party list of this very order", ["jurisdiction", "cite"]),
  discharges: maps("discharges", "regimes whose need its permits meet as well", ["regime", "cite"]),
  sources: { ...maps("sources", "what the author went by", ["cite", "grade"]), minItems: 1 },
};

/** JSON Schema of an instrument's front matter, for editors. It knows keys and forms; `law check` knows words, dates and what goes together. */
export const FRONT_MATTER_SCHEMA: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "front matter of a writ instrument",
  ...map("docs/formats/instrument.md", ["id", "title", "kind", "regime", "cite", "issued", "sources"], PROPERTIES),
};

// INVARIANT: the parser takes its key lists from here, so that it and the schema know the same keys.
/** The keys of front matter, in the order they are written. */
export const FRONT_MATTER_KEYS: readonly string[] = Object.keys(PROPERTIES);
/** The keys whose value is a map, or a list of maps. */
export const MAP_KEYS: readonly MapKey[] = Object.keys(WITHIN) as MapKey[];
/** The keys of a map within front matter, in the order they are written. */
export const keysWithin = (key: MapKey): readonly string[] => Object.keys(WITHIN[key]);
