import type { PlanPorts } from "../app/plan.ts";
import { keepDecision } from "../app/replay.ts";
import type { ReleasePorts } from "../app/release.ts";
import type { Workspace } from "../app/workspace.ts";
import { ProblemError } from "../core/base/problem.ts";
import type { Law } from "../core/law/law.ts";
import { lawManifest } from "../core/law/law.ts";
import { duckdbClaimVersions } from "../engine/duckdb-claim-versions.ts";
import { duckdbClasses } from "../engine/duckdb-classes.ts";
import { duckdbExtract } from "../engine/duckdb-extract.ts";
import { claimStore } from "../store/claim-store.ts";
import { classStore } from "../store/class-store.ts";
import { lawFilesOnDisk } from "../store/law-files.ts";
import { planFiles } from "../store/plan-files.ts";
import { sidecarStore } from "../store/sidecar-store.ts";
import { newSealedHeader } from "../vault/age-header.ts";
import { parseRecipientFile } from "../vault/recipient-key.ts";
import { ageSealer } from "../vault/sealing.ts";
import { sha256 } from "../vault/node-crypto.ts";
import { openDataRoom, personKeysOf } from "./data-room.ts";
import { archiveOf, plansOf } from "./entry-room.ts";
import type { LawRoom } from "./law-room.ts";
import { CEDAR_VERSION, openWorkspaceLaw } from "./law-room.ts";
import { openLedgerRoom } from "./ledger-room.ts";

/**
 * All that planning in a workspace needs. The law is that entered here, loaded from source, unless its reader has it
 * already: a plan trusts no cache.
 */
export async function openPlanRoom(given: Workspace, loaded?: Law): Promise<PlanPorts> {
  const room = loaded === undefined ? await openWorkspaceLaw(given) : undefined;
  const workspace = room === undefined ? given : { ...given, admittedGrades: room.admitted };
  const law = loaded ?? (room as LawRoom).law;
  const files = room?.files ?? (await lawFilesOnDisk.read(workspace.paths.law));
  const manifest = lawManifest(files, CEDAR_VERSION, sha256);
  const { store, catalogues, specialCodes, vault } = await openDataRoom(workspace);
  return {
    workspace,
    law,
    isEntered: room?.known.entry !== undefined,
    catalogues,
    specialCodes,
    store,
    vault,
    vocabulary: law.vocabulary,
    engine: duckdbClasses,
    classes: classStore,
    claimEngine: duckdbClaimVersions,
    claims: claimStore,
    sidecars: sidecarStore(workspace.paths.evidence),
    extract: duckdbExtract,
    files: planFiles,
    personKeys: () => personKeysOf(workspace, store),
    keep: (made) => keepDecision(made, { files, manifest }, { law: archiveOf(workspace), plans: plansOf(workspace) }),
  };
}

/** All that a release needs: planning, the ledger, the keys and the sealer. */
export async function openReleaseRoom(workspace: Workspace, loaded?: Law): Promise<ReleasePorts> {
  const [planning, { ledger, record, keyHolder, packages }] = [await openPlanRoom(workspace, loaded), await openLedgerRoom(workspace)];
  return {
    ...planning,
    ledger,
    record,
    keyHolder,
    packages,
    sealer: ageSealer,
    newHeader: newSealedHeader,
    recipientKey: (text, file) => {
      const key = parseRecipientFile(text, file);
      if (!key.ok) throw new ProblemError(...key.problems);
      return key.value;
    },
  };
}
