import { cpSync, existsSync, readdirSync, readFileSync, chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { WorkspaceFiles } from "../app/ports/workspace-files.ts";
import { createDurably, makeFolderDurably } from "./durable-file.ts";

/** Workspaces on this machine's disk. */
export const workspaceFiles: WorkspaceFiles = {
  read: async (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
  holdsFiles: async (folder) =>
    existsSync(folder) && readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()),
  makeFolder: async (path, mode) => {
    makeFolderDurably(path, { mode });
    chmodSync(path, mode);
  },
  create: async (path, bytes, mode) => createDurably(path, bytes, { mode }),
  copyFolder: async (from, to) => cpSync(from, to, { recursive: true, errorOnExist: true, force: false }),
  // WHY: this file is as deep under dist/ as under src/, so one path serves both.
  shipped: (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url)),
};
