import type { CivilDate } from "../../core/base/civil-date.ts";
import type { ClassSource } from "../../core/catalog/class-source.ts";
import type { FacetLeaves } from "../../core/catalog/evidence-bits.ts";
import type { PlainPipes, StoredFile, WrittenFile } from "./data-vault.ts";

/** What an engine needs to tell apart the people of one stored submission on one day. */
export type ClassOrder = {
  readonly source: ClassSource;
  readonly leaves: FacetLeaves;
  readonly asOf: CivilDate;
  /** About how many people there are: what the engine plans its memory by. */
  readonly people: number;
  /** The file of each segment consulted. */
  readonly segmentFiles: ReadonlyMap<string, StoredFile>;
  /** Another dataset that tells about the same people, and the files of each segment of it. It makes nobody present. */
  readonly enrolment?: { readonly source: ClassSource; readonly segmentFiles: ReadonlyMap<string, readonly StoredFile[]> };
  readonly statusFile?: StoredFile;
  /** Findings observed before this day are too old. */
  readonly observedFrom: CivilDate;
  /** Who pays, by aid code, on the day. */
  readonly funding: ReadonlyMap<string, readonly string[]>;
  /** Keys of the people each list names, by the list's place. */
  readonly named: readonly (readonly string[])[];
  /** Where the people and their classes are written. */
  readonly output: StoredFile;
  readonly pipes: PlainPipes;
  /** All folders the engine may touch, besides the pipes. */
  readonly folders: readonly string[];
};

/** People with the same bits of evidence, and the origin where rows tell it. */
export type BitGroup = { readonly bits: number; readonly origin?: string; readonly people: number };

export interface ClassEngine {
  /** Combines the evidence of every person present on the day, asks for the groups' classes, and writes person and class. */
  resolve(order: ClassOrder, classOf: (groups: readonly BitGroup[]) => readonly number[]): Promise<WrittenFile>;
}
