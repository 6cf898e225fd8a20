import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { archivedFiles, countingFiles, readLawHistory } from "../app/entered-law.ts";
import type { LawArchive } from "../app/ports/law-archive.ts";
import type { LogSigner } from "../app/ports/ledger.ts";
import type { Workspace } from "../app/workspace.ts";
import { lawSettingsOf } from "../app/workspace.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { EnteredLaw, LawHistory } from "../core/entry/history.ts";
import { enteredAt } from "../core/entry/history.ts";
import { parseNoteFile } from "../core/entry/statement.ts";
import type { SourceFile } from "../core/law/source.ts";
import type { Note } from "../core/ledger/note.ts";
import { lawArchive } from "../store/law-archive.ts";
import { lawFilesOnDisk } from "../store/law-files.ts";
import { proofCrypto, sha256 } from "../vault/node-crypto.ts";
import { signerFrom } from "../vault/signer-key.ts";
import { value } from "./value.ts";
import { openLedgerReader, VKEY_FILE } from "./ledger-reading.ts";

/** What a workspace's ledger says of its law. */
export type EntryRoom = { readonly history: LawHistory; readonly archive: LawArchive };

export const archiveOf = ({ paths }: Workspace): LawArchive => lawArchive(join(paths.ledger, "law"), sha256);

/** Plans as they were recorded, by their digests; private, like the plans themselves. */
export const plansOf = ({ paths }: Workspace): LawArchive => lawArchive(paths.plans, sha256);

/** Reads, and verifies, the entries of law in a workspace's ledger; none where there is no ledger yet. */
export async function openEntryRoom(workspace: Workspace): Promise<EntryRoom> {
  const archive = archiveOf(workspace);
  // WHY either: a ledger whose key file was taken away is no workspace without one.
  const hasLedger = [VKEY_FILE, "checkpoint"].some((name) => existsSync(join(workspace.paths.ledger, name)));
  if (!hasLedger) return { history: { entries: [], proposals: [] }, archive };
  const history = value(await readLawHistory({ ledger: openLedgerReader(workspace), archive, crypto: proofCrypto }));
  refuseSimulated(history.entries, workspace);
  return { history, archive };
}

/** INVARIANT: what was entered in practice, where a clock says what it is told, counts nowhere else. */
function refuseSimulated(entries: readonly EnteredLaw[], { clock }: Workspace): void {
  const practised = entries.find(({ simulated }) => simulated);
  if (clock.simulated || practised === undefined) return;
  const hint = "a practice workspace stays one; make another with `writ init`";
  throw new ProblemError(problem("E_UNENTERED", `entry ${practised.index} entered law under a simulated clock`, { hint }));
}

/** The law of a workspace as it counts, or as it was known at an instant. */
export type CountingLaw = { readonly files: readonly SourceFile[]; readonly entered: EnteredLaw };

/**
 * The law as entered in a workspace; undefined where none is. With `known`, as entered by then: whatever was entered later,
 * for whatever day, was not known.
 */
export async function lawThatCounts(workspace: Workspace, known?: string): Promise<CountingLaw | undefined> {
  const { history, archive } = await openEntryRoom(workspace);
  const last = history.entries.at(-1);
  if (last === undefined) return undefined;
  const settings = lawSettingsOf(workspace);
  const working = await lawFilesOnDisk.read(workspace.paths.law);
  if (known === undefined) return { files: value(countingFiles({ entered: last, history, working, settings }, archive)), entered: last };
  const entered = enteredAt(history.entries, known);
  if (entered !== undefined) return { files: value(archivedFiles(entered.change.after, archive)), entered };
  const hint = `the first entry is of ${history.entries[0]?.time ?? "no day"}`;
  throw new ProblemError(problem("E_DATE", "no law was entered here by then, so none was known", { hint }));
}

/** The text of a review beside the law, or undefined. */
export function reviewNote(lawFolder: string, path: string): string | undefined {
  const file = join(lawFolder, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** A note with signatures made elsewhere. */
export function noteIn(file: string): Note {
  if (existsSync(file)) return value(parseNoteFile(file, readFileSync(file, "utf8")));
  throw new ProblemError(problem("E_IO", "the note cannot be read", { at: { file } }));
}

/** Signing keys from files, or `-` for stdin. No secret is ever an argument. */
export const signersIn = (files: readonly string[]): readonly LogSigner[] => files.map((file) => signerFrom(readSecret(file), file));

function readSecret(file: string): Uint8Array {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch {
    throw new ProblemError(problem("E_KEY", "the signing key cannot be read", { at: { file } }));
  }
}

/** Every value of an option that may repeat. */
export const repeated = (found: string | boolean | readonly string[] | undefined): readonly string[] =>
  typeof found === "string" ? [found] : Array.isArray(found) ? (found as readonly string[]) : [];
