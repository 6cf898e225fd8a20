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
import type { LawSettings, Signer, SignerRole } from "../core/entry/settings.ts";
import { DEFAULT_WAITING_DAYS, SIGNER_ROLES, signerKey } from "../core/entry/settings.ts";
import type { SidecarSource } from "../core/sidecar/sidecar-signature.ts";
import type { Clock } from "./ports/clock.ts";
import type { WorkspaceFiles } from "./ports/workspace-files.ts";
import { sha256 } from "./sha256.ts";

export const SETTINGS_FILE = "writ.yaml";

/** The folders below `private/`, mode 0700: neither committed nor published. */
export const PRIVATE_FOLDERS = ["datasets", "evidence", "plans", "packages", "keys", "rejects", "audit", "tmp"] as const;
/** The folders a workspace shares. */
export const SHARED_FOLDERS = ["requests", "recipients", "ledger"] as const;

export type WorkspacePaths = Readonly<Record<(typeof PRIVATE_FOLDERS)[number] | (typeof SHARED_FOLDERS)[number] | "private", string>> & {
  /** The workspace's own law, or the law that comes with writ when it has none. */
  readonly law: string;
  /** The workspace's own catalogues, where it has any, before those that come with writ. */
  readonly catalogs: readonly string[];
};

/** A folder in which one custodian works. */
export type Workspace = {
  readonly root: string;
  readonly custodian: string;
  /** Grades of law that may open something here; whatever closes counts at any grade. */
  readonly admittedGrades: readonly Grade[];
  /** Who may sign for law, and how long law that opens waits. They count once they are entered. */
  readonly signers: readonly Signer[];
  readonly waitingDays: number;
  /** Who signs the files that come beside submissions. */
  readonly sources: readonly SidecarSource[];
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
  const own = async (name: "law" | "catalog"): Promise<readonly string[]> =>
    (await files.holdsFiles(join(root, name))) ? [join(root, name)] : [];
  const privates = PRIVATE_FOLDERS.map((name) => [name, join(root, "private", name)] as const);
  const shared = SHARED_FOLDERS.map((name) => [name, join(root, name)] as const);
  const named = Object.fromEntries([...privates, ...shared, ["private", join(root, "private")]]) as Omit<
    WorkspacePaths,
    "law" | "catalogs"
  >;
  const [law = files.shipped("law")] = await own("law");
  return { ...named, law, catalogs: [...(await own("catalog")), files.shipped("catalog")] };
}

type Settings = Pick<Workspace, "custodian" | "admittedGrades" | "signers" | "waitingDays" | "sources" | "quorum" | "clock">;

/** The settings that are entered like law. */
export const lawSettingsOf = ({ admittedGrades, signers, waitingDays }: Workspace): LawSettings => ({
  grades: admittedGrades,
  signers,
  waitingDays,
});

/** Reads writ.yaml strictly; `file` is used in places only. */
export function parseSettings(file: string, text: string): Checked<Settings> {
  const node = parseYaml(file, text);
  if (!node.ok) return { ok: false, problems: node.problems.map((found) => ({ ...found, code: "E_WORKSPACE" })) };
  const found: Problem[] = [];
  const reader = mapReader(node.value, ["custodian", "grades", "signers", "waitingDays", "sources", "quorum", "clock"], found);
  const custodian = reader.text("custodian");
  if (custodian !== "" && !/^[a-z0-9][a-z0-9-]*$/.test(custodian))
    reader.refuse(`"${custodian}" is no party`, "such as hhs-cms", "custodian");
  const admittedGrades = readGrades(reader);
  const law = { signers: readSigners(reader), waitingDays: readWaitingDays(reader) };
  const sources = readSources(reader);
  const quorum = parseQuorum(reader.optionalText("quorum") ?? "none");
  const clock = readClock(reader, found);
  const problems = [...found.map((one): Problem => ({ ...one, code: "E_WORKSPACE" })), ...(quorum.ok ? [] : quorum.problems)];
  return passIf(problems, () => ({ custodian, admittedGrades, ...law, sources, quorum: quorum.ok ? quorum.value : QUORUM_NONE, clock }));
}

function readGrades(reader: MapReader): readonly Grade[] {
  const words = reader.has("grades") ? reader.texts("grades") : ["read"];
  for (const word of words) {
    if (!(GRADES as readonly string[]).includes(word))
      reader.refuse(`unknown grade "${word}"`, nearestHint(word, GRADES, "docs/formats/workspace.md"), "grades");
  }
  return words as readonly Grade[];
}

function readSigners(reader: MapReader): readonly Signer[] {
  const rows = reader.maps("signers", ["name", "role", "state", "key"]);
  const signers = rows.map((row): Signer => {
    const [role, state] = [row.text("role"), row.optionalText("state")];
    if (!(SIGNER_ROLES as readonly string[]).includes(role))
      row.refuse(`unknown role "${role}"`, nearestHint(role, SIGNER_ROLES, "docs/formats/workspace.md"), "role");
    if ((role === "state-counsel") !== (state !== undefined)) row.refuse("counsel of a state names it, and nobody else does", "state: CA");
    const signer = { name: row.text("name"), role: role as SignerRole, ...(state === undefined ? {} : { state }), key: row.text("key") };
    if (signerKey(sha256, signer) === undefined)
      row.refuse("this is not that signer's key", "make one with `writ key new --signer NAME`", "key");
    return signer;
  });
  // WHY: one person under two names would be two signatures.
  for (const [at, { name, key }] of signers.entries()) {
    const twice = signers.slice(0, at).some((other) => other.name === name || other.key.split("+").at(-1) === key.split("+").at(-1));
    if (twice) rows[at]?.refuse("a name or a key stands here twice", "each signer has a key of their own");
  }
  return signers;
}

function readSources(reader: MapReader): readonly SidecarSource[] {
  return reader.maps("sources", ["name", "for", "key"]).map((row): SidecarSource => {
    const source = { name: row.text("name"), for: row.text("for"), key: row.text("key") };
    if (signerKey(sha256, source) === undefined)
      row.refuse("this is not that source's key", "make one with `writ key new --signer NAME`", "key");
    return source;
  });
}

function readWaitingDays(reader: MapReader): number {
  const said = reader.optionalText("waitingDays") ?? String(DEFAULT_WAITING_DAYS);
  if (!/^\d{1,3}$/.test(said)) reader.refuse("the waiting time is no number of days", "write waitingDays: 14", "waitingDays");
  return Number(said);
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
