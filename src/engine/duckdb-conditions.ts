import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { AreaList } from "../core/validate/area-list.ts";
import { placedCodes } from "../core/validate/area-list.ts";
import type { Condition, HasCondition, TextForm } from "../core/validate/condition.ts";

/** What a printed condition stands in. */
export type ConditionPlace = {
  readonly lastDay: string;
  readonly stateCodes: readonly string[];
  /** How the other rows that a condition asks for are looked up. */
  readonly has: (condition: HasCondition) => string;
};

/** The columns that every loaded row has: its person, days and number, and the version of the claim it belongs to, if any. */
export const ROW_COLUMNS = {
  person: "person_key",
  first: "first_day",
  last: "last_day",
  record: "record_number",
  version: "claim_version",
} as const;

/** INVARIANT: true or false for every row, so that a blank neither meets nor breaks a rule by being unknown. */
export function conditionText(condition: Condition, place: ConditionPlace): string {
  const inner = (one: Condition): string => conditionText(one, place);
  switch (condition.kind) {
    case "all":
    case "any":
      return joined(condition.of.map(inner), condition.kind === "all");
    case "not":
      return `(NOT ${inner(condition.of)})`;
    case "has":
      return place.has(condition);
    case "begins":
      return beginsText(condition);
    default:
      return `coalesce(${elementText(condition, place)}, false)`;
  }
}

const joined = (parts: readonly string[], all: boolean): string =>
  parts.length === 0 ? String(all) : `(${parts.join(all ? " AND " : " OR ")})`;

/** INVARIANT: a row without a first day begins on no day. */
function beginsText({ from, to }: Extract<Condition, { kind: "begins" }>): string {
  const after = from === undefined ? [] : [`${ROW_COLUMNS.first} >= DATE ${literal(from)}`];
  const before = to === undefined ? [] : [`${ROW_COLUMNS.first} <= DATE ${literal(to)}`];
  return `coalesce(${[...after, ...before].join(" AND ")}, false)`;
}

type ElementCondition = Extract<Condition, { element: string }>;

function elementText(condition: ElementCondition, { lastDay, stateCodes }: ConditionPlace): string {
  const value = identifier(condition.element);
  switch (condition.kind) {
    case "is":
      return inText(value, condition.values);
    case "filled":
      return `${value} IS NOT NULL`;
    case "own-state":
      return inText(value, stateCodes);
    case "form":
      return FORMS[condition.form](`${value}::VARCHAR`);
    case "like":
      return `regexp_full_match(${value}::VARCHAR, ${literal(condition.forms.map(patternOf).join("|"))})`;
    case "contains":
      return `contains(${value}::VARCHAR, ${literal(condition.text)})`;
    case "belongs":
      return belongsText(value, identifier(condition.of), condition.list);
    case "years":
      return `date_sub('year', ${value}, DATE ${literal(lastDay)}) BETWEEN ${condition.from} AND ${condition.to}`;
  }
}

const inText = (value: string, values: readonly string[]): string =>
  values.length === 0 ? "false" : `${value}::VARCHAR IN (${values.map(literal).join(", ")})`;

const SIGNS: Readonly<Record<string, string>> = { A: "[A-Za-z]", "9": "[0-9]", "*": ".*" };
const patternOf = (form: string): string => [...form].map((sign) => SIGNS[sign] ?? `[${sign}]`).join("");

/** WHY one text that is cut up, not a comparison for each code: planning those takes longer than looking at the rows. */
function belongsText(value: string, area: string, list: AreaList): string {
  const { digits, singles, hundreds } = placedCodes(list);
  const isAmong = (length: number, codes: readonly string[]): string =>
    codes.length === 0
      ? "false"
      : `(${area}::VARCHAR || left(${value}::VARCHAR, ${length})) IN (SELECT unnest(string_split(${literal(codes.join("/"))}, '/')))`;
  return `(${isAmong(digits, singles)} OR ${isAmong(digits - 2, hundreds)})`;
}

/** WHY areas from 900 on may stand: taxpayer and temporary numbers lie there, and generated files use them since nobody has them. */
const FORMS: Readonly<Record<TextForm, (value: string) => string>> = {
  "social-security-number": (value) =>
    `(length(${value}) = 9 AND left(${value}, 3) NOT IN ('000', '666') AND substr(${value}, 4, 2) <> '00' AND right(${value}, 4) <> '0000' ` +
    `AND ${value} <> repeat(left(${value}, 1), 9))`,
};
