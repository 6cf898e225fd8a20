import type { ClassQuestion } from "../app/classes.ts";
import { aidMapFor, resolveClasses, statusSourceNamed } from "../app/classes.ts";
import type { StoredDataset } from "../app/ports/dataset-store.ts";
import type { CivilDate } from "../core/base/civil-date.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { ClassTable } from "../core/catalog/row-class.ts";
import type { ClaimTable } from "../core/catalog/claim-table.ts";
import type { LoggedLeaf } from "../core/ledger/leaf.ts";
import type { Correction } from "../app/corrections.ts";
import { correctionsOf } from "../app/corrections.ts";
import { weighClaims } from "../app/claim-versions.ts";
import { duckdbClaimVersions } from "../engine/duckdb-claim-versions.ts";
import { claimStore } from "../store/claim-store.ts";
import { duckdbClasses } from "../engine/duckdb-classes.ts";
import { classStore } from "../store/class-store.ts";
import type { OptionValues } from "./command.ts";
import type { DataRoom } from "./data-room.ts";
import { value } from "./value.ts";

/** What other submissions make of the claims of a submission. Undefined where it holds none. */
export const claimsOf = async (stored: StoredDataset, room: DataRoom): Promise<ClaimTable | undefined> =>
  value(await weighClaims(stored, { ...room, claimEngine: duckdbClaimVersions, claims: claimStore }));

/** What of earlier releases a submission corrects. */
export const correctionsIn = async (stored: StoredDataset, leaves: readonly LoggedLeaf[], room: DataRoom): Promise<readonly Correction[]> =>
  correctionsOf(stored, leaves, { ...room, stored: value(room.store.list()), claimEngine: duckdbClaimVersions, claims: claimStore });

/** Who of a submission the law can tell apart on a day. Undefined where a dataset is about nobody. */
export async function classesOf(
  stored: StoredDataset,
  room: DataRoom,
  asOf: CivilDate,
  values: OptionValues,
): Promise<ClassTable | undefined> {
  const { dataset, dictionary } = stored.manifest;
  const catalogue = room.catalogues.find((one) => one.dataset === dataset && one.version === dictionary);
  if (catalogue === undefined)
    throw new ProblemError(problem("E_CATALOGUE", `no catalogue describes ${dataset} ${dictionary}`, { hint: "add it under catalog/" }));
  if (catalogue.personElement === "") return undefined;
  const sidecars = value(room.sidecars.list());
  const aidMap = aidMapFor(sidecars, stored.manifest.origin);
  const named = typeof values["status"] === "string" ? value(statusSourceNamed(sidecars, values["status"])) : undefined;
  const question: ClassQuestion = {
    dataset: stored,
    catalogue,
    asOf,
    ...(aidMap === undefined ? {} : { aidMap }),
    ...(named === undefined ? {} : { statusSource: named }),
  };
  return value(await resolveClasses(question, { ...room, engine: duckdbClasses, classes: classStore })).table;
}
