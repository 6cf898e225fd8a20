import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ClassStore, StoredClasses } from "../app/ports/class-store.ts";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson, canonicalOf } from "../core/base/canonical-json.ts";
import type { ClassTable } from "../core/catalog/row-class.ts";
import { renameDurably, writeDurably } from "./durable-file.ts";
import { fileDigest } from "./file-digest.ts";

const PRIVATE_FILE = 0o600;

/** Classes as two files below `classes/` of their submission's folder. The JSON comes last and vouches for the other. */
export const classStore: ClassStore = {
  async find(datasetFolder, key) {
    const found = place(datasetFolder, key);
    if (!existsSync(found.jsonFile) || !existsSync(found.parquetFile)) return undefined;
    const table = tableOf(readFileSync(found.jsonFile, "utf8"));
    return table !== undefined && table.sha256 === (await fileDigest(found.parquetFile)) ? { ...found, table } : undefined;
  },
  stage(datasetFolder, key) {
    const found = place(datasetFolder, key);
    mkdirSync(join(datasetFolder, "classes"), { recursive: true, mode: 0o700 });
    sweepOld(join(datasetFolder, "classes"));
    const file = join(datasetFolder, "classes", `.${key}.tmp-${randomBytes(6).toString("hex")}`);
    return {
      file,
      name: classesName(key),
      keep: (table) => {
        renameDurably(file, found.parquetFile);
        writeDurably(found.jsonFile, utf8(canonicalJson(table)), { mode: PRIVATE_FILE });
        return { ...found, table };
      },
      discard: () => rmSync(file, { force: true }),
    };
  },
};

const UNFINISHED_AFTER_MS = 3_600_000;

/** Removes what a killed process left. WHY only old files: another process may be resolving right now. */
export function sweepOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (/^\..+\.tmp-[0-9a-f]{12}$/.test(name) && Date.now() - statSync(file).mtimeMs > UNFINISHED_AFTER_MS) rmSync(file, { force: true });
  }
}

const classesName = (key: string): string => `classes/${key}.parquet`;

const place = (datasetFolder: string, key: string): Omit<StoredClasses, "table"> => ({
  key,
  parquetFile: join(datasetFolder, classesName(key)),
  jsonFile: join(datasetFolder, "classes", `${key}.json`),
});

/** A table writ itself wrote; anything else is as good as absent. */
function tableOf(text: string): ClassTable | undefined {
  const table = canonicalOf(utf8(text)) as ClassTable | null | undefined;
  return table?.format === "writ-classes/1" ? table : undefined;
}
