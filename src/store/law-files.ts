import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import type { LawCache, LawFiles } from "../app/ports/law-files.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { MAX_SOURCE_FILES } from "../core/law/source.ts";

/** Law files on disk: `.md`, `.yaml` under one folder; a link among them is refused. */
export const lawFilesOnDisk: LawFiles = {
  async read(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
      throw new ProblemError(
        problem("E_IO", "the law folder cannot be read", { at: { file: folder }, hint: "name a folder with --law DIR" }),
      );
    });
    // INVARIANT: what looks like law and is not read is refused, since it might be a bar.
    const unread = entries.filter(
      (entry) => /\.(md|ya?ml)$/i.test(entry.name) && !(entry.isFile() && /\.(md|ya?ml)$/.test(entry.name)) && !entry.isDirectory(),
    );
    if (unread.length > 0) {
      const refuse = (name: string): Problem =>
        problem("E_LAW", "a link, or a name in capitals, is not read as law", {
          at: { file: name },
          hint: "put the file itself there, ending in .md or .yaml",
        });
      throw new ProblemError(...unread.map((entry) => refuse(join(entry.parentPath, entry.name))));
    }
    const paths = entries
      .filter((entry) => entry.isFile() && /\.(md|ya?ml)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (paths.length > MAX_SOURCE_FILES)
      throw new ProblemError(problem("E_LAW", `more than ${MAX_SOURCE_FILES} law files`, { at: { file: folder } }));
    return Promise.all(
      paths.map(async (path) => ({
        path: path.slice(folder.length).replaceAll("\\", "/").replace(/^\/+/, ""),
        text: await readFile(path, "utf8"),
      })),
    );
  },
};

const cacheFolder = (): string => join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "writ");

/** Compiled law and its hashes under the user's cache folder, private to the user. Failing to write it costs time, never an answer. */
export const lawCacheOnDisk: LawCache = {
  async get(name) {
    return readFile(join(cacheFolder(), `law-${name}.json`), "utf8").catch(() => undefined);
  },
  async put(name, text) {
    const folder = cacheFolder();
    const temporary = join(folder, `.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, join(folder, `law-${name}.json`));
    } catch {
      // WHY: a read-only home must not stop a decision.
    }
  },
};
