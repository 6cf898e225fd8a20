import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, it } from "vitest";
import type { ExtractedSegment } from "../src/app/ports/engine.ts";
import type { SealedForm, SealingSession } from "../src/app/ports/sealer.ts";
import { literal } from "../src/core/extract/duckdb-printer.ts";
import type { ExtractSpec } from "../src/core/extract/spec.ts";
import { duckdbExtract } from "../src/engine/duckdb-extract.ts";
import { pseudonymCipher, pseudonymOf } from "../src/engine/duckdb-pseudonym.ts";
import { newSealedHeader } from "../src/vault/age-header.ts";
import { ageSealer } from "../src/vault/sealing.ts";
import { DATASETS, fixtureSpec, HOSTILE, makeDatasets, PLAIN_NAME, scratch, SEGMENT, sql } from "./extract-fixture.ts";

const PEOPLE = 4000;
const KEY = new Uint8Array(32).fill(7);
const datasetsFolder = scratch();
beforeAll(() => makeDatasets(datasetsFolder, PEOPLE));

type Sealed = { readonly folder: string; readonly identity: string; readonly session: SealingSession };

async function openSession(form: SealedForm = "parquet"): Promise<Sealed> {
  const folder = scratch();
  const identity = await generateX25519Identity();
  const { header, fileKey } = await newSealedHeader(await identityToRecipient(identity));
  const session = await ageSealer.open(folder, [{ name: `${SEGMENT}.${form}.age`, header, fileKey }], form);
  return { folder, identity, session };
}

async function extracted(
  spec: ExtractSpec,
  form: SealedForm = "parquet",
): Promise<Sealed & { readonly segments: readonly ExtractedSegment[] }> {
  const sealed = await openSession(form);
  const counts = await duckdbExtract.count(spec, datasetsFolder);
  const segments = await duckdbExtract.extract(spec, sealed.session, { datasetsFolder, pseudonymKey: KEY, form, counts });
  return { ...sealed, segments };
}

async function opened({ folder, identity, segments }: Awaited<ReturnType<typeof extracted>>): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(readFileSync(join(folder, segments[0]?.name ?? "")));
}

async function rowsOf(parquet: Uint8Array): Promise<readonly (readonly unknown[])[]> {
  const file = join(scratch(), "opened.parquet");
  writeFileSync(file, parquet);
  return sql((run) => run(`SELECT * FROM read_parquet(${literal(file)})`));
}

describe("a sealed extract", () => {
  it("holds exactly what the verdict says, and opens with any age", async () => {
    const result = await extracted(fixtureSpec(PEOPLE));
    const parquet = await opened(result);
    const rows = await rowsOf(parquet);
    const segment = result.segments[0];
    // People of class 0 or 1 whose span is open: i % 4 < 2 and i % 10 ≠ 9.
    const each = Array.from({ length: PEOPLE }, (_, i) => i).filter((i) => i % 4 < 2 && i % 10 !== 9);
    expect(rows.length).toBe(2 * each.length);
    expect(segment?.rows).toBe(rows.length);
    expect(segment?.classes.map(({ classId, rows }) => [classId, rows])).toEqual([
      [0, 1000],
      [1, 800],
      [0, 1000],
      [1, 800],
    ]);
    const expected = DATASETS.flatMap((_, at) =>
      each
        .map((i) => {
          const text = createHash("md5").update(`${at}-${i}`).digest("hex");
          const birth = new Date(Date.UTC(1950, 0, 1 + i)).toISOString().slice(0, 10);
          const zip = String(90_000 + (i % 900));
          const decade = Math.floor((i % 90) / 10) * 10;
          const shown =
            i % 4 === 0
              ? [`${PLAIN_NAME}-${i % 50}`, birth, zip, `${decade}-${decade + 9}`, `h${i}`]
              : [null, birth.slice(0, 4), zip.startsWith("903") ? "000" : zip.slice(0, 3), null, null];
          return [pseudonymOf(pseudonymCipher(KEY), text), ...shown];
        })
        .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    );
    expect(rows).toEqual(expected);
    expect(createHash("sha256").update(parquet).digest("hex")).toBe(segment?.plaintextSha256);
    const sealed = readFileSync(join(result.folder, segment?.name ?? ""));
    expect(createHash("sha256").update(sealed).digest("hex")).toBe(segment?.sha256);
    expect(sealed.length).toBe(segment?.sizeBytes);
    expect(readdirSync(result.folder)).toEqual([`${SEGMENT}.parquet.age`]);
  });

  it("is one CSV with one header when asked", async () => {
    const text = new TextDecoder().decode(await opened(await extracted(fixtureSpec(PEOPLE), "csv")));
    const lines = text.trimEnd().split("\n");
    expect(lines.length).toBe(1 + 3600);
    expect(lines.filter((line) => line.startsWith("person_pseudonym"))).toEqual([
      `person_pseudonym,FIRST-NAME,DATE-OF-BIRTH,ZIP,AGE,"${HOSTILE.replaceAll('"', '""')}"`,
    ]);
  });

  it("is checked on every class before it may run", async () => {
    expect(await duckdbExtract.check(fixtureSpec(PEOPLE))).toMatchObject({ ok: true });
  });
});
