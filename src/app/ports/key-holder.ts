/** What a free key looks like: an age file that only the recipient opens, holding the package's identity. */
export type FreedKey = { readonly sealedIdentity: Uint8Array; readonly openedIndex: number };

/**
 * Holds one fresh key per package, apart from the package. INVARIANT: no key leaves before a `key-opened` entry is on the
 * medium, and none leaves whose release the log calls shredded or aborted, whatever a restored backup brings back.
 */
export interface KeyHolder {
  /** Makes the package's key; answers the public half to seal under. Again for the same release and recipient: the same key. */
  create(releaseId: string, recipient: string): Promise<{ readonly packageRecipient: string }>;
  /**
   * Frees the key of the package with this payload against a receipt of its intent. Refuses, and records the refusal:
   * E_PROOF for a receipt that does not verify or is another package's, E_SHREDDED, E_KEY when no key is held.
   */
  free(asked: { readonly releaseId: string; readonly payloadDigest: string; readonly receipt: Uint8Array }): Promise<FreedKey>;
  /** Destroys the key; false when none was held. The caller has logged why. */
  destroy(releaseId: string): Promise<boolean>;
}
