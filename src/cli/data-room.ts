import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureMasterKey } from "../app/init.ts";
import { replayDataShreds } from "../app/shred-data.ts";
import type { Workspace } from "../app/workspace.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { catalogueWords } from "../core/catalog/words.ts";
import type { Vocabulary } from "../core/law/vocabulary.ts";
import { parseVocabulary } from "../core/law/vocabulary.ts";
import type { RuleBook } from "../core/validate/rule.ts";
import type { CatalogueLayer } from "../store/catalogue-layers.ts";
import { cataloguesOf, loadLayeredBooks, loadLayers } from "../store/catalogue-layers.ts";
import { datasetStore } from "../store/dataset-store.ts";
import { lawFilesOnDisk } from "../store/law-files.ts";
import { sidecarStore } from "../store/sidecar-store.ts";
import { workspaceFiles } from "../store/workspace-files.ts";
import { privateFiles } from "../store/private-files.ts";
import { openDataVault } from "../vault/data-vault.ts";
import { openPersonKeys } from "../vault/person-keys.ts";
import { openLedgerReader } from "./ledger-reading.ts";
import { value } from "./value.ts";
import type { DataVault } from "../app/ports/data-vault.ts";
import type { PersonKeys } from "../app/ports/person-keys.ts";
import type { SidecarStore } from "../app/ports/sidecar-store.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import { loadSpecialCodes } from "../store/special-codes.ts";
import type { DatasetStore } from "../app/ports/dataset-store.ts";

/** All that keeps data in one workspace. */
export type DataRoom = {
  readonly store: DatasetStore;
  readonly vault: DataVault;
  readonly sidecars: SidecarStore;
  readonly catalogues: readonly Catalogue[];
  /** The same by folder. */
  readonly layers: readonly CatalogueLayer[];
  readonly specialCodes: SpecialCodes;
  readonly vocabulary: Vocabulary;
};

/** Opens what keeps data. Keys that were shredded, and that a backup brought back, are destroyed before anything is read. */
export async function openDataRoom(workspace: Workspace): Promise<DataRoom> {
  const { paths } = workspace;
  const vocabulary = value(parseVocabulary(await lawFilesOnDisk.read(paths.law)));
  const layers = value(await loadLayers(paths.catalogs, catalogueWords(vocabulary)));
  const specialCodes = value(loadSpecialCodes(paths.catalogs));
  const vault = openDataVault(paths.keys, privateFiles());
  if (existsSync(join(paths.ledger, "checkpoint"))) await replayDataShreds(openLedgerReader(workspace), vault.keys);
  const store = datasetStore(paths);
  const catalogues = cataloguesOf(layers);
  return { store, vault, sidecars: sidecarStore(paths.evidence), catalogues, layers, specialCodes, vocabulary };
}

/** The rules of the workspace's catalogues. */
export const ruleBooks = ({ layers }: DataRoom): readonly RuleBook[] => value(loadLayeredBooks(layers));

/** Person keys of the workspace. WHY not made anew once data is stored: the same people would get other keys. */
export async function personKeysOf({ paths }: Workspace, store: DatasetStore): Promise<PersonKeys> {
  if (value(store.list()).length === 0) {
    await workspaceFiles.makeFolder(paths.keys, 0o700);
    await ensureMasterKey(paths.keys, workspaceFiles);
  }
  return openPersonKeys(paths.keys);
}
