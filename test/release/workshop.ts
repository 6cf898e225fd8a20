/** A practice workspace with two states' December 2025 in it, copied for each test, and what plans and releases there. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFrom } from "../../src/app/plan.ts";
import type { Released, ReleasePorts } from "../../src/app/release.ts";
import { recordPlan, release } from "../../src/app/release.ts";
import { allLeaves } from "../../src/app/shred.ts";
import type { Workspace } from "../../src/app/workspace.ts";
import { openWorkspace } from "../../src/app/workspace.ts";
import { openReleaseRoom } from "../../src/cli/plan-room.ts";
import { exitCodeOf, placeText, ProblemError } from "../../src/core/base/problem.ts";
import type { Law } from "../../src/core/law/law.ts";
import { workspaceFiles } from "../../src/store/workspace-files.ts";
import { writ } from "../command-line.ts";

/** The day on which the law left something open to the immigration authority. */
export const NOW = "2026-01-07T12:00:00Z";

const LETTER = "A request under 8 USC 1360(b), invented for this test.\n";
const LETTER_SHA256 = createHash("sha256").update(LETTER).digest("hex");

const head = (to: string, purpose: string): string => `from: hhs-cms\nto: ${to}\npurpose: ${purpose}\ndataset: tmsis/eligible@2025-12\n`;
const key = "recipientKey: recipients/recipient.pub\n";
export const LETTER_LINE: string = `evidence: [{ kind: request-1360b, file: private/evidence/letter.txt, sha256: ${LETTER_SHA256}, issued: 2026-01-06, validUntil: 2026-02-06, verifiedBy: nobody }]\n`;
/** What an inspector asks: granted whole. */
export const OIG: string = `${head("hhs-oig", "oversight")}fields: [sex, date-of-birth, medicaid-id]\npseudonym: yes\n${key}`;
/** What the immigration authority asks: granted for proven people, and without an SSN-state's ids. */
export const ICE: string = `${head("dhs-ice", "immigration-enforcement")}fields: [address, phone, medicaid-id, name]\nstatusSource: dhs-status@2025-12\n${LETTER_LINE}${key}`;

export type Refusal = { readonly exit: number; readonly said: readonly string[] };

export type Workshop = {
  readonly root: string;
  room(): Promise<ReleasePorts>;
  /** Plans a request, which is recorded, and writes the plan down. */
  plan(request: string): Promise<string>;
  release(planFile: string, change?: (ports: ReleasePorts) => Partial<ReleasePorts>): Promise<Released>;
  /** How a release is refused. */
  refused(doing: Promise<unknown>): Promise<Refusal>;
  path(...parts: readonly string[]): string;
  edit(file: string, change: (text: string) => string): void;
  kinds(): Promise<readonly string[]>;
};

let template: string | undefined;
const made: string[] = [];

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "writ-release-"));
  made.push(folder);
  return folder;
};

/** Runs one command line in a folder, which must succeed, and answers what it printed. */
export async function run(folder: string, ...argv: readonly string[]): Promise<string> {
  const from = process.cwd();
  process.chdir(folder);
  try {
    const { code, stdout, stderr } = await writ(argv);
    if (code !== 0) throw new Error(`writ ${argv.join(" ")} ended with ${code}: ${stderr}`);
    return stdout;
  } finally {
    process.chdir(from);
  }
}

/**
 * Some 285 people of California and 15 of New Mexico, whose ids are SSNs; a source asserts the status of some.
 * The seed is one of those by which New Mexico has people who are not citizens.
 */
async function makeTemplate(): Promise<string> {
  const root = join(scratch(), "w");
  mkdirSync(root);
  await run(root, "init", ".", "--custodian", "hhs-cms", "--practice", "--at", NOW);
  const people = ["--states", "CA,NM", "--people", "300", "--period", "2025-12", "--seed", "26", "--ssn-state", "NM"];
  await run(root, "dataset", "generate", ...people, "--status-observed", "2025-12-28", "-o", "incoming");
  assertNewMexico(join(root, "incoming"));
  await run(root, "intake", "incoming/ca-eligible.flf", "incoming/nm-eligible.flf");
  await run(root, "intake", "--status", "incoming/status-source.csv", "--name", "dhs-status@2025-12", "--asserter", "dhs-uscis");
  writeFileSync(join(root, "private", "evidence", "letter.txt"), LETTER);
  const pub = await run(root, "key", "new", "--recipient", "recipient", "-o", "private/recipient.identity");
  writeFileSync(join(root, "recipients", "recipient.pub"), pub);
  return root;
}

/** So few people hold few surprises; whoever the file does not call a citizen is then proven. */
function assertNewMexico(incoming: string): void {
  const findings = join(incoming, "status-source.csv");
  const example = readFileSync(findings, "utf8").split("\n")[1]?.split(",") ?? [];
  const [source = "", , , doc = ""] = [example[3], example[4], example[5], example[6]];
  const ids = readFileSync(join(incoming, "nm-handles.csv"), "utf8").trim().split("\n").slice(1);
  const said = readFileSync(findings, "utf8")
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("NM,"));
  const lines = ids.map((line) => `NM,${line.split(",")[0] ?? ""},unlawfully-present,${source},2025-12-28,2026-03-28,${doc}`);
  writeFileSync(findings, `${[...said, ...lines].join("\n")}\n`);
}

/** A fresh copy of the workspace. */
export async function openWorkshop(law: Law): Promise<Workshop> {
  template ??= await makeTemplate();
  const root = join(scratch(), "w");
  cpSync(template, root, { recursive: true });
  const path = (...parts: readonly string[]): string => join(root, ...parts);
  const room = async (): Promise<ReleasePorts> => openReleaseRoom(await workspaceAt(root), law);
  const releaseIn = async (planFile: string, change: (ports: ReleasePorts) => Partial<ReleasePorts> = () => ({})): Promise<Released> => {
    const ports = await room();
    return release(planFile, "parquet", { ...ports, ...change(ports) });
  };
  return {
    root,
    path,
    room,
    release: releaseIn,
    plan: async (request) => {
      writeFileSync(path("requests", "r.yaml"), request);
      const ports = await room();
      const planned = await planFrom(path("requests", "r.yaml"), undefined, ports);
      if (!planned.ok) throw new ProblemError(...planned.problems);
      await recordPlan(planned.value, ports.record, ports);
      writeFileSync(path("r.plan"), planned.value.text);
      return path("r.plan");
    },
    refused: async (doing) => {
      try {
        await doing;
      } catch (thrown) {
        if (!(thrown instanceof ProblemError)) throw thrown;
        const said = thrown.problems.map(({ message, hint, at }) => `${at === undefined ? "" : placeText(at)} ${message} | ${hint ?? ""}`);
        return { exit: exitCodeOf(thrown.problems), said: said.map((line) => line.replaceAll(`${root}/`, "")) };
      }
      throw new Error("nothing was refused");
    },
    edit: (file, change) => writeFileSync(path(file), change(readFileSync(path(file), "utf8"))),
    kinds: async () => (await allLeaves((await room()).ledger)).map(({ leaf }) => leaf.kind),
  };
}

async function workspaceAt(root: string): Promise<Workspace> {
  const opened = await openWorkspace(root, workspaceFiles);
  if (!opened.ok) throw new ProblemError(...opened.problems);
  return opened.value;
}

/** Every file below a folder, without what a source of plaintext is itself. */
export const filesBelow = (folder: string, besides: readonly string[] = []): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !besides.some((one) => name === one || name.startsWith(`${one}/`)))
    .filter((name) => existsSync(join(folder, name)) && lstatSync(join(folder, name)).isFile())
    .map((name) => join(folder, name));

/** The lock of the store, which stays. */
const LOCK = /^private\/datasets\/\.lock(\/|$)/;

/** Whatever a release that came to nothing may have left: packages, keys, hidden files, pipes. */
export function leftovers(root: string): readonly string[] {
  const packages = readdirSync(join(root, "private", "packages"));
  const keyFolder = join(root, "private", "keys", "packages");
  const keys = existsSync(keyFolder) ? readdirSync(keyFolder) : [];
  const hidden = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => /(^|\/)\.(?!gitignore$)|tmp\/./.test(name) && !LOCK.test(name),
  );
  return [...packages, ...keys, ...hidden, ...readdirSync(tmpdir()).filter((name) => name.startsWith("writ-pipe-"))];
}

export function removeWorkshops(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  template = undefined;
}

/** Gives the tests of a file a temporary folder of their own, so that they can look for what is left there. */
export function ownTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), "writ-release-tmp-"));
  made.push(folder);
  process.env["TMPDIR"] = folder;
}
