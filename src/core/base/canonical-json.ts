import { equalBytes, utf8, utf8Text } from "./bytes.ts";

/** What canonical JSON may hold: integers only, since fractions print differently across languages. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * RFC 8785 (JCS) for values without fractions: keys in UTF-16 order, no white space.
 * Throws on a fraction, an unsafe integer or a lone surrogate: those are defects of the caller.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new RangeError(`not a plain integer: ${value}`);
    return String(value);
  }
  if (typeof value === "string") {
    if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) throw new RangeError("lone surrogate");
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/**
 * JSON in UTF-8 that has a canonical form; undefined for anything else.
 * WHY the form is tried: fractions and lone surrogates make it throw, and such bytes are refused like those that are no JSON.
 */
export function jsonOf(bytes: Uint8Array): Json | undefined {
  try {
    const value = JSON.parse(utf8Text(bytes)) as Json;
    canonicalJson(value);
    return value;
  } catch {
    return undefined;
  }
}

/** The value of bytes that are its canonical JSON to the letter, so that one value has one digest; undefined for any other. */
export function canonicalOf(bytes: Uint8Array): Json | undefined {
  const value = jsonOf(bytes);
  return value !== undefined && equalBytes(utf8(canonicalJson(value)), bytes) ? value : undefined;
}
