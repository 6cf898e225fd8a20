import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { initWorkspace } from "../../src/app/init.ts";
import { randomId } from "../../src/app/record.ts";
import type { Workspace } from "../../src/app/workspace.ts";
import type { LedgerRoom } from "../../src/cli/ledger-room.ts";
import { openLedgerRoom } from "../../src/cli/ledger-room.ts";
import { utf8 } from "../../src/core/base/bytes.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { bandOf } from "../../src/core/ledger/band.ts";
import { recipientKeyIdOf } from "../../src/core/ledger/leaf.ts";
import { payloadDigestOf } from "../../src/core/package/manifest.ts";
import { workspaceFiles } from "../../src/store/workspace-files.ts";
import { newSealedHeader } from "../../src/vault/age-header.ts";
import { payloadKey, sealingStream } from "../../src/vault/age-stream.ts";
import { sha256 } from "../../src/vault/node-crypto.ts";
import type { KeyPair } from "../../src/vault/recipient-key.ts";
import { newKeyPair } from "../../src/vault/recipient-key.ts";

export const PLAIN: Uint8Array = utf8("person,eligible\n".repeat(20_000));
export const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export type Released = {
  readonly room: LedgerRoom;
  readonly workspace: Workspace;
  readonly pair: KeyPair;
  readonly releaseId: string;
  readonly folder: string;
};

export async function newWorkspace(): Promise<Workspace> {
  const made = await initWorkspace(
    join(mkdtempSync(join(tmpdir(), "writ-package-")), "w"),
    { custodian: "hhs-cms", practice: "2026-11-24T12:00:00Z" },
    workspaceFiles,
  );
  if (!made.ok) throw new ProblemError(...made.problems);
  return made.value;
}

export async function sealed(plain: Uint8Array, recipient: string): Promise<Uint8Array> {
  const { header, fileKey } = await newSealedHeader(recipient);
  const nonce = randomBytes(16);
  const stream = sealingStream(payloadKey(fileKey, nonce));
  stream.end(plain);
  return Buffer.concat([header, nonce, await buffer(stream)]);
}

/** Does what a release does, in its order; `until` stops it there as a crash would. */
export async function release(workspace: Workspace, until: "sealed" | "logged" | "published" = "published"): Promise<Released> {
  const room = await openLedgerRoom(workspace);
  const pair = await newKeyPair();
  const releaseId = randomId();
  const { packageRecipient } = await room.keyHolder.create(releaseId, pair.recipient);
  const stage = room.packages.stage(releaseId);
  const names = ["ELIGIBLE.csv.age", "NAMES.csv.age"];
  const files = [];
  for (const name of names) {
    const bytes = await sealed(PLAIN, packageRecipient);
    writeFileSync(join(stage.folder, name), bytes);
    files.push({ name, sizeBytes: bytes.length, sha256: hash(bytes) });
  }
  const recipientKeyId = recipientKeyIdOf(sha256, pair.recipient);
  const payloadDigest = payloadDigestOf(sha256, files);
  const [planDigest, lawHash, sourceDigest] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [string, string, string];
  stage.close({
    format: "writ-package/1",
    releaseId,
    custodian: "hhs-cms",
    planDigest,
    recipient: "hhs-oig",
    recipientKeyId,
    packageRecipient,
    terms: [],
    files,
    payloadDigest,
  });
  const folder = join(workspace.paths.packages, releaseId);
  if (until === "sealed") return { room, workspace, pair, releaseId, folder };
  const asked = {
    recipient: "hhs-oig",
    purpose: "oversight",
    action: "disclose",
    dataset: "tmsis/eligible@2025-12",
    fields: ["eligibility"],
  };
  const people = { CA: bandOf(700) };
  const intent = await room.record("intent", {
    ...asked,
    releaseId,
    recipientKeyId,
    planDigest,
    lawHash,
    sourceDigest,
    payloadDigest,
    datasetDigests: [],
    people,
  });
  if (until === "logged") return { room, workspace, pair, releaseId, folder };
  stage.publish(await room.ledger.receipt(intent.index));
  await room.record("released", { releaseId, intentIndex: intent.index });
  return { room, workspace, pair, releaseId, folder };
}
