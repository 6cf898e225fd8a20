import type { Json } from "../base/canonical-json.ts";
import { isBand } from "./band.ts";

/** What a leaf's field must be, and how to say so. */
export type Rule = { readonly holds: (value: Json) => boolean; readonly says: string; readonly absent?: true };

/** One rule for every field of a type: a field without a rule does not compile. */
export type Shape<T> = { readonly [Field in keyof T]-?: Rule };

export type Fields = { readonly [field: string]: Json };

const matching = (pattern: RegExp, says: string): Rule => ({ holds: (value) => typeof value === "string" && pattern.test(value), says });

/** Short and without control characters: a name, a code, a reference. */
export const text: Rule = matching(/^[^\p{Cc}]{1,512}$/u, "a short text");
export const id: Rule = matching(/^[0-9a-f]{32}$/, "32 hex digits");
export const digest: Rule = matching(/^[0-9a-f]{64}$/, "a SHA-256 in hex");
export const instant: Rule = matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, "an instant in UTC with whole seconds");
export const vkey: Rule = matching(/^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/, "a verifier key");
export const recipientKey: Rule = matching(/^age1[0-9a-z]+$/, "a recipient key age1…");
export const count: Rule = { holds: (value) => typeof value === "number" && value >= 0, says: "a count" };

export const choice = (...words: readonly string[]): Rule => ({
  holds: (value) => typeof value === "string" && words.includes(value),
  says: words.join(" or "),
});

export const list = (item: Rule): Rule => ({
  holds: (value) => Array.isArray(value) && value.every((member: Json) => item.holds(member)),
  says: `a list, each member ${item.says}`,
});

export const optional = (rule: Rule): Rule => ({ ...rule, absent: true });

/** A map from path to SHA-256, or to `removed`. */
export const digestsByPath: Rule = {
  holds: (value) =>
    isFields(value) && Object.entries(value).every(([path, member]) => text.holds(path) && (digest.holds(member) || member === "removed")),
  says: "a map from path to SHA-256 or removed",
};

const band: Rule = { holds: (value) => typeof value === "string" && isBand(value), says: "a band of counts" };

/** `one` band, or a map from state, or rule, to band. */
export const bands: { readonly one: Rule; readonly each: Rule } = {
  one: band,
  each: { holds: (value) => isFields(value) && Object.values(value).every(band.holds), says: "a map from name to band of counts" },
};

export const isFields = (value: Json): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Everything wrong with an object's fields: missing, malformed, or not foreseen. Values are not repeated. */
export function misfits(fields: Fields, shape: Readonly<Record<string, Rule>>): readonly string[] {
  const wrong = Object.entries(shape).flatMap(([name, rule]) => {
    const value = fields[name];
    if (value === undefined) return rule.absent === true ? [] : [`"${name}" is missing`];
    return rule.holds(value) ? [] : [`"${name}" must be ${rule.says}`];
  });
  return [...wrong, ...Object.keys(fields).flatMap((name) => (Object.hasOwn(shape, name) ? [] : [`"${name}" is not foreseen`]))];
}
