/** A practice workspace with a small law, four who may sign for it, and what enters law there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Printed } from "../command-line.ts";
import { writ } from "../command-line.ts";
import type { SourceFile } from "../../src/core/law/source.ts";
import { bar, instrument, permit, vocabularyFiles } from "../law/small-law.ts";

export const NOW = "2026-01-07T12:00:00Z";

/** What is entered first: research on one programme's records, and an order that bars one state's. */
export const RESEARCH: SourceFile = instrument("research", {}, permit({ when: 'principal == Party::"researcher"' }));
export const ORDER: SourceFile = instrument("order", { regime: "orders" }, bar({ when: 'resource.origin == Jurisdiction::"CA"' }));
export const QUESTION: readonly string[] = words("--from hhs-cms --to researcher --purpose research --field name --population refugee --origin TX"); // prettier-ignore

export function words(line: string): readonly string[] {
  return line.split(" ");
}

export type Chancery = {
  readonly root: string;
  path(...parts: readonly string[]): string;
  run(...argv: readonly string[]): Promise<Printed>;
  /** Enters with the keys of those named; all that differs when no file is named. */
  enter(signers: readonly string[], ...rest: readonly string[]): Promise<Printed>;
  put(file: SourceFile): void;
  edit(file: string, change: (text: string) => string): void;
  /** Lets the simulated clock show another instant. */
  at(instant: string): void;
  kinds(): Promise<readonly string[]>;
};

const made: string[] = [];

export async function openChancery(): Promise<Chancery> {
  const root = mkdtempSync(join(tmpdir(), "writ-chancery-"));
  made.push(root);
  const path = (...parts: readonly string[]): string => join(root, ...parts);
  const run = async (...argv: readonly string[]): Promise<Printed> => {
    const from = process.cwd();
    process.chdir(root);
    try {
      return await writ(argv);
    } finally {
      process.chdir(from);
    }
  };
  const edit: Chancery["edit"] = (file, change) => writeFileSync(path(file), change(readFileSync(path(file), "utf8")));
  const put = (file: SourceFile): void => {
    mkdirSync(dirname(path("law", file.path)), { recursive: true });
    writeFileSync(path("law", file.path), file.text);
  };
  await run("init", ".", "--practice", "--at", NOW);
  rmSync(path("law"), { recursive: true, force: true });
  for (const file of [...vocabularyFiles(), RESEARCH, ORDER]) put(file);
  const signers = [
    ["counsel", "role: counsel"],
    ["ca-counsel", "role: state-counsel, state: CA"],
    ["tx-counsel", "role: state-counsel, state: TX"],
    ["monitor", "role: monitor"],
  ] as const;
  for (const [name, role] of signers) await addSigner(name, role);
  async function addSigner(name: string, role: string): Promise<void> {
    const key = (await run("key", "new", "--signer", name, "-o", `${name}.key`)).stdout.trim();
    edit("writ.yaml", (text) => `${text.includes("signers:") ? text : `${text}signers:\n`}  - { name: ${name}, ${role}, key: "${key}" }\n`);
  }
  return {
    root,
    path,
    run,
    edit,
    put,
    enter: async (names, ...rest) =>
      run("law", "enter", ...(rest.length === 0 ? ["--all"] : rest), ...names.flatMap((name) => ["--key", `${name}.key`])),
    at: (instant) => edit("writ.yaml", (text) => text.replace(/simulated: \S+/, `simulated: ${instant}`)),
    kinds: async () => (await run("log", "show", "--json")).stdout.match(/"kind":"[a-z-]+"/g)?.map((kind) => kind.slice(8, -1)) ?? [],
  };
}

export function closeChanceries(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}
