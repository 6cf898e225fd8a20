import type { ClassTable } from "../catalog/row-class.ts";

/** A submission with its classes on the day of judging. */
export type PlanDataset = {
  readonly digest: string;
  readonly origin: string;
  readonly idIsSsn: boolean;
  readonly classes: ClassTable;
  /** Within the dataset's folder. */
  readonly classesFile: string;
  readonly segmentFiles: Readonly<Record<string, string>>;
};
