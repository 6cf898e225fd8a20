import { signatureBy } from "./signature.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { dayOfInstant } from "../core/base/civil-date.ts";
import { nearestHint } from "../core/base/nearest.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { EnteredLaw, LawHistory, Proposal } from "../core/entry/history.ts";
import { sameChange } from "../core/entry/history.ts";
import { departures, digestsOf } from "../core/entry/manifest.ts";
import type { LawSettings } from "../core/entry/settings.ts";
import { settingsBytes } from "../core/entry/settings.ts";
import { lacking, signersOf, waitsUntil } from "../core/entry/signing.ts";
import { entryStatement, signatureLines, signedStatement } from "../core/entry/statement.ts";
import type { LawDifference, WhatChanges } from "../core/entry/what-changes.ts";
import type { Judge } from "../core/law/judge.ts";
import type { Law } from "../core/law/law.ts";
import { lawManifest } from "../core/law/law.ts";
import { loadLaw } from "../core/law/load.ts";
import type { SourceFile } from "../core/law/source.ts";
import type { LawChange } from "../core/ledger/law-change.ts";
import { REMOVED } from "../core/ledger/law-change.ts";
import type { Note, ProofCrypto } from "../core/ledger/note.ts";
import { checkTables } from "../core/verdict/table-check.ts";
import { archivedFiles, keepLaw } from "./entered-law.ts";
import type { LawArchive } from "./ports/law-archive.ts";
import type { LogSigner, Recorder } from "./ports/ledger.ts";
import { sha256, sha256Hex } from "./sha256.ts";
import type { Workspace } from "./workspace.ts";
import { lawSettingsOf, SETTINGS_FILE } from "./workspace.ts";

export type EnterPorts = {
  readonly workspace: Workspace;
  /** The name the log signs under. */
  readonly origin: string;
  readonly history: LawHistory;
  /** The law's files as they stand in the workspace. */
  readonly working: readonly SourceFile[];
  readonly archive: LawArchive;
  readonly judge: Judge;
  readonly record: Recorder;
  readonly crypto: ProofCrypto;
  readonly whatChanges: WhatChanges;
};

/** What somebody wants entered. */
export type EntryWish = {
  /** Paths below the law folder; `all` is every file that differs, and the settings. */
  readonly paths: readonly string[] | "all";
  readonly withSettings: boolean;
  /** Digest of a court order that directs the change. */
  readonly order?: string;
  readonly keys: readonly LogSigner[];
  /** A note with signatures made elsewhere. */
  readonly note?: Note;
};

/** What came of it. Only `entered` changed the law. */
export type Entry = {
  readonly change: LawChange;
  /** The statement, and the signature lines under it so far. */
  readonly statement: string;
  readonly signatures: readonly string[];
  readonly signedBy: readonly string[];
} & (
  | { readonly state: "entered"; readonly index: number }
  | { readonly state: "waits"; readonly until: string; readonly proposedIndex: number; readonly missing: readonly Problem[] }
  | { readonly state: "unsigned"; readonly missing: readonly Problem[] }
);

/** Enters a change of the law, or proposes it where it must wait, or says which signatures it lacks. */
export async function enterLaw(wish: EntryWish, ports: EnterPorts): Promise<Checked<Entry>> {
  const last = ports.history.entries.at(-1);
  if (last !== undefined && last.simulated !== ports.workspace.clock.simulated) return fail(otherClock(last));
  const drafted = draft(wish, ports);
  if (!drafted.ok) return drafted;
  const { files, settings } = drafted.value;
  const rules = last?.settings ?? settings;
  const proposal = proposalOf(drafted.value.change, ports);
  const change = proposal?.change ?? drafted.value.change;
  const statement = entryStatement(ports.origin, change);
  const gathered = gather(statement, wish, proposal);
  if (!gathered.ok) return gathered;
  const signed = signersOf(gathered.value, rules.signers, ports.crypto);
  if (!signed.ok) return signed;
  const missing = lacking(change, signed.value);
  const signatures = signatureLines(gathered.value);
  const entry = { change, statement, signatures, signedBy: signed.value.map(({ name }) => name) };
  if (!signed.value.some(({ role }) => role === "counsel")) return pass({ ...entry, state: "unsigned", missing });
  // INVARIANT: everything an entry names is durable before the entry is.
  keepLaw(files, lawManifest(files, ports.judge.version, sha256), ports.archive);
  ports.archive.keep(settingsBytes(settings));
  const mustWait = change.effect === "opens" && change.order === undefined && rules.waitingDays > 0;
  if (mustWait) {
    const waiting = proposal ?? (await propose(change, signatures, ports));
    const until = waitsUntil(waiting.time, rules.waitingDays);
    if (missing.length > 0 || ports.workspace.clock.now() < until)
      return pass({ ...entry, state: "waits", until, proposedIndex: waiting.index, missing });
    const { index } = await ports.record("law", { ...change, signatures, proposedIndex: waiting.index });
    return pass({ ...entry, state: "entered", index });
  }
  if (missing.length > 0) return pass({ ...entry, state: "unsigned", missing });
  const { index } = await ports.record("law", { ...change, signatures });
  return pass({ ...entry, state: "entered", index });
}

/** INVARIANT: no entry is made that reading the log back would refuse. */
const otherClock = ({ index, simulated }: EnteredLaw): Problem =>
  problem("E_WORKSPACE", `entry ${index} entered law under a ${simulated ? "simulated" : "real"} clock, and this one is not`, {
    at: { file: SETTINGS_FILE },
    hint: "a practice workspace stays one, and no other becomes one",
  });

/**
 * The proposal of the same step, which says at least what is said of it now.
 * WHY not the same: days that went by since are compared no more, so what it opened on them is not said again.
 */
function proposalOf(change: LawChange, { history, workspace }: EnterPorts): Proposal | undefined {
  if (change.effect !== "opens") return undefined;
  const { summary, opensFor } = change;
  const covers = (one: LawChange): boolean =>
    sameChange({ ...one, summary, opensFor }, change) &&
    opensFor.every((state) => one.opensFor.includes(state)) &&
    summary.every((line) => one.summary.includes(line));
  return history.proposals.find((one) => one.simulated === workspace.clock.simulated && covers(one.change));
}

async function propose(
  change: LawChange,
  signatures: readonly string[],
  { record, workspace }: EnterPorts,
): Promise<Pick<Proposal, "index" | "time">> {
  const time = workspace.clock.now();
  const { index } = await record("law-proposed", { ...change, signatures });
  return { index, time };
}

/** Signatures from the wish's own keys, from a note made elsewhere and from the proposal, each once. */
function gather(statement: string, { keys, note }: EntryWish, proposal: Proposal | undefined): Checked<Note> {
  if (note !== undefined && note.text !== statement) {
    const hint = "the law, its settings or the files named are others now; have the present change signed: -o FILE";
    return fail(problem("E_SIGNER", "the note signs another change than this one", { hint }));
  }
  const made = keys.map((signer) => signatureBy(signer, statement));
  const before = signedStatement(statement, proposal?.signatures ?? []);
  if (!before.ok) return before;
  const all = [...before.value.signatures, ...(note?.signatures ?? []), ...made];
  const once = all.filter((one, at) => all.findIndex(({ name, keyId }) => name === one.name && keyId === one.keyId) === at);
  return pass({ text: statement, signatures: once });
}

type Draft = { readonly change: LawChange; readonly files: readonly SourceFile[]; readonly settings: LawSettings };

/** The change as it would be entered: what the law was, what it will be, and what that opens and closes. */
function draft(wish: EntryWish, ports: EnterPorts): Checked<Draft> {
  const { history, workspace, archive } = ports;
  const last = history.entries.at(-1);
  const before = last === undefined ? pass<readonly SourceFile[]>([]) : archivedFiles(last.change.after, archive);
  if (!before.ok) return before;
  const chosen = choose(wish, before.value, ports);
  if (!chosen.ok) return chosen;
  const files = put(before.value, ports.working, chosen.value);
  const own = lawSettingsOf(workspace);
  const settings = last === undefined || wish.withSettings || wish.paths === "all" ? own : last.settings;
  const changesSettings = last !== undefined && sha256Hex(settingsBytes(settings)) !== last.change.settings;
  if (last !== undefined && chosen.value.size === 0 && !changesSettings)
    return fail(problem("E_LAW", "nothing differs from what was entered", { hint: "edit the law first; `writ law check` tests it" }));
  const after = loadLaw(files, ports.judge, sha256);
  if (!after.ok) return after;
  const tables = checkTables(after.value).problems;
  if (tables.length > 0) return { ok: false, problems: tables };
  const compared = compare(before.value, after.value, last, ports);
  if (!compared.ok) return compared;
  return pass({ change: changeFrom({ wish, last, chosen: chosen.value, files, settings, after: after.value, compared: compared.value, changesSettings }), files, settings }); // prettier-ignore
}

/** The paths that change: those named, which must differ, or all that do. */
function choose(wish: EntryWish, before: readonly SourceFile[], { working, history }: EnterPorts): Checked<ReadonlySet<string>> {
  const differing = departures(digestsOf(before, sha256), digestsOf(working, sha256)).map(({ path }) => path);
  if (wish.paths === "all") return pass(new Set(differing));
  if (history.entries.length === 0) {
    const hint = "enter all of it first: `writ law enter --all`";
    return fail(problem("E_LAW", "no law is entered here yet", { hint }));
  }
  const idle = wish.paths.filter((path) => !differing.includes(path));
  if (idle.length === 0) return pass(new Set(wish.paths));
  return fail(
    ...idle.map((path) =>
      problem("E_LAW", "this file does not differ from what was entered", {
        at: { file: path },
        hint: differing.length === 0 ? "no file of the law does" : nearestHint(path, differing, "`writ law enter --all`"),
      }),
    ),
  );
}

const put = (before: readonly SourceFile[], working: readonly SourceFile[], chosen: ReadonlySet<string>): readonly SourceFile[] =>
  [...before.filter(({ path }) => !chosen.has(path)), ...working.filter(({ path }) => chosen.has(path))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );

function compare(
  before: readonly SourceFile[],
  after: Law,
  last: EnteredLaw | undefined,
  ports: EnterPorts,
): Checked<LawDifference | undefined> {
  if (last === undefined) return pass(undefined);
  const loaded = loadLaw(before, ports.judge, sha256);
  if (!loaded.ok) return loaded;
  const today = dayOfInstant(ports.workspace.clock.now());
  return pass(ports.whatChanges(loaded.value, after, today, last.settings.grades));
}

type ChangeParts = {
  readonly wish: EntryWish;
  readonly last: EnteredLaw | undefined;
  readonly chosen: ReadonlySet<string>;
  readonly files: readonly SourceFile[];
  readonly settings: LawSettings;
  readonly after: Law;
  readonly compared: LawDifference | undefined;
  readonly changesSettings: boolean;
};

const MAX_SUMMARY = 40;
const MAX_LINE = 200;

function changeFrom({ wish, last, chosen, files, settings, after, compared, changesSettings }: ChangeParts): LawChange {
  const digests = digestsOf(files, sha256);
  const touched = after.instruments.filter(({ path }) => chosen.has(path));
  const opens = compared?.opens === true || changesSettings;
  const effect = last === undefined ? "starts" : opens ? "opens" : compared?.closes === true ? "closes" : "neither";
  const lines = [...(changesSettings ? ["opens: signers, grades or waiting time are others"] : []), ...(compared?.summary ?? [])];
  const states = changesSettings ? after.vocabulary.jurisdictions.map(({ id }) => id).sort() : (compared?.opensFor ?? []);
  return {
    effect,
    ...(last === undefined ? {} : { previous: last.index, before: last.change.after }),
    after: after.sourceDigest,
    instruments: touched.map(({ id }) => id).sort(),
    ...(last === undefined ? {} : { files: Object.fromEntries([...chosen].map((path) => [path, digests[path] ?? REMOVED])) }),
    sources: [...new Set(touched.flatMap(({ sources }) => sources.flatMap((source) => source.sha256 ?? [])))].sort(),
    summary: last === undefined ? [`${after.instruments.length} instruments, ${after.rules.length} rules`] : shortened(lines),
    opensFor: states,
    settings: sha256Hex(settingsBytes(settings)),
    ...(wish.order === undefined ? {} : { order: wish.order }),
  };
}

const shortened = (lines: readonly string[]): readonly string[] => {
  const kept = lines.slice(0, MAX_SUMMARY).map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line));
  return lines.length > MAX_SUMMARY ? [...kept, `and ${lines.length - MAX_SUMMARY} more`] : kept;
};
