import { utf8, utf8Text } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass, passIf } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { EnteredLaw, LawHistory } from "../core/entry/history.ts";
import { lawHistory } from "../core/entry/history.ts";
import type { Departure, LawManifest } from "../core/entry/manifest.ts";
import { departures, digestsOf, parseManifest } from "../core/entry/manifest.ts";
import type { LawSettings } from "../core/entry/settings.ts";
import { settingsBytes } from "../core/entry/settings.ts";
import type { SourceFile } from "../core/law/source.ts";
import { REMOVED } from "../core/ledger/law-change.ts";
import type { ProofCrypto } from "../core/ledger/note.ts";
import type { LawArchive } from "./ports/law-archive.ts";
import type { LedgerReader } from "./ports/ledger.ts";
import { sha256, sha256Hex } from "./sha256.ts";
import { allLeaves } from "./shred.ts";
import { SETTINGS_FILE } from "./workspace.ts";

export type HistorySource = { readonly ledger: LedgerReader; readonly archive: LawArchive; readonly crypto: ProofCrypto };

/** What a log says of the law entered in it. The whole log is recomputed first: a leaf left out would be law left out. */
export async function readLawHistory({ ledger, archive, crypto }: HistorySource): Promise<Checked<LawHistory>> {
  if ((await ledger.size()) === 0) return pass({ entries: [], proposals: [] });
  const sound = await ledger.verify();
  if (!sound.ok) return sound;
  return lawHistory(await allLeaves(ledger), { origin: ledger.key.name, crypto, archived: (digest) => archive.read(digest) });
}

const missing = (digest: string, what: string): Problem =>
  problem("E_LEDGER", `the archive lacks ${digest}, ${what}, or holds it altered`, {
    hint: "put ledger/law back from a copy of the ledger",
  });

/** The manifest that a source digest names. */
export function archivedManifest(sourceDigest: string, archive: LawArchive): Checked<LawManifest> {
  const bytes = archive.read(sourceDigest);
  const manifest = bytes === undefined ? undefined : parseManifest(bytes);
  return manifest === undefined ? fail(missing(sourceDigest, "the list of law files")) : pass(manifest);
}

/** All law that a source digest names, out of the archive, every byte compared with its digest. */
export function archivedFiles(sourceDigest: string, archive: LawArchive): Checked<readonly SourceFile[]> {
  const manifest = archivedManifest(sourceDigest, archive);
  if (!manifest.ok) return manifest;
  const problems: Problem[] = [];
  const files = Object.entries(manifest.value.files).flatMap(([path, digest]): SourceFile[] => {
    const bytes = archive.read(digest);
    if (bytes === undefined) problems.push(missing(digest, path));
    return bytes === undefined ? [] : [{ path, text: utf8Text(bytes) }];
  });
  return passIf(problems, () => files);
}

/** Keeps law files, and the list of them, by their digests; answers the source digest. */
export function keepLaw(files: readonly SourceFile[], manifest: Uint8Array, archive: LawArchive): string {
  for (const { text } of files) archive.keep(utf8(text));
  return archive.keep(manifest);
}

/** A workspace's law as it stands in its files and settings, beside what was entered. */
export type Standing = {
  readonly entered: EnteredLaw;
  readonly history: LawHistory;
  readonly working: readonly SourceFile[];
  readonly settings: LawSettings;
};

/**
 * The law that counts: as entered, whatever the files say. A file that is neither what was entered nor what is proposed is
 * refused: somebody changed the law, or means to, and nobody signed for it.
 */
export function countingFiles({ entered, history, working, settings }: Standing, archive: LawArchive): Checked<readonly SourceFile[]> {
  const manifest = archivedManifest(entered.change.after, archive);
  if (!manifest.ok) return manifest;
  const proposed = history.proposals.map(({ change }) => change);
  const isProposed = ({ path, found }: Departure): boolean => proposed.some(({ files }) => files?.[path] === (found ?? REMOVED));
  const altered = departures(manifest.value.files, digestsOf(working, sha256)).filter((one) => !isProposed(one));
  const said = sha256Hex(settingsBytes(settings));
  const problems = altered.map((one) => alteredFile(one));
  if (said !== entered.change.settings && !proposed.some((change) => change.settings === said))
    problems.push(alteredSettings(entered, said));
  return problems.length > 0 ? { ok: false, problems } : archivedFiles(entered.change.after, archive);
}

function alteredFile({ path, entered, found }: Departure): Problem {
  const at = { file: path };
  const enter = `enter the change with \`writ law enter law/${path}\``;
  if (entered === undefined) return problem("E_ALTERED_LAW", `this file was never entered; found ${found}`, { at, hint: `${enter}, or take it out` }); // prettier-ignore
  const hint = `${enter}, or put back what was entered: it is ledger/law/${entered}`;
  if (found === undefined) return problem("E_ALTERED_LAW", `this file is gone; entered was ${entered}`, { at, hint });
  return problem("E_ALTERED_LAW", `this is not the file that was entered: entered ${entered}, found ${found}`, { at, hint });
}

const alteredSettings = ({ change }: EnteredLaw, found: string): Problem =>
  problem("E_ALTERED_LAW", `signers, grades or waiting time are not those entered: entered ${change.settings}, found ${found}`, {
    at: { file: SETTINGS_FILE },
    hint: "enter them with `writ law enter --settings`, or put them back",
  });
