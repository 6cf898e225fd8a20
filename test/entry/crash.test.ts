/** A writer that dies at any step of an entry leaves law that was entered whole, or not at all. */
import { expect, test } from "vitest";
import { enterLaw } from "../../src/app/enter-law.ts";
import { archivedFiles, readLawHistory } from "../../src/app/entered-law.ts";
import { ledgerRecorder } from "../../src/app/record.ts";
import type { Workspace } from "../../src/app/workspace.ts";
import { parseSettings } from "../../src/app/workspace.ts";
import { utf8 } from "../../src/core/base/bytes.ts";
import { whatChanges } from "../../src/core/entry/what-changes.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { lawArchive } from "../../src/store/law-archive.ts";
import { newSignerKey, signerFrom } from "../../src/vault/signer-key.ts";
import { vocabularyFiles } from "../law/small-law.ts";
import { crypto, key as logKey, openLog } from "../ledger/log-of-tests.ts";
import { VolatileDisk } from "../ledger/volatile-disk.ts";
import { NOW, ORDER, RESEARCH } from "./chancery.ts";

const ROOT = "/log";
const pair = newSignerKey("counsel");
const counsel = signerFrom(utf8(pair.secret), "counsel.key");
const WORKING = [...vocabularyFiles(), RESEARCH, ORDER];

function workspace(): Workspace {
  const signers = `signers: [{ name: counsel, role: counsel, key: "${pair.vkey}" }]`;
  const settings = parseSettings("writ.yaml", `custodian: hhs-cms\nclock: { simulated: ${NOW} }\n${signers}\n`);
  if (!settings.ok) throw new Error("the test's settings are wrong");
  return { ...settings.value, root: ROOT, paths: {} as Workspace["paths"] };
}

async function enter(disk: VolatileDisk): Promise<boolean> {
  const archive = lawArchive(`${ROOT}/law`, crypto.sha256, disk);
  const record = ledgerRecorder(openLog(ROOT, disk), workspace());
  const history = { entries: [], proposals: [] };
  const ports = {
    workspace: workspace(),
    origin: logKey.name,
    history,
    working: WORKING,
    archive,
    judge: cedarJudge,
    record,
    crypto,
    whatChanges,
  };
  const entry = await enterLaw({ paths: "all", withSettings: false, keys: [counsel] }, ports).catch(() => undefined);
  return entry?.ok === true && entry.value.state === "entered";
}

/** How many entries of law the disk holds; each must be whole. */
async function entered(disk: VolatileDisk): Promise<number> {
  const archive = lawArchive(`${ROOT}/law`, crypto.sha256, disk);
  const history = await readLawHistory({ ledger: openLog(ROOT, disk), archive, crypto });
  if (!history.ok) throw new Error(history.problems.map(({ message }) => message).join("; "));
  for (const { change } of history.value.entries) {
    const files = archivedFiles(change.after, archive);
    expect(files.ok && files.value).toEqual([...WORKING].sort((a, b) => (a.path < b.path ? -1 : 1)));
  }
  return history.value.entries.length;
}

test("killed or without power at any step, law is entered whole or not at all", { timeout: 300_000 }, async () => {
  const calm = new VolatileDisk(ROOT);
  expect(await enter(calm)).toBe(true);
  expect(await entered(calm)).toBe(1);
  expect(calm.steps).toBeGreaterThan(100);
  const outcomes = new Map<number, number>();
  for (let at = 1; at <= calm.steps; at += 1) {
    const disk = new VolatileDisk(ROOT);
    disk.crashAt = at;
    const done = await enter(disk);
    if (at % 2 === 0) disk.restart();
    else disk.revive();
    const found = await entered(disk);
    if (done) expect(found).toBe(1);
    outcomes.set(found, (outcomes.get(found) ?? 0) + 1);
  }
  expect(new Set(outcomes.keys())).toEqual(new Set([0, 1]));
  expect(outcomes.get(0)).toBeGreaterThan(80);
});
