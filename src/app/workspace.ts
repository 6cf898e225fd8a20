import { dirname, join, resolve } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass, passIf } from "../core/base/checked.ts";
import { nearestHint } from "../core/base/nearest.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { MapReader } from "../core/base/yaml-node.ts";
import { mapReader, parseYaml } from "../core/base/yaml-node.ts";
import type { Grade } from "../core/law/source.ts";
import { GRADES } from "../core/law/source.ts";
import type { Quorum } from "../core/ledger/quorum.ts";
import { parseQuorum, QUORUM_NONE } from "../core/ledger/quorum.ts";
import type { Clock } from "./ports/clock.ts";
import type { WorkspaceFiles } from "./ports/workspace-files.ts";

export const SETTINGS_FILE = "writ.yaml";

/** The folders below `private/`, mode 0700: neither committed nor published. */
export const PRIVATE_FOLDERS = ["datasets", "evidence", "plans", "packages", "keys", "rejects", "audit", "tmp"] as const;
/** The folders a workspace shares. */
export const SHARED_FOLDERS = ["requests", "recipients", "ledger"] as const;

export type WorkspacePaths = Readonly<Record<(typeof PRIVATE_FOLDERS)[number] | (typeof SHARED_FOLDERS)[number] | "private", string>> & {
  /** The workspace's own law, or the law that comes with writ when it has none. */
  readonly law: string;
  readonly catalog: string;
};

/** A folder in which one custodian works. */
export type Workspace = {
  readonly root: string;
  readonly custodian: string;
  /** Grades of law that may open something here; whatever closes counts at any grade. */
  readonly admittedGrades: readonly Grade[];
  readonly quorum: Quorum;
  readonly clock: Clock;
  readonly paths: WorkspacePaths;
};

/** Opens the workspace that `folder` lies in: the nearest writ.yaml at or above it. */
export async function openWorkspace(folder: string, files: WorkspaceFiles): Promise<Checked<Workspace>> {
  const root = await rootOf(resolve(folder), files);
  if (root === undefined) {
    const hint = "make one with `writ init DIR`, then work inside it";
    return fail(problem("E_WORKSPACE", "neither this folder nor one above it holds a writ.yaml", { hint, at: { file: folder } }));
  }
  const settings = parseSettings(join(root, SETTINGS_FILE), (await files.read(join(root, SETTINGS_FILE))) ?? "");
  if (!settings.ok) return settings;
  return pass({ root, ...settings.value, paths: await pathsOf(root, files) });
}

async function rootOf(folder: string, files: WorkspaceFiles): Promise<string | undefined> {
  if ((await files.read(join(folder, SETTINGS_FILE))) !== undefined) return folder;
  return dirname(folder) === folder ? undefined : rootOf(dirname(folder), files);
}

export async function pathsOf(root: string, files: WorkspaceFiles): Promise<WorkspacePaths> {
  const own = async (name: "law" | "catalog"): Promise<string> =>
    (await files.holdsFiles(join(root, name))) ? join(root, name) : files.shipped(name);
  const privates = PRIVATE_FOLDERS.map((name) => [name, join(root, "private", name)] as const);
  const shared = SHARED_FOLDERS.map((name) => [name, join(root, name)] as const);
  const named = Object.fromEntries([...privates, ...shared, ["private", join(root, "private")]]) as Omit<WorkspacePaths, "law" | "catalog">;
  return { ...named, law: await own("law"), catalog: await own("catalog") };
}

type Settings = Pick<Workspace, "custodian" | "admittedGrades" | "quorum" | "clock">;

/** Reads writ.yaml strictly; `file` is used in places only. */
export function parseSettings(file: string, text: string): Checked<Settings> {
  const node = parseYaml(file, text);
  if (!node.ok) return { ok: false, problems: node.problems.map((found) => ({ ...found, code: "E_WORKSPACE" })) };
  const found: Problem[] = [];
  const reader = mapReader(node.value, ["custodian", "grades", "quorum", "clock"], found);
  const custodian = reader.text("custodian");
  if (custodian !== "" && !/^[a-z0-9][a-z0-9-]*$/.test(custodian))
    reader.refuse(`"${custodian}" is no party`, "such as hhs-cms", "custodian");
  const admittedGrades = readGrades(reader);
  const quorum = parseQuorum(reader.optionalText("quorum") ?? "none");
  const clock = readClock(reader, found);
  const problems = [...found.map((one): Problem => ({ ...one, code: "E_WORKSPACE" })), ...(quorum.ok ? [] : quorum.problems)];
  return passIf(problems, () => ({ custodian, admittedGrades, quorum: quorum.ok ? quorum.value : QUORUM_NONE, clock }));
}

function readGrades(reader: MapReader): readonly Grade[] {
  const words = reader.has("grades") ? reader.texts("grades") : ["read"];
  for (const word of words) {
    if (!(GRADES as readonly string[]).includes(word))
      reader.refuse(`unknown grade "${word}"`, nearestHint(word, GRADES, "docs/formats/workspace.md"), "grades");
  }
  return words as readonly Grade[];
}

function readClock(reader: MapReader, problems: Problem[]): Clock {
  const node = reader.node("clock");
  if (node === undefined || (node.kind === "text" && node.text === "real")) return realClock;
  if (node.kind !== "map") {
    reader.refuse(
      "the clock is neither real nor simulated",
      "write `clock: real` or `clock: { simulated: 2026-11-24T12:00:00Z }`",
      "clock",
    );
    return realClock;
  }
  const instant = mapReader(node, ["simulated"], problems).text("simulated");
  if (!isInstant(instant)) reader.refuse("the simulated time is no instant", "write it in UTC, as 2026-11-24T12:00:00Z", "clock");
  return { simulated: true, now: () => instant };
}

/** An existing instant in UTC with whole seconds. */
export const isInstant = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) && toInstant(new Date(text)) === text;

const toInstant = (date: Date): string => (Number.isNaN(date.getTime()) ? "" : date.toISOString().replace(/\.\d{3}Z$/, "Z"));

export const realClock: Clock = { simulated: false, now: () => toInstant(new Date()) };
