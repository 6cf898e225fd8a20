import { z } from "zod";
import { canonicalJson, canonicalOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";

type Common = {
  readonly rows: number;
  /** SHA-256 of the file as it came. */
  readonly sourceSha256: string;
  /** 1 for the first of its kind in the workspace; where two speak about the same, the higher one counts. */
  readonly sequence: number;
  readonly taken: string;
  /** Whose signature it came with, of those whom writ.yaml names; absent where it came with none. */
  readonly signedBy?: readonly string[];
};
/** What is known of a stored status source. */
export type StatusManifest = Common & {
  readonly format: "writ-status/2";
  /** What requests call it. */
  readonly name: string;
  /** The party that asserts the findings. INVARIANT: it must not be the recipient of data that they open. */
  readonly asserter: string;
  /** SHA-256 of `status.parquet`, as it is stored. */
  readonly sha256: string;
  /** The id of the key it and the source are encrypted under. */
  readonly keyId: string;
};
export type AidCodeManifest = Common & { readonly format: "writ-aid-codes/1"; readonly states: readonly string[] };
export type HandleManifest = Common & {
  readonly format: "writ-handles/2";
  readonly origin: string;
  readonly sha256: string;
  readonly keyId: string;
};
export type SidecarManifest = StatusManifest | AidCodeManifest | HandleManifest;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const keyId = z.string().regex(/^[0-9a-f]{32}$/);
const common = {
  rows: z.number().int().nonnegative(),
  sourceSha256: digest,
  sequence: z.number().int().positive(),
  taken: z.string(),
  signedBy: z.array(z.string()).exactOptional(),
};
const SHAPE = z.discriminatedUnion("format", [
  z.strictObject({ format: z.literal("writ-status/2"), name: z.string(), asserter: z.string(), sha256: digest, keyId, ...common }),
  z.strictObject({ format: z.literal("writ-aid-codes/1"), states: z.array(z.string()), ...common }),
  z.strictObject({ format: z.literal("writ-handles/2"), origin: z.string(), sha256: digest, keyId, ...common }),
]);

/** Reads a sidecar's manifest; only its canonical bytes count. */
export function parseSidecarManifest(file: string, bytes: Uint8Array): Checked<SidecarManifest> {
  const refused = fail(problem("E_EVIDENCE", "the manifest of a sidecar is damaged", { at: { file }, hint: "take the sidecar in again" }));
  const read = SHAPE.safeParse(canonicalOf(bytes));
  return read.success ? pass(read.data) : refused;
}

export const sidecarManifestText = (manifest: SidecarManifest): string => canonicalJson(manifest);
