/** One side of the release benchmark in a process of its own: SIDE DATASETS OUT PEOPLE COUNTS-FILE. */
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SegmentCount } from "../src/app/ports/engine.ts";
import { sealedName } from "../src/app/ports/engine.ts";
import { hex } from "../src/core/base/bytes.ts";
import { PEOPLE_TABLE, peopleQuery, segmentQuery } from "../src/core/extract/compile.ts";
import { literal, printSelect } from "../src/core/extract/duckdb-printer.ts";
import { bandOf } from "../src/core/ledger/band.ts";
import { noteKey } from "../src/core/ledger/note.ts";
import { duckdbExtract } from "../src/engine/duckdb-extract.ts";
import { type Duckdb, openDuckdb } from "../src/engine/duckdb.ts";
import { ledgerFolder } from "../src/store/ledger-folder.ts";
import { newSealedHeader } from "../src/vault/age-header.ts";
import { ed25519Pair, proofCrypto, sha256 } from "../src/vault/node-crypto.ts";
import { newKeyPair } from "../src/vault/recipient-key.ts";
import { ageSealer } from "../src/vault/sealing.ts";
import { runSide } from "./measured.ts";
import { benchSpec, handWritten } from "./release-extract.ts";
import { SEGMENTS, STATES, storedIn } from "./release-population.ts";

type Figures = Readonly<Record<string, number>>;

const [side = "", datasetsFolder = "", out = "", peopleText = "0", countsFile = ""] = process.argv.slice(2);
const people = Number(peopleText);
const PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false";

async function copyAll(query: (engine: Duckdb, state: number, segment: (typeof SEGMENTS)[number]) => Promise<string>): Promise<Figures> {
  const engine = await openDuckdb({ folders: [datasetsFolder, out] });
  let [rows, bytes] = [0, 0];
  for (let state = 0; state < STATES; state += 1) {
    for (const segment of SEGMENTS) {
      const file = join(out, `${segment}.${state}.parquet`);
      rows += await engine.run(`COPY (${await query(engine, state, segment)}) TO ${literal(file)} (${PARQUET})`);
      bytes += statSync(file).size;
    }
  }
  engine.close();
  return { rows, bytes };
}

/** The policy as writ prints it, without pseudonyms, sorting or sealing. */
async function compiled(): Promise<Figures> {
  const spec = benchSpec(people, false);
  const locate = (dataset: string, file: string): { path: string } => ({ path: join(datasetsFolder, dataset, file) });
  return copyAll(async (engine, state, segment) => {
    const dataset = spec.datasets[state];
    const part = spec.segments.find((candidate) => candidate.segment === segment);
    const source = part?.sources[state];
    const query = part === undefined || source === undefined ? undefined : segmentQuery(spec, part, source);
    if (dataset === undefined || query === undefined) throw new Error("no such part");
    if (segment === SEGMENTS[0]) {
      const text = printSelect(peopleQuery(spec, dataset, { index: 0, of: 1 }), locate);
      await engine.run(`CREATE OR REPLACE TEMP TABLE ${PEOPLE_TABLE} AS ${text}`);
    }
    return printSelect(query, locate);
  });
}

/** What `writ release` does to the data: check, extract under pseudonyms, seal, fsync, log the intent. */
async function release(): Promise<Figures> {
  const spec = benchSpec(people, true);
  const checked = await duckdbExtract.check(spec);
  if (!checked.ok) throw new Error("the check failed");
  const { recipient } = await newKeyPair();
  const files = await Promise.all(
    SEGMENTS.map(async (segment) => ({ name: sealedName(segment, "parquet"), ...(await newSealedHeader(recipient)) })),
  );
  const session = await ageSealer.open(out, files, "parquet");
  const counts = JSON.parse(readFileSync(countsFile, "utf8")) as readonly SegmentCount[];
  const segments = await duckdbExtract.extract(spec, session, {
    stored: storedIn(datasetsFolder),
    pseudonymKey: randomBytes(32),
    form: "parquet",
    counts,
  });
  await logIntent();
  return {
    rows: segments.reduce((sum, { rows }) => sum + rows, 0),
    bytes: segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

async function logIntent(): Promise<void> {
  const pair = ed25519Pair(randomBytes(32));
  const signer = { key: noteKey(sha256, "bench.invalid/log", pair.publicKey), sign: pair.sign };
  const ledger = ledgerFolder({ folder: join(out, "ledger"), stateFolder: join(out, "state") }, signer, { crypto: proofCrypto });
  const digest = hex(randomBytes(32));
  const head = {
    type: "writ-leaf/1",
    id: hex(randomBytes(16)),
    time: "2026-11-24T12:00:00Z",
    simulated: true,
    custodian: "hhs-cms",
  } as const;
  const asked = { recipient: "hhs-oig", purpose: "oversight", action: "disclose", dataset: "tmsis/eligible@2025-12", fields: ["name"] };
  const body = {
    releaseId: hex(randomBytes(16)),
    recipientKeyId: digest,
    planDigest: digest,
    payloadDigest: digest,
    datasetDigests: [digest],
  };
  await ledger.append([
    { ...head, kind: "intent", ...asked, ...body, sourceDigest: digest, lawHash: digest, people: { CA: bandOf(people) } },
  ]);
}

/** Sealing alone, of bytes already in memory. */
async function seal(): Promise<Figures> {
  const { SealedWriter } = await import("../src/vault/sealed-writer.ts");
  const { recipient } = await newKeyPair();
  const writer = new SealedWriter(out, { name: "sealed", ...(await newSealedHeader(recipient)) }, "csv");
  const block = randomBytes(65_536);
  for (let at = 0; at < 8192; at += 1) writer.feed(block);
  return { rows: 0, bytes: writer.finish().plaintextSizeBytes };
}

const SIDES: Readonly<Record<string, () => Promise<Figures>>> = {
  plain: async () => copyAll(async (_, state, segment) => handWritten(datasetsFolder, state, segment, { sorted: true })),
  release,
  hand: async () => copyAll(async (_, state, segment) => handWritten(datasetsFolder, state, segment, { sorted: false })),
  compiled,
  seal,
};

if (side === "count") {
  writeFileSync(countsFile, JSON.stringify(await duckdbExtract.count(benchSpec(people, true), storedIn(datasetsFolder))));
} else {
  await runSide(SIDES, side, out);
}
