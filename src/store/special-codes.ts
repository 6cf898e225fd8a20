import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import { parseSpecialCodes } from "../core/catalog/special-codes.ts";

/** The lists of codes below a folder of catalogues; a folder without any has none. */
export function loadSpecialCodes(catalogFolder: string): Checked<SpecialCodes> {
  const folder = join(catalogFolder, "part2");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".csv")) : [];
  const lists = names.sort().map((name) => ({ file: join("part2", name), text: readFileSync(join(folder, name), "utf8") }));
  return parseSpecialCodes(lists, (bytes) => createHash("sha256").update(bytes).digest());
}
