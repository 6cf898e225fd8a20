import type { CST } from "yaml";
import { Composer, isMap, isScalar, isSeq, LineCounter, Parser } from "yaml";
import type { Checked } from "./checked.ts";
import { fail, pass } from "./checked.ts";
import { hiddenSign } from "./hidden-sign.ts";
import { nearestHint } from "./nearest.ts";
import type { Place, Problem } from "./problem.ts";
import { problem } from "./problem.ts";

/** YAML with the place of every part. All scalars are text: `no` is a word, not a truth value. */
export type YamlNode =
  | { readonly kind: "map"; readonly at: Place; readonly entries: ReadonlyMap<string, YamlNode> }
  | { readonly kind: "list"; readonly at: Place; readonly items: readonly YamlNode[] }
  | { readonly kind: "text"; readonly at: Place; readonly text: string };

const MAX_YAML_CHARS = 4_000_000;
const MAX_YAML_DEPTH = 64;

/** Parses one document. `firstLine` is the file's line on which `text` starts. Anchors, aliases and tags are refused. */
export function parseYaml(file: string, text: string, firstLine = 1): Checked<YamlNode> {
  if (text.length > MAX_YAML_CHARS) return { ok: false, problems: [problem("E_SHAPE", "the document is too large", { at: { file } })] };
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line) + firstLine - 1, column: Math.max(1, col) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  // WHY: composing is recursive, and a stack that overflows within it can end the whole process.
  const tooDeep = tokens.map(deeperThanAllowed).find((offset) => offset !== undefined);
  if (tooDeep !== undefined) return fail(problem("E_SHAPE", `more than ${MAX_YAML_DEPTH} levels deep`, { at: place(tooDeep) }));
  const composer = new Composer({ schema: "failsafe", lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  const problems: Problem[] = [...(document?.errors ?? []), ...(document?.warnings ?? [])].map((error) =>
    problem("E_SHAPE", error.message.split("\n")[0] ?? "not YAML", { at: place(error.pos[0]) }),
  );
  if (second !== undefined) problems.push(problem("E_SHAPE", "a second document, where one is expected", { at: place(second.range[0]) }));
  const node = toNode(document?.contents, place, problems);
  return problems.length > 0 || node === undefined ? { ok: false, problems } : pass(node);
}

/** The offset of the first part that lies too deep. Walks without recursion. */
function deeperThanAllowed(root: CST.Token): number | undefined {
  const queue: { readonly token: CST.Token; readonly depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { token, depth } = next;
    if (depth > MAX_YAML_DEPTH) return "offset" in token ? token.offset : 0;
    const parts = "items" in token ? token.items.flatMap(({ key, value }) => [key, value]) : "value" in token ? [token.value] : [];
    for (const part of parts) if (part !== undefined && part !== null) queue.push({ token: part, depth: depth + 1 });
  }
  return undefined;
}

function toNode(found: unknown, place: (offset: number) => Place, problems: Problem[]): YamlNode | undefined {
  const offset = hasRange(found) ? found.range[0] : 0;
  const at = place(offset);
  if (isMap(found)) {
    const entries = new Map<string, YamlNode>();
    for (const pair of found.items) {
      const value = toNode(pair.value, place, problems);
      if (!isScalar(pair.key)) problems.push(problem("E_SHAPE", "a key must be a plain word", { at }));
      else if (value !== undefined) entries.set(String(pair.key.value), value);
    }
    return { kind: "map", at, entries };
  }
  if (isSeq(found)) return { kind: "list", at, items: found.items.flatMap((item) => toNode(item, place, problems) ?? []) };
  const hidden = isScalar(found) && typeof found.value === "string" ? hiddenSign(found.value) : undefined;
  if (hidden !== undefined)
    problems.push(problem("E_SHAPE", `the hidden sign ${hidden.name} in a value`, { at, hint: "write what can be seen" }));
  if (isScalar(found)) return { kind: "text", at, text: typeof found.value === "string" ? found.value : "" };
  problems.push(problem("E_SHAPE", "empty document, alias or tag where a value is expected", { at }));
  return undefined;
}

const hasRange = (found: unknown): found is { range: [number, number, number] } =>
  typeof found === "object" && found !== null && "range" in found && Array.isArray(found.range);

/** Reads a map strictly: unknown keys, missing keys and wrong kinds become problems, and reading goes on. */
export type MapReader = {
  readonly at: Place;
  has(key: string): boolean;
  text(key: string): string;
  optionalText(key: string): string | undefined;
  /** Whether the key says `true`; absent is false. */
  truth(key: string): boolean;
  node(key: string): YamlNode | undefined;
  list(key: string): readonly YamlNode[];
  texts(key: string): readonly string[];
  maps(key: string, known: readonly string[]): readonly MapReader[];
  refuse(message: string, hint?: string, key?: string): void;
};

export function mapReader(node: YamlNode, known: readonly string[], problems: Problem[]): MapReader {
  const entries = node.kind === "map" ? node.entries : new Map<string, YamlNode>();
  if (node.kind !== "map") problems.push(problem("E_SHAPE", "a map of keys and values is expected here", { at: node.at }));
  for (const [key, value] of entries) {
    if (known.includes(key)) continue;
    problems.push(problem("E_SHAPE", `unknown key "${key}"`, { at: value.at, hint: nearestHint(key, known, "docs/formats") }));
  }
  const at = (key?: string): Place => (key === undefined ? node.at : (entries.get(key)?.at ?? node.at));
  const refuse = (message: string, hint?: string, key?: string): void => {
    problems.push(problem("E_SHAPE", message, hint === undefined ? { at: at(key) } : { at: at(key), hint }));
  };
  const optionalText = (key: string): string | undefined => {
    const value = entries.get(key);
    if (value === undefined) return undefined;
    if (value.kind === "text") return value.text;
    refuse(`"${key}" must be a single value`, undefined, key);
    return undefined;
  };
  const list = (key: string): readonly YamlNode[] => {
    const value = entries.get(key);
    if (value === undefined) return [];
    if (value.kind === "list") return value.items;
    refuse(`"${key}" must be a list`, `write ${key}: [ … ]`, key);
    return [];
  };
  return {
    at: node.at,
    has: (key) => entries.has(key),
    node: (key) => entries.get(key),
    optionalText,
    list,
    refuse,
    truth: (key) => {
      const said = optionalText(key) ?? "false";
      if (said !== "true" && said !== "false") refuse(`"${key}" must be true or false`, undefined, key);
      return said === "true";
    },
    text: (key) => {
      if (!entries.has(key)) refuse(`"${key}" is missing`);
      return optionalText(key) ?? "";
    },
    texts: (key) =>
      list(key).flatMap((item) => (item.kind === "text" ? [item.text] : (refuse(`"${key}" must list words`, undefined, key), []))),
    maps: (key, inner) => list(key).map((item) => mapReader(item, inner, problems)),
  };
}
