/**
 * Runs every ```console block of README.md and docs/ and compares what comes out with what is written.
 *   npm run docs:check                 all documents
 *   npm run docs:check -- README.md    these documents
 *   npm run docs:check -- --write      puts what came out into the documents that differ
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { differenceText, rewritten } from "./transcript/rewrite.ts";
import { runDocument } from "./transcript/run.ts";

const root = join(import.meta.dirname, "..");
const write = process.argv.includes("--write");
const named = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));

function allDocuments(): string[] {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.map((name) => join("docs", name)).sort()];
}

type Tally = { readonly passed: number; readonly failed: number };

async function check(file: string): Promise<Tally> {
  const markdown = readFileSync(join(root, file), "utf8");
  const outcomes = await runDocument(markdown);
  const failed = outcomes.filter(({ ok }) => !ok);
  for (const outcome of failed) console.log(`${differenceText(file, outcome)}\n`);
  if (write && failed.length > 0) writeFileSync(join(root, file), rewritten(markdown, outcomes));
  if (outcomes.length > 0) console.log(`${file}: ${outcomes.length - failed.length} of ${outcomes.length} commands as written`);
  return { passed: outcomes.length - failed.length, failed: failed.length };
}

/** Two documents at a time; each has a folder of its own. */
async function checkAll(files: readonly string[]): Promise<Tally> {
  const waiting = [...files];
  const tallies: Tally[] = [];
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) tallies.push(await check(file));
  };
  await Promise.all([lane(), lane()]);
  const total = (pick: (tally: Tally) => number): number => tallies.reduce((sum, tally) => sum + pick(tally), 0);
  return { passed: total(({ passed }) => passed), failed: total(({ failed }) => failed) };
}

const { passed, failed } = await checkAll(named.length > 0 ? named : allDocuments());
console.log(`docs: ${passed} commands as written, ${failed} not${write && failed > 0 ? " (rewritten)" : ""}`);
process.exitCode = failed === 0 ? 0 : 1;
