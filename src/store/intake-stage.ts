import { createHash, randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { IntakeStage } from "../app/ports/dataset-store.ts";
import { utf8 } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { errorCode } from "./disk.ts";
import { makeFolderDurably, renameDurably, syncDurably, writeDurably } from "./durable-file.ts";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const STAGE_NAME = /^intake-(\d+)-[0-9a-f]{12}$/;

/** The folders of a workspace that datasets need. */
export type DatasetFolders = { readonly datasets: string; readonly evidence: string; readonly rejects: string; readonly tmp: string };

/** A fresh stage of this process. INVARIANT: nothing outside `tmp` changes before `commit`. */
export function openStage(folders: DatasetFolders): IntakeStage {
  const root = join(folders.tmp, `intake-${process.pid}-${randomBytes(6).toString("hex")}`);
  const [out, rejects, findings] = [join(root, "out"), join(root, "rejects.csv"), join(root, "findings.csv")];
  for (const folder of [folders.tmp, root, out]) mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const files = appendedFiles();
  return {
    folder: out,
    appendReject: (text) => files.append(rejects, utf8(text)),
    appendFinding: (text) => files.append(findings, utf8(text)),
    keepSource: (name, bytes) => writeDurably(join(out, name), bytes, { mode: PRIVATE_FILE }),
    commit: (manifestText, into) => {
      files.close();
      const bytes = utf8(manifestText);
      const digest = createHash("sha256").update(bytes).digest("hex");
      writeDurably(join(out, "manifest.json"), bytes, { mode: PRIVATE_FILE });
      if (existsSync(rejects)) keepList(rejects, folders.rejects, `${digest}.csv`);
      if (existsSync(findings)) keepList(findings, folders.rejects, `${digest}-findings.csv`);
      makeFolderDurably(folders[into], { mode: PRIVATE_FOLDER });
      const folder = join(folders[into], digest);
      renameDurably(out, folder);
      rmSync(root, { recursive: true, force: true });
      return { digest, folder };
    },
    discard: () => {
      files.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Removes the stages of processes that are gone: what they wrote is nobody's. */
export function sweepStages(tmp: string): void {
  if (!existsSync(tmp)) return;
  for (const name of readdirSync(tmp)) {
    const owner = STAGE_NAME.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(tmp, name), { recursive: true, force: true });
  }
}

function isAlive(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function keepList(from: string, folder: string, name: string): void {
  makeFolderDurably(folder, { mode: PRIVATE_FOLDER });
  syncDurably(from);
  renameDurably(from, join(folder, name));
}

function unlessFull(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (errorCode(error) !== "ENOSPC") throw error;
    throw new ProblemError(problem("E_IO", "the disk is full", { hint: "free space below private/tmp; nothing was stored" }));
  }
}

/** Files that grow at their end, opened when first written to. */
function appendedFiles(): { append(path: string, bytes: Uint8Array): void; close(): void } {
  const handles = new Map<string, number>();
  return {
    append(path, bytes): void {
      const handle = handles.get(path) ?? openSync(path, "wx", PRIVATE_FILE);
      handles.set(path, handle);
      unlessFull(() => {
        for (let offset = 0; offset < bytes.length;) offset += writeSync(handle, bytes, offset);
      });
    },
    close(): void {
      for (const handle of handles.values()) closeSync(handle);
      handles.clear();
    },
  };
}
