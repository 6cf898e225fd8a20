import { join } from "node:path";
import { utf8, utf8Text } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import type { Vocabulary } from "../core/law/vocabulary.ts";
import { facetLeaves } from "../core/catalog/row-class.ts";
import { writeBytes } from "../core/intake/row-buffer.ts";
import { madeRule } from "../core/intake/record-rule.ts";
import { SegmentRows, type WritePersonKey } from "../core/intake/segment-rows.ts";
import { parseAidCodes } from "../core/sidecar/aid-codes.ts";
import { parseHandles } from "../core/sidecar/handles.ts";
import type { AidCodeManifest, HandleManifest, SidecarManifest, StatusManifest } from "../core/sidecar/sidecar-manifest.ts";
import { sidecarManifestText } from "../core/sidecar/sidecar-manifest.ts";
import type { SidecarSource } from "../core/sidecar/sidecar-signature.ts";
import { sidecarSigners } from "../core/sidecar/sidecar-signature.ts";
import type { Note, ProofCrypto } from "../core/ledger/note.ts";
import type { SidecarWords } from "../core/sidecar/status-source.ts";
import { parseStatusSource } from "../core/sidecar/status-source.ts";
import type { DataKey, DataVault } from "./ports/data-vault.ts";
import type { DatasetStore, IntakeStage } from "./ports/dataset-store.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";
import type { PersonKeys } from "./ports/person-keys.ts";
import type { SidecarStore, StoredSidecar } from "./ports/sidecar-store.ts";
import { committed } from "./stored-files.ts";
import { sha256Hex } from "./sha256.ts";

export type SidecarPorts = {
  readonly store: Pick<DatasetStore, "stage">;
  readonly sidecars: SidecarStore;
  readonly keys: PersonKeys;
  readonly vault: DataVault;
  readonly vocabulary: Vocabulary;
  /** Who signs sidecars, and what their signatures are checked with. */
  readonly sources: readonly SidecarSource[];
  readonly crypto: ProofCrypto;
  now(): string;
};

/** The file as it came, beside its manifest: as it is where it names nobody. */
const SIDECAR_SOURCE = "source.csv";
const ENCRYPTED_SOURCE = "source.csv.encrypted";

/** A sidecar is read whole, so that all its problems are told at once. */
const MOST_BYTES = 1 << 29;

/** Stores the findings of one status source under a name that requests use. A name once given keeps its findings. */
export async function takeStatusSource(
  file: IncomingFile,
  { name, asserter }: { readonly name: string; readonly asserter: string },
  ports: SidecarPorts,
  note?: Note,
): Promise<Checked<StoredSidecar<StatusManifest>>> {
  if (!/^[a-z0-9][a-z0-9-]*@\d{4}-(0[1-9]|1[0-2])$/.test(name)) {
    return fail(problem("E_USAGE", `"${name}" is no name of a status source`, { hint: "write NAME@YYYY-MM, such as dhs-status@2025-12" }));
  }
  if (!ports.vocabulary.parties.some(({ id }) => id === asserter)) {
    return fail(
      problem("E_WORD", `the asserter "${asserter}" is no known party`, { hint: "parties are listed in law/vocabulary/parties.yaml" }),
    );
  }
  const source = await readSource(file, ports);
  if (!source.ok) return source;
  const findings = parseStatusSource(file.name, source.value.text, wordsOf(ports.vocabulary));
  if (!findings.ok) return findings;
  const named = source.value.stored.some(({ manifest }) => manifest.format === "writ-status/2" && manifest.name === name);
  if (named) {
    const hint = "give the new findings a name of their own; requests then say which they rest on";
    return fail(problem("E_DUPLICATE", `the name ${name} has its findings already`, { at: { file: file.name }, hint }));
  }
  const rows = findings.value.map((one) => [
    one.population,
    one.source,
    one.observed,
    one.validUntil ?? "",
    one.documentSha256,
    `${one.state}|${one.msisId}`,
  ]);
  const signed = signaturesOf(file.name, source.value, [asserter], note, ports);
  if (!signed.ok) return signed;
  const common = { ...commonOf(source.value, "writ-status/2", rows.length, ports), ...signed.value };
  return keep(ports, source.value, { segment: "status", columns: STATUS_COLUMNS, rows }, (file): StatusManifest => ({
    ...common,
    name,
    asserter,
    ...file,
  }));
}

const STATUS_COLUMNS: Table["columns"] = [
  { name: "population", type: "text" },
  { name: "source", type: "text" },
  { name: "observed", type: "date" },
  { name: "valid_until", type: "date" },
  { name: "doc_sha256", type: "text" },
];

/** Stores a map from aid codes to who pays. A later map of the same state takes the place of an earlier one. */
export async function takeAidCodes(file: IncomingFile, ports: SidecarPorts, note?: Note): Promise<Checked<StoredSidecar<AidCodeManifest>>> {
  const source = await readSource(file, ports);
  if (!source.ok) return source;
  const codes = parseAidCodes(file.name, source.value.text, wordsOf(ports.vocabulary));
  if (!codes.ok) return codes;
  const states = [...new Set(codes.value.map(({ state }) => state))].sort();
  const signed = signaturesOf(file.name, source.value, states, note, ports);
  if (!signed.ok) return signed;
  const common = { ...commonOf(source.value, "writ-aid-codes/1", codes.value.length, ports), ...signed.value };
  const stage = ports.store.stage();
  try {
    const manifest: AidCodeManifest = { ...common, states };
    stage.keepSource(SIDECAR_SOURCE, source.value.bytes);
    return pass({ ...stage.commit(sidecarManifestText(manifest), "evidence"), manifest });
  } finally {
    stage.discard();
  }
}

/** Stores the handles a state gives its people. */
export async function takeHandles(
  file: IncomingFile,
  origin: string,
  ports: SidecarPorts,
  note?: Note,
): Promise<Checked<StoredSidecar<HandleManifest>>> {
  const source = await readSource(file, ports);
  if (!source.ok) return source;
  const handles = parseHandles(file.name, source.value.text);
  if (!handles.ok) return handles;
  const rows = handles.value.map(({ msisId, handle }) => [handle, `${origin}|${msisId}`]);
  const signed = signaturesOf(file.name, source.value, [origin], note, ports);
  if (!signed.ok) return signed;
  const common = { ...commonOf(source.value, "writ-handles/2", rows.length, ports), ...signed.value };
  const table = { segment: "handles", columns: [{ name: "handle", type: "text" }] as const, rows };
  return keep(ports, source.value, table, (file): HandleManifest => ({ ...common, origin, ...file }));
}

type Source = { readonly text: string; readonly bytes: Uint8Array; readonly sha256: string; readonly stored: readonly StoredSidecar[] };

async function readSource(file: IncomingFile, ports: SidecarPorts): Promise<Checked<Source>> {
  const at = { file: file.name };
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of file.chunks()) {
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_BYTES) return fail(problem("E_SHAPE", "a sidecar of this size is not read", { at, hint: "split it by state" }));
    chunks.push(chunk.slice());
  }
  const bytes = Buffer.concat(chunks);
  const sha256 = sha256Hex(bytes);
  const stored = ports.sidecars.list();
  if (!stored.ok) return stored;
  const twin = stored.value.find(({ manifest }) => manifest.sourceSha256 === sha256);
  if (twin !== undefined)
    return fail(
      problem("E_DUPLICATE", `this very file was taken in already, on ${twin.manifest.taken}`, { at, hint: "nothing is left to do" }),
    );
  try {
    return pass({ text: utf8Text(bytes), bytes, sha256, stored: stored.value });
  } catch {
    return fail(problem("E_SHAPE", "the file is not UTF-8 text", { at, hint: "save it as UTF-8" }));
  }
}

function signaturesOf(
  file: string,
  { sha256 }: Source,
  speaksFor: readonly string[],
  note: Note | undefined,
  { sources, crypto }: SidecarPorts,
): Checked<Pick<SidecarManifest, "signedBy">> {
  const signed = sidecarSigners({ file, sha256, speaksFor, ...(note === undefined ? {} : { note }) }, sources, crypto);
  return signed.ok ? pass(signed.value.length === 0 ? {} : { signedBy: signed.value }) : signed;
}

/** The words that sidecars may use. */
export const wordsOf = (vocabulary: Vocabulary): SidecarWords => {
  const { population, funding } = facetLeaves(vocabulary);
  return { states: vocabulary.jurisdictions.map(({ id }) => id).filter((id) => id !== "none"), populations: population, funding };
};

function commonOf<F extends SidecarManifest["format"]>(source: Source, format: F, rows: number, ports: SidecarPorts) {
  const sequence = source.stored.filter(({ manifest }) => manifest.format === format).length + 1;
  return { format, rows, sourceSha256: source.sha256, sequence, taken: ports.now() } as const;
}

/** Behind the values of a row stands whom it is about: the state, a bar, and the person's id there. */
type Table = {
  readonly segment: string;
  readonly columns: readonly { readonly name: string; readonly type: "text" | "date" }[];
  readonly rows: readonly (readonly string[])[];
};

/** Writes source, table and manifest, and moves them into the store at once. The source names people as the table does. */
async function keep<M extends StatusManifest | HandleManifest>(
  ports: SidecarPorts,
  source: Source,
  table: Table,
  manifestOf: (file: Pick<M, "sha256" | "keyId">) => M,
): Promise<Checked<StoredSidecar<M>>> {
  const stage = ports.store.stage();
  const { vault } = ports;
  const key = vault.keys.draw();
  try {
    stage.keepSource(ENCRYPTED_SOURCE, vault.encryptWhole(key, ENCRYPTED_SOURCE, source.bytes));
    const manifest = manifestOf({ sha256: writeTable(stage, table, key, ports), keyId: key.id });
    return pass({ ...committed(stage, sidecarManifestText(manifest), "evidence", key, vault.keys), manifest });
  } finally {
    stage.discard();
  }
}

function writeTable(stage: IntakeStage, { segment, columns, rows }: Table, key: DataKey, { vault, keys }: SidecarPorts): string {
  const name = `${segment}.parquet`;
  const made = new SegmentRows(madeRule({ id: segment, name: "", elements: [], key: [], special: "none" }, columns), namedKey(keys));
  const file = vault.openTable({ key, name, path: join(stage.folder, name) }, made.columns);
  try {
    for (const row of rows) putTexts(made, row);
    if (rows.length > 0) file.group(rows.length, made.takeGroup());
    return file.finish().sha256;
  } finally {
    file.discard();
  }
}

function putTexts(made: SegmentRows, row: readonly string[]): void {
  const cells = row.map(utf8);
  const stops = Int32Array.from(cells, ({ length }) => length);
  for (let at = 1; at < stops.length; at += 1) stops[at] = (stops[at] ?? 0) + (stops[at - 1] ?? 0);
  const cut = { starts: Int32Array.of(0, ...stops.subarray(0, -1)), stops };
  // WHY a bug: sidecars are checked before they come here.
  if (made.offer(Buffer.concat(cells), cut).length > 0) throw new RangeError("a sidecar's value that no column holds");
  made.keep();
}

/** WHY the state before the id: one file names people of many. */
function namedKey(keys: PersonKeys): WritePersonKey {
  return (bytes, from, to, out) => {
    const bar = bytes.indexOf(BAR, from);
    const key = keys.keyOf(utf8Text(bytes.subarray(from, bar)), bytes, bar + 1, to);
    writeBytes(out, key, 0, key.length);
  };
}

const BAR = 0x7c;
