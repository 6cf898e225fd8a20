import { openWorkspace } from "../app/workspace.ts";
import type { Workspace } from "../app/workspace.ts";
import { ProblemError } from "../core/base/problem.ts";
import { workspaceFiles } from "../store/workspace-files.ts";

/** The workspace the current folder lies in. Throws E_WORKSPACE outside any. */
export async function workspaceHere(): Promise<Workspace> {
  const opened = await openWorkspace(process.cwd(), workspaceFiles);
  if (!opened.ok) throw new ProblemError(...opened.problems);
  return opened.value;
}
