/** Objects that are kept by their digest: texts of law, manifests, settings. What is there stays there. */
export interface LawArchive {
  /** The bytes with that SHA-256; undefined where there are none, or where what is there has another. */
  read(digest: string): Uint8Array | undefined;
  /** Keeps bytes durably and answers their digest; nothing happens where they are already. */
  keep(bytes: Uint8Array): string;
}
