import { createHash } from "node:crypto";
import type { Sha256 } from "../core/base/bytes.ts";
import { hex } from "../core/base/bytes.ts";

/** SHA-256 for the core's functions that take it, and for digests in the app's own words. */
export const sha256: Sha256 = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

export const sha256Hex = (bytes: Uint8Array): string => hex(sha256(bytes));
