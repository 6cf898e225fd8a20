import { readdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Command, Output } from "../command.ts";
import { clearFolder, flipOneBit, writeRequests } from "../demo/setting.ts";
import type { Scene, Step } from "../demo/story.ts";
import { STORY, undoing } from "../demo/story.ts";
import { text } from "../law-room.ts";
import { main } from "../main.ts";

const HELP = `Usage: writ demo [-o DIR]

Tells writ's story in six short steps with real commands, on generated submissions of three states and
20,000 people who do not exist. Leaves a practice workspace to go on with. Asks nothing; takes about half
a minute.

  -o, --output DIR   the workspace to make (writ-demo); a folder of an earlier demo is replaced

  writ demo
  writ demo -o /tmp/writ-demo`;

export const command: Command = {
  name: "demo",
  summary: "the whole story in six short steps",
  help: HELP,
  options: { output: { type: "string", short: "o" } },
  operands: [],
  async run({ values, out }) {
    const folder = resolve(text(values["output"]) ?? "writ-demo");
    const from = process.cwd();
    clearFolder(folder);
    process.chdir(folder);
    try {
      await makeSetting(folder);
      for (const [at, step] of STORY.entries()) await tell(at + 1, step, out);
      const [releaseId = ""] = readdirSync(join(folder, "private", "packages"));
      flipOneBit(join(folder, "private", "packages", releaseId, "receipt.json"), join(folder, "flipped.json"));
      await tell(STORY.length + 1, undoing(releaseId), out);
    } finally {
      process.chdir(from);
    }
    const shown = relative(from, folder) || ".";
    for (const line of ending(shown)) out.data(line);
    return 0;
  },
};

const ending = (folder: string): readonly string[] => [
  "",
  `Left for you: ${folder}, a practice workspace. Go on with`,
  `  cd ${folder}`,
  "  npx writ log show",
  "  npx writ plan requests/oig.yaml --sql",
  "  npx writ matrix --from hhs-cms --to dhs-ice --purpose immigration-enforcement --population unlawfully-present --evidence request-1360b --on 2026-01-07",
  "  npx writ law show nd-cal-25-5536/2025-12-29",
];

/** The workspace, the submissions and the recipient's key, before the story starts. */
async function makeSetting(folder: string): Promise<void> {
  await quietly(["init", ".", "--custodian", "hhs-cms", "--practice"]);
  const population = ["--states", "CA,NM,TX", "--people", "20000", "--period", "2025-12", "--seed", "2", "--ssn-state", "NM"];
  await quietly(["dataset", "generate", ...population, "--status-observed", "2025-12-28", "-o", "incoming"]);
  writeRequests(folder);
  const key = await quietly(["key", "new", "--recipient", "hhs-oig", "-o", "private/hhs-oig.identity"]);
  writeFileSync(join(folder, "recipients", "hhs-oig.pub"), key);
}

async function tell(number: number, step: Step, out: Output): Promise<void> {
  out.data(`\n${number}  ${step.title}\n`);
  for (const scene of step.scenes) await play(scene, out);
  out.data(`\n   ${step.why}`);
}

async function play(scene: Scene, out: Output): Promise<void> {
  const ran = await run(scene.argv);
  out.data(`$ writ ${scene.argv.map(quoted).join(" ")}`);
  const lines = `${ran.data}${ran.exit === 0 ? "" : ran.talk}`.split("\n").filter((line) => line !== "" && !line.startsWith("Draft law"));
  for (const line of lines.filter((line) => scene.show === undefined || scene.show.test(line))) out.data(`  ${cut(line)}`);
  if (ran.exit !== 0) out.data(`  (exit ${ran.exit})`);
  if (scene.then !== undefined) out.data(`  ${scene.then}`);
  if (ran.exit !== (scene.exit ?? 0)) {
    out.talk(ran.talk);
    throw new ProblemError(
      problem("E_BUG", `\`writ ${scene.argv.slice(0, 2).join(" ")}\` ended with ${ran.exit}`, { hint: "please report it" }),
    );
  }
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`);
const cut = (line: string): string => (line.length > 150 ? `${line.slice(0, 149)}…` : line);

async function quietly(argv: readonly string[]): Promise<string> {
  const ran = await run(argv);
  if (ran.exit === 0) return ran.data;
  throw new ProblemError(problem("E_BUG", `\`writ ${argv.slice(0, 2).join(" ")}\` ended with ${ran.exit}: ${ran.talk}`));
}

type Ran = { readonly exit: number; readonly data: string; readonly talk: string };

/** Runs one command line as the shell would, and keeps what it says. */
async function run(argv: readonly string[]): Promise<Ran> {
  let [data, talk] = ["", ""];
  const stdout = { write: (piece: string): unknown => (data += piece) };
  const stderr = { write: (piece: string): unknown => (talk += piece) };
  const exit = await main(argv, { stdout, stderr, terminal: false, environment: process.env });
  return { exit, data, talk };
}
