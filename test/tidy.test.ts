/** The rules of the house that a program can check. Each failure names the file and the line. */
import { dirname, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { PROBLEM_CATALOGUE } from "../src/core/base/problem-catalogue.ts";
import { bareCode, functionSizes, importsOf, treeFiles, type TreeFile } from "./tree.ts";

const files = treeFiles();
const source = files.filter(({ path }) => /\.(ts|mjs)$/.test(path));
const shipped = source.filter(({ path }) => path.startsWith("src/") && !path.endsWith(".test.ts"));

/** `path:line` of every line of the files that the pattern finds. */
function hits(among: readonly TreeFile[], pattern: RegExp): string[] {
  return among.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

const ADAPTERS = ["engine", "store", "vault", "net"];
/** What each room may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  app: ["core"],
  ...Object.fromEntries(ADAPTERS.map((room) => [room, ["core", "app/ports"]])),
  console: ["core"],
  cli: ["core", "app", ...ADAPTERS],
  server: ["core", "app", "console", ...ADAPTERS],
  "index.ts": ["core", "app", ...ADAPTERS],
};

describe("directions", () => {
  it("rooms import only what lies below them", () => {
    const wrong = shipped.flatMap(({ path, text }) => {
      const room = path.split("/")[1] ?? "";
      const allowed = MAY_IMPORT[room];
      if (allowed === undefined) return [`${path}: an unknown room`];
      const targets = importsOf(text).filter((name) => name.startsWith("."));
      return targets
        .map((name) => posix.join(dirname(path), name).replace(/^src\//, ""))
        .filter((target) => ![room, ...allowed].some((prefix) => target === prefix || target.startsWith(`${prefix}/`)))
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("the core is pure", () => {
    const core = shipped.filter(({ path }) => path.startsWith("src/core/"));
    const machine = core.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((name) => !name.startsWith(".") && !["yaml", "zod"].includes(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(machine).toEqual([]);
    const bare = core.map(({ path, text }) => ({ path, text: bareCode(text) }));
    expect(hits(bare, /\bDate\.now\b|new Date\(\)|Math\.random|\bprocess\.|\bperformance\.|\bsetTimeout\b|\bfetch\(/)).toEqual([]);
  });

  it("relative imports name the file, with its extension", () => {
    const wrong = shipped.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((name) => name.startsWith(".") && !name.endsWith(".ts"))
        .map((name) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("sizes", () => {
  it("no source file passes 400 lines", () => {
    expect(source.filter(({ text }) => text.split("\n").length > 401).map(({ path }) => path)).toEqual([]);
  });

  it("no function passes 60 lines", () => {
    const long = shipped.flatMap(({ path, text }) =>
      functionSizes(text)
        .filter(({ lines }) => lines > 60)
        .map(({ line, lines }) => `${path}:${line}: ${lines} lines`),
    );
    expect(long).toEqual([]);
  });
});

describe("words", () => {
  // WHY: joined from parts, so that this file passes its own rules.
  const joined = (...words: string[]): string => words.map((word) => word.replace("-", "")).join("|");
  const everything = files.filter(({ path }) => path !== "test/tidy.test.ts");

  it("file names are nouns of the domain, in kebab-case", () => {
    const code = source.map(({ path }) => path);
    expect(code.filter((path) => /(^|[-./])(utils?|helpers?|managers?|services?|infos?|common|misc|stuff)([-./]|$)/.test(path))).toEqual(
      [],
    );
    expect(code.filter((path) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(posix.basename(path)))).toEqual([]);
  });

  it("nothing is left for later, and nothing is `any`", () => {
    expect(
      hits(
        source.filter((file) => everything.includes(file)),
        new RegExp(`\\b(${joined("TO-DO", "FIX-ME", "X-XX", "HA-CK")})\\b`),
      ),
    ).toEqual([]);
    const bare = source.map(({ path, text }) => ({ path, text: bareCode(text) }));
    expect(hits(bare, /(?:[:<|,&]\s*|\bas\s+)any\b(?!\s*[(.:])/)).toEqual([]);
    expect(hits(bare, /@ts-(ignore|expect-error|nocheck)/)).toEqual([]);
    expect(
      hits(
        shipped.map(({ path, text }) => ({ path, text: bareCode(text) })),
        /^\s*(const\s+)?enum\s|\bnamespace\s+\w+\s*\{/,
      ),
    ).toEqual([]);
  });

  it("no machine path and no tool that wrote a text is named", () => {
    const folders = ["work", "root", "home"].map((name) => `(?<![\\w.~-])/${name}/`).join("|");
    expect(hits(everything, new RegExp(folders))).toEqual([]);
    expect(
      hits(everything, new RegExp(`\\b(${joined("cla-ude", "anth-ropic", "chat-gpt", "open-ai", "co-pilot", "gem-ini", "l-lm")})\\b`, "i")),
    ).toEqual([]);
  });
});

describe("tests", () => {
  const tests = source.filter(({ path }) => path.endsWith(".test.ts"));

  it("none is singled out or left out", () => {
    expect(
      hits(
        tests.filter(({ path }) => path !== "test/tidy.test.ts"),
        /\b(it|describe|test)\.(only|skip|todo|fails)\b/,
      ),
    ).toEqual([]);
  });

  it("every vector is used by a test", () => {
    const vectors = files.filter(({ path }) => path.startsWith("test/vectors/") && !path.endsWith(".md"));
    const named = (path: string): boolean =>
      tests.some(({ text }) => text.includes(posix.basename(path)) || text.includes(posix.basename(dirname(path))));
    expect(vectors.map(({ path }) => path).filter((path) => !named(path))).toEqual([]);
  });
});

describe("documents", () => {
  const pages = files.filter(({ path }) => path.endsWith(".md"));

  it("every problem used is on the page of problems", () => {
    const page = files.find(({ path }) => path === "docs/problems.md")?.text ?? "";
    const code = shipped.filter(({ path }) => path !== "src/core/base/problem-catalogue.ts");
    const used = new Set(code.flatMap(({ text }) => text.match(/\bE_[A-Z_]+\b/g) ?? []));
    expect([...used].filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
    expect([...used].filter((word) => !Object.hasOwn(PROBLEM_CATALOGUE, word))).toEqual([]);
  });

  it("every link within the project leads somewhere", () => {
    const paths = new Set(files.flatMap(({ path }) => [path, ...path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"))]));
    const dead = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
        .map((match) => match[1] ?? "")
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => posix.normalize(posix.join(dirname(path), target)).replace(/\/$/, ""))
        .filter((target) => !paths.has(target) && target !== "LICENSE")
        .map((target) => `${path} links to ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("every format page opens with an example", () => {
    const formats = pages.filter(({ path }) => path.startsWith("docs/formats/"));
    expect(formats.filter(({ text }) => !/```/.test(text.slice(0, 1500))).map(({ path }) => path)).toEqual([]);
  });
});
