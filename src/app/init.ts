import { join, resolve } from "node:path";
import { randomBytes } from "node:crypto";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { utf8 } from "../core/base/bytes.ts";
import { problem } from "../core/base/problem.ts";
import type { WorkspaceFiles } from "./ports/workspace-files.ts";
import type { Workspace } from "./workspace.ts";
import { isInstant, openWorkspace, parseSettings, PRIVATE_FOLDERS, SETTINGS_FILE, SHARED_FOLDERS } from "./workspace.ts";

export type InitOptions = {
  readonly custodian: string;
  /** The instant at which a practice workspace stands still; it admits every grade of law. */
  readonly practice?: string;
};

export const MASTER_KEY_FILE = "master.key";
const PRIVATE = 0o700;

/** Makes a workspace in `folder`. Never overwrites: a folder that already is one is refused. */
export async function initWorkspace(folder: string, options: InitOptions, files: WorkspaceFiles): Promise<Checked<Workspace>> {
  const root = resolve(folder);
  if (options.practice !== undefined && !isInstant(options.practice)) {
    return fail(problem("E_DATE", "the time of a practice workspace is no instant", { hint: "write it in UTC, as 2026-11-24T12:00:00Z" }));
  }
  const settings = settingsText(options);
  const checked = parseSettings(SETTINGS_FILE, settings);
  if (!checked.ok) return checked;
  await files.makeFolder(root, 0o755);
  if (!(await files.create(join(root, SETTINGS_FILE), utf8(settings), 0o644))) {
    const hint = "choose another folder, or work in this one";
    return fail(problem("E_WORKSPACE", "this folder is a workspace already", { at: { file: join(root, SETTINGS_FILE) }, hint }));
  }
  await fillWorkspace(root, files);
  const opened = await openWorkspace(root, files);
  return opened.ok ? pass(opened.value) : opened;
}

async function fillWorkspace(root: string, files: WorkspaceFiles): Promise<void> {
  await files.create(join(root, ".gitignore"), utf8("private/\n"), 0o644);
  // WHY a copy: law is entered as it stands here, and another version of writ must not change it.
  if (!(await files.holdsFiles(join(root, "law")))) await files.copyFolder(files.shipped("law"), join(root, "law"));
  for (const name of SHARED_FOLDERS) await files.makeFolder(join(root, name), 0o755);
  await files.makeFolder(join(root, "private"), PRIVATE);
  for (const name of PRIVATE_FOLDERS) await files.makeFolder(join(root, "private", name), PRIVATE);
  await ensureMasterKey(join(root, "private", "keys"), files);
}

/** The key of person keys: made once, never replaced, since every stored dataset depends on it. */
export async function ensureMasterKey(keysFolder: string, files: WorkspaceFiles): Promise<void> {
  await files.create(join(keysFolder, MASTER_KEY_FILE), randomBytes(32), 0o600);
}

function settingsText({ custodian, practice }: InitOptions): string {
  const warning = "# Practice: every grade of law opens here, and time stands still. Nothing of it is a real disclosure.";
  return [
    "# A writ workspace; docs/formats/workspace.md says what each line means.",
    `custodian: ${custodian}`,
    ...(practice === undefined ? ["grades: [read]"] : [warning, "grades: [read, secondary, recalled]"]),
    "quorum: none",
    `clock: ${practice === undefined ? "real" : `{ simulated: ${practice} }`}`,
    "",
  ].join("\n");
}
