import { KeySet } from "../core/intake/key-set.ts";
import type { SegmentRows } from "../core/intake/segment-rows.ts";
import type { OpenRows } from "./intake-reading.ts";
import type { Submission } from "./intake-opening.ts";
import type { TableFile, WrittenTable } from "./ports/data-vault.ts";

/** The files that the rows of a submission go to, a row group at a time. */
export class RowFiles {
  readonly #open: OpenRows;
  readonly #files = new Map<SegmentRows, TableFile>();
  readonly #people = new KeySet();

  constructor(open: OpenRows) {
    this.#open = open;
  }

  /** Different people in the rows written; undefined where they are too many to be counted here. */
  get people(): number | undefined {
    return this.#people.size;
  }

  /** Writes the groups that are full. */
  takeFull(submission: Submission): void {
    for (const rows of submission.taker.segments)
      if (rows.isFull) this.#fileOf(rows, submission).group(rows.rows, rows.takeGroup(this.#people));
  }

  /** Writes what is left and ends every file, also of segments without rows. */
  finish(submission: Submission): readonly WrittenTable[] {
    return submission.taker.segments.map((rows) => {
      const file = this.#fileOf(rows, submission);
      if (rows.rows > 0) file.group(rows.rows, rows.takeGroup(this.#people));
      return file.finish();
    });
  }

  #fileOf(rows: SegmentRows, submission: Submission): TableFile {
    const file = this.#files.get(rows) ?? this.#open(rows, submission);
    this.#files.set(rows, file);
    return file;
  }

  discard(): void {
    for (const file of this.#files.values()) file.discard();
  }
}
