import type { Checked } from "../../core/base/checked.ts";

/** The recipient's side of sealing. */
export interface Unsealer {
  /** The identity in an identity file's text. */
  parseIdentity(text: string, file: string): Checked<string>;
  /** The recipient key of an identity. */
  recipientOf(identity: string): Promise<string>;
  /** Opens a key that a key-holder freed. */
  unsealIdentity(sealed: Uint8Array, identity: string): Promise<string>;
  /**
   * Opens a sealed file as it streams. INVARIANT: no chunk is passed on before its tag verified; a missing end,
   * a missing chunk or a byte too many throws E_TAMPERED.
   */
  open(sealed: AsyncIterable<Uint8Array>, identity: string): AsyncIterable<Uint8Array>;
}
