import type { Checked } from "../../core/base/checked.ts";
import type { HandleManifest, SidecarManifest, StatusManifest } from "../../core/sidecar/sidecar-manifest.ts";

/** A sidecar in the store. INVARIANT: `digest` is the SHA-256 of its manifest's bytes and names its folder. */
export type StoredSidecar<M extends SidecarManifest = SidecarManifest> = {
  readonly digest: string;
  readonly folder: string;
  readonly manifest: M;
};

export interface SidecarStore {
  /** Every stored sidecar; a damaged manifest is a problem. */
  list(): Checked<readonly StoredSidecar[]>;
  /** The text of a stored aid-code map, checked against its digest. */
  readSource(stored: StoredSidecar): Checked<string>;
  /** The Parquet file of a stored sidecar, once it has the digest its manifest names. */
  verifyTable(stored: StoredSidecar<StatusManifest | HandleManifest>): Promise<Checked<string>>;
}
