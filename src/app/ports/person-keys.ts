/** Names people without their ids. docs/formats/dataset.md gives the bytes. */
export interface PersonKeys {
  /** The key of one person as the 36 characters of a UUID. The id is a stretch of bytes; what is answered is good until the next. */
  keyOf(origin: string, bytes: Uint8Array, from: number, to: number): Uint8Array;
}
