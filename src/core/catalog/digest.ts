import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { Catalogue } from "./catalogue.ts";

/** SHA-256 of the catalogue's canonical JSON: the same for two files that say the same. */
export const catalogueDigest = (catalogue: Catalogue, sha256: Sha256): string => hex(sha256(utf8(canonicalJson(catalogue))));
