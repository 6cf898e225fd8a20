import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, it } from "vitest";
import type { ExtractedSegment, SegmentCount } from "../src/app/ports/engine.ts";
import type { SealedForm, SealingSession } from "../src/app/ports/sealer.ts";
import { ProblemError } from "../src/core/base/problem.ts";
import { literal } from "../src/core/extract/duckdb-printer.ts";
import type { ExtractSpec } from "../src/core/extract/spec.ts";
import { duckdbExtract } from "../src/engine/duckdb-extract.ts";
import { pseudonymCipher, pseudonymOf } from "../src/engine/duckdb-pseudonym.ts";
import { newSealedHeader } from "../src/vault/age-header.ts";
import { ageSealer } from "../src/vault/sealing.ts";
import { COLUMNS, DATASETS, fixtureSpec, HOSTILE, makeDatasets, PLAIN_NAME, scratch, SEGMENT, sql, storedIn } from "./extract-fixture.ts";

const PEOPLE = 4000;
const KEY = new Uint8Array(32).fill(7);
const stored = storedIn(scratch());
beforeAll(() => makeDatasets(stored.folder, PEOPLE));

type Sealed = { readonly folder: string; readonly identity: string; readonly session: SealingSession };

async function openSession(form: SealedForm = "parquet", segments: readonly string[] = [SEGMENT]): Promise<Sealed> {
  const folder = scratch();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const files = await Promise.all(segments.map(async (of) => ({ name: `${of}.${form}.age`, ...(await newSealedHeader(recipient)) })));
  return { folder, identity, session: await ageSealer.open(folder, files, form) };
}

async function extracted(
  spec: ExtractSpec,
  form: SealedForm = "parquet",
): Promise<Sealed & { readonly segments: readonly ExtractedSegment[] }> {
  const sealed = await openSession(
    form,
    spec.segments.map(({ segment }) => segment),
  );
  const counts = await duckdbExtract.count(spec, stored);
  const segments = await duckdbExtract.extract(spec, sealed.session, { stored, pseudonymKey: KEY, form, counts });
  return { ...sealed, segments };
}

async function opened({ folder, identity, segments }: Awaited<ReturnType<typeof extracted>>, at = 0): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(readFileSync(join(folder, segments[at]?.name ?? "")));
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

  it("of several segments, made at the same time, is file by file what each is alone", async () => {
    const alone = await rowsOf(await opened(await extracted(fixtureSpec(PEOPLE))));
    const together = await extracted(severalSegments(PEOPLE));
    expect(together.segments.map(({ name }) => name)).toEqual(SEVERAL.map((segment) => `${segment}.parquet.age`));
    for (const at of SEVERAL.keys()) expect(await rowsOf(await opened(together, at))).toEqual(alone);
  });

  it("is checked on every class before it may run", async () => {
    expect(await duckdbExtract.check(fixtureSpec(PEOPLE))).toMatchObject({ ok: true });
  });
});

const SEVERAL = ["A", "B", "C", "D", "E"];

/** The same rows five times over, as segments of their own. */
function severalSegments(people: number): ExtractSpec {
  const spec = fixtureSpec(people);
  return { ...spec, segments: SEVERAL.flatMap((segment) => spec.segments.map((of) => ({ ...of, segment }))) };
}

/** Regular files under the folders that hold a text. What vanishes while it is looked at held nothing long enough to matter later. */
function filesHolding(text: string, ...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    try {
      const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
      return files.map(({ name }) => join(folder, name)).filter((file) => readFileSync(file).includes(text));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  });
}

const noCounts: readonly SegmentCount[] = [
  { segment: SEGMENT, rows: 1, classes: [{ dataset: DATASETS[0] ?? "", classId: 0, rows: 1, people: 1 }] },
];

describe("what an extract leaves behind", () => {
  it("is never plaintext, at any moment", async () => {
    const spec = fixtureSpec(PEOPLE);
    const { folder, session } = await openSession("csv");
    const counts = await duckdbExtract.count(spec, stored);
    let looks = 0;
    const found = new Set<string>();
    const look = setInterval(() => {
      looks += 1;
      for (const file of filesHolding(PLAIN_NAME, folder, session.pipeFolder)) found.add(file);
    }, 1);
    await duckdbExtract.extract(spec, session, { stored, pseudonymKey: KEY, form: "csv", counts });
    clearInterval(look);
    expect(looks).toBeGreaterThan(0);
    expect([...found, ...filesHolding(PLAIN_NAME, folder)]).toEqual([]);
    expect(existsSync(session.pipeFolder)).toBe(false);
  });

  it("opens for nobody while it is unfinished, though the key is known", async () => {
    const { folder, identity, session } = await openSession("csv");
    const { path, taken } = session.part(`${SEGMENT}.csv.age`);
    await writeFile(path, `${PLAIN_NAME}\n`.repeat(100_000));
    await taken;
    const [left = ""] = readdirSync(folder);
    expect(left).toMatch(/^\.ELG00002\.csv\.age\.tmp-[0-9a-f]{12}$/);
    const bytes = readFileSync(join(folder, left));
    expect(bytes.length).toBeGreaterThan(1_000_000);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    await expect(decrypter.decrypt(bytes)).rejects.toThrow();
    expect(bytes.subarray(0, 100).every((byte) => byte === 0)).toBe(true);
    await session.abort();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is nothing when the rows are not those that were counted", async () => {
    const { folder, session } = await openSession();
    const run = duckdbExtract.extract(fixtureSpec(PEOPLE), session, {
      stored,
      pseudonymKey: KEY,
      form: "parquet",
      counts: noCounts,
    });
    await expect(run).rejects.toMatchObject({ problems: [{ code: "E_CHECK" }] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is nothing when the spec is unsound, and no thread stays", async () => {
    const { folder, session } = await openSession();
    const spec = fixtureSpec(PEOPLE, { columns: [...COLUMNS, ...COLUMNS.slice(0, 1)] });
    const run = duckdbExtract.extract(spec, session, { stored, pseudonymKey: KEY, form: "parquet", counts: noCounts });
    await expect(run).rejects.toMatchObject({ problems: [{ code: "E_REQUEST" }] });
    expect([readdirSync(folder), existsSync(session.pipeFolder)]).toEqual([[], false]);
  });

  it("is nothing when it is interrupted, before or during a statement", async () => {
    for (const waitMs of [undefined, 0, 5, 20]) {
      const { folder, session } = await openSession();
      const stop = new AbortController();
      if (waitMs === undefined) stop.abort();
      else setTimeout(() => stop.abort(), waitMs);
      const counts = await duckdbExtract.count(fixtureSpec(PEOPLE), stored);
      const options = { stored, pseudonymKey: KEY, form: "parquet", counts, signal: stop.signal } as const;
      await expect(duckdbExtract.extract(fixtureSpec(PEOPLE), session, options)).rejects.toBeInstanceOf(ProblemError);
      expect(readdirSync(folder)).toEqual([]);
      expect(existsSync(session.pipeFolder)).toBe(false);
    }
  });

  it("is nothing when a stored file is gone, and the message quotes no value", async () => {
    const { folder, session } = await openSession();
    const spec = fixtureSpec(PEOPLE, {
      filter: { kind: "compare", on: { element: "ABSENT", category: "name", type: "text" }, op: "eq", value: "SECRET" },
    });
    const run = duckdbExtract.extract(spec, session, { stored, pseudonymKey: KEY, form: "parquet", counts: noCounts });
    await expect(run).rejects.toMatchObject({ problems: [{ code: "E_IO", message: expect.not.stringContaining("SECRET") as string }] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is nothing of its own when the name is taken, and the file there is untouched", async () => {
    const { folder, session } = await openSession();
    const name = `${SEGMENT}.parquet.age`;
    writeFileSync(join(folder, name), "mine");
    const counts = await duckdbExtract.count(fixtureSpec(PEOPLE), stored);
    const run = duckdbExtract.extract(fixtureSpec(PEOPLE), session, { stored, pseudonymKey: KEY, form: "parquet", counts });
    await expect(run).rejects.toMatchObject({ problems: [{ code: "E_DUPLICATE" }] });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
  });

  it("is nothing of any segment when one name is taken", async () => {
    for (const taken of SEVERAL) {
      const { folder, session } = await openSession("parquet", SEVERAL);
      writeFileSync(join(folder, `${taken}.parquet.age`), "mine");
      const spec = severalSegments(PEOPLE);
      const counts = await duckdbExtract.count(spec, stored);
      const run = duckdbExtract.extract(spec, session, { stored, pseudonymKey: KEY, form: "parquet", counts });
      await expect(run).rejects.toMatchObject({ problems: [{ code: "E_DUPLICATE" }] });
      expect(readdirSync(folder)).toEqual([`${taken}.parquet.age`]);
      expect(existsSync(session.pipeFolder)).toBe(false);
    }
  });

  it("is nothing when the sealing cannot write, and the engine is not left waiting", async () => {
    const { folder, session } = await openSession();
    rmSync(folder, { recursive: true });
    const counts = await duckdbExtract.count(fixtureSpec(PEOPLE), stored);
    const run = duckdbExtract.extract(fixtureSpec(PEOPLE), session, { stored, pseudonymKey: KEY, form: "parquet", counts });
    await expect(run).rejects.toMatchObject({ problems: [{ code: "E_IO", message: "sealing failed: ENOENT" }] });
  });
});

describe("the classes of a dataset", () => {
  it("may not name a person twice", async () => {
    const folder = scratch();
    await makeDatasets(folder, 40, "UNION ALL SELECT md5('1-0')::UUID, 1, NULL");
    await expect(duckdbExtract.count(fixtureSpec(40), storedIn(folder))).rejects.toMatchObject({ problems: [{ code: "E_DATASET" }] });
  });

  it("count a person of two ids once", async () => {
    const folder = scratch();
    await makeDatasets(folder, 40);
    const [counted] = await duckdbExtract.count(fixtureSpec(40), storedIn(folder));
    const first = counted?.classes.filter(({ classId }) => classId === 0) ?? [];
    expect(first.map(({ rows, people }) => rows - people)).toEqual([1, 1]);
  });

  it("in a dataset too large for one pass are taken slice by slice, with the same result", async () => {
    const whole = await rowsOf(await opened(await extracted(fixtureSpec(PEOPLE))));
    const sliced = await extracted(severalSegments(3_000_000));
    for (const at of SEVERAL.keys()) expect(await rowsOf(await opened(sliced, at))).toEqual(whole);
  });
});
