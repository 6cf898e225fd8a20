import type { Dirent } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import type { LawCache, LawFiles } from "../app/ports/law-files.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { MAX_SOURCE_BYTES, MAX_SOURCE_FILES } from "../core/law/source.ts";

/** Law files on disk: `.md`, `.yaml` under one folder; a link among them is refused. */
export const lawFilesOnDisk: LawFiles = {
  async read(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
      throw new ProblemError(
        problem("E_IO", "the law folder cannot be read", { at: { file: folder }, hint: "name a folder with --law DIR" }),
      );
    });
    const refused = entries.flatMap((entry) => refusal(entry) ?? []);
    if (refused.length > 0) throw new ProblemError(...refused);
    const paths = entries
      .filter((entry) => entry.isFile() && /\.(md|ya?ml)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (paths.length > MAX_SOURCE_FILES)
      throw new ProblemError(problem("E_LAW", `more than ${MAX_SOURCE_FILES} law files`, { at: { file: folder } }));
    return Promise.all(
      paths.map(async (path) => ({
        path: path.slice(folder.length).replaceAll("\\", "/").replace(/^\/+/, ""),
        text: await textOf(path),
      })),
    );
  },
};

/** INVARIANT: what looks like law, or may hold law, and is not read is refused, since it might be a bar. */
function refusal(entry: Dirent): Problem | undefined {
  // WHY: a name with a line break or a mark that turns text around would forge lines of whatever prints it.
  const name = entry.name.replaceAll(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ""}}`);
  const refuse = (message: string, hint: string): Problem =>
    problem("E_LAW", message, { at: { file: join(entry.parentPath, name) }, hint });
  const isLawLike = /\.(md|ya?ml)$/i.test(entry.name);
  if (entry.isSymbolicLink() || (isLawLike && !entry.isDirectory() && !(entry.isFile() && /\.(md|ya?ml)$/.test(entry.name))))
    return refuse("a link, or a name in capitals, is not read as law", "put the file itself there, ending in .md or .yaml");
  if ((isLawLike || entry.isDirectory()) && (name !== entry.name || name.includes("\\")))
    return refuse("a name with control characters or a backslash is not read as law", "give it a name of plain letters");
  return undefined;
}

/** INVARIANT: no file is held in memory that could not be law anyway, and none is read otherwise than it was written. */
async function textOf(path: string): Promise<string> {
  const refuse = (message: string, hint: string): ProblemError => new ProblemError(problem("E_LAW", message, { at: { file: path }, hint }));
  const { size: sizeBytes } = await stat(path);
  if (sizeBytes > MAX_SOURCE_BYTES) throw refuse(`the file is larger than ${MAX_SOURCE_BYTES} bytes`, "split it into several instruments");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch {
    throw refuse("the file is no UTF-8 text", "save it as UTF-8");
  }
}

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
