import { createHash } from "node:crypto";
import type { Checked } from "../core/base/checked.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import { parseSpecialCodes } from "../core/catalog/special-codes.ts";
import { filesOf } from "./list-files.ts";

/** The lists of codes below folders of catalogues; of two with one name, the first folder's. Folders without any have none. */
export const loadSpecialCodes = (catalogFolders: readonly string[]): Checked<SpecialCodes> =>
  parseSpecialCodes(filesOf(catalogFolders, "part2", ".csv"), (bytes) => createHash("sha256").update(bytes).digest());
