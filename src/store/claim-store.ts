import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ClaimStore, ClaimTelling } from "../app/ports/claim-store.ts";
import { tellingName } from "../app/ports/claim-store.ts";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson, canonicalOf } from "../core/base/canonical-json.ts";
import type { ClaimTable } from "../core/catalog/claim-table.ts";
import { sweepOld } from "./class-store.ts";
import { renameDurably, writeDurably } from "./durable-file.ts";
import { fileDigest } from "./file-digest.ts";

const PRIVATE_FILE = 0o600;

/** Below `claims/` of a submission's folder. The JSON comes last and vouches for the others. */
export const claimStore: ClaimStore = {
  async findTelling(datasetFolder, key) {
    const found = read<ClaimTelling>(datasetFolder, key, "writ-claim-versions/1");
    return found !== undefined && (await isWhole(datasetFolder, tellingName(key), found.sha256)) ? found : undefined;
  },
  async findTable(datasetFolder, key) {
    const found = read<ClaimTable>(datasetFolder, key, "writ-claims/1");
    for (const { changed } of found?.segments ?? [])
      if (changed !== undefined && !(await isWhole(datasetFolder, changed.file, changed.sha256))) return undefined;
    return found;
  },
  stage(datasetFolder, key) {
    const folder = join(datasetFolder, "claims");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    sweepOld(folder);
    const staged = new Map<string, string>();
    return {
      file: (segment) => {
        const name = segment === undefined ? tellingName(key) : `claims/${key}-${segment}.parquet`;
        const path = join(folder, `.${key}.tmp-${randomBytes(6).toString("hex")}`);
        staged.set(path, join(datasetFolder, name));
        return { path, name };
      },
      keep: (kept) => {
        for (const [from, to] of staged) if (existsSync(from)) renameDurably(from, to);
        writeDurably(jsonFile(datasetFolder, key), utf8(canonicalJson(kept)), { mode: PRIVATE_FILE });
      },
      discard: () => {
        for (const path of staged.keys()) rmSync(path, { force: true });
      },
    };
  },
};

const jsonFile = (datasetFolder: string, key: string): string => join(datasetFolder, "claims", `${key}.json`);

/** What writ itself wrote; anything else is as good as absent. */
function read<T extends { readonly format: string }>(datasetFolder: string, key: string, format: T["format"]): T | undefined {
  const file = jsonFile(datasetFolder, key);
  if (!existsSync(file)) return undefined;
  const found = canonicalOf(readFileSync(file)) as T | null | undefined;
  return found?.format === format ? found : undefined;
}

const isWhole = async (datasetFolder: string, name: string, sha256: string): Promise<boolean> => {
  const file = join(datasetFolder, name);
  return existsSync(file) && (await fileDigest(file)) === sha256;
};
