/** Names people without their ids. docs/formats/dataset.md gives the bytes. */
export interface PersonKeys {
  /** The sixteen bytes of one person's key. The id is a stretch of bytes; what is answered is good until the next. */
  keyOf(origin: string, bytes: Uint8Array, from: number, to: number): Uint8Array;
}
