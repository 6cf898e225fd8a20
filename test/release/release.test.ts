/** From a plan to what a recipient reads: exactly what was permitted, and nothing on the disk that anyone could read before. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Released } from "../../src/app/release.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { eligibleCatalogue } from "../intake/tmsis-file.ts";
import { shippedLaw } from "../law/scenario.ts";
import { storedRows } from "../stored-data.ts";
import { filesBelow, ICE, leftovers, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, run, type Workshop } from "./workshop.ts";

let law: Law;
let shop: Workshop;
beforeAll(async () => {
  ownTemporaryFolder();
  law = await shippedLaw();
  shop = await openWorkshop(law);
});
afterAll(removeWorkshops);

type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] };

async function read(folder: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const engine = await openDuckdb({ folders: [folder] });
  try {
    return await engine.rows(sql);
  } finally {
    engine.close();
  }
}

/** The rows of a query over each stored submission, one after another. */
async function stored(of: Workshop, query: Parameters<typeof storedRows>[1]): Promise<readonly (readonly unknown[])[]> {
  const digests = readdirSync(of.path("private/datasets")).filter((name) => !name.startsWith("."));
  const found = digests.map(async (digest) => storedRows(of.path("private/datasets", digest), query));
  return (await Promise.all(found)).flat();
}

/** Verifies, opens, and reads every file of a package. */
async function opened({ folder, releaseId }: Released): Promise<ReadonlyMap<string, Table>> {
  await run(shop.root, "receipt", "verify", join(folder, "receipt.json"));
  const into = shop.path(`opened-${releaseId}`);
  await run(shop.root, "open", folder, "--receipt", join(folder, "receipt.json"), "--identity", "private/recipient.identity", "-o", into);
  const tables = new Map<string, Table>();
  for (const name of readdirSync(into)) {
    const file = join(into, name);
    const described = await read(into, `DESCRIBE SELECT * FROM read_parquet('${file}')`);
    tables.set(name.replace(".parquet", ""), {
      columns: described.map(([column]) => String(column)),
      rows: await read(into, `SELECT * FROM read_parquet('${file}')`),
    });
  }
  return tables;
}

const planIn = (file: string): Plan => JSON.parse(readFileSync(file, "utf8")) as Plan;

describe("an inspector's request", () => {
  let first: ReadonlyMap<string, Table>;
  let plan: Plan;
  let released: Released;
  beforeAll(async () => {
    const file = await shop.plan(OIG);
    plan = planIn(file);
    released = await shop.release(file);
    first = await opened(released);
  });

  it("is granted its categories, and its recipient finds those columns and no other", async () => {
    const catalogue = await eligibleCatalogue();
    expect(plan.permitted.map(({ origin, fields }) => [origin, fields])).toEqual([
      ["CA", ["date-of-birth", "medicaid-id", "sex"]],
      ["NM", ["date-of-birth", "medicaid-id", "sex"]],
    ]);
    expect([...first.keys()]).toEqual(["ELG00002"]);
    const elements = catalogue.segments.find(({ id }) => id === "ELG00002")?.elements ?? [];
    const permitted = elements.filter(({ category }) => ["date-of-birth", "medicaid-id", "sex"].includes(category));
    expect(first.get("ELG00002")?.columns).toEqual(["person_pseudonym", ...permitted.map(({ name }) => name)]);
  });

  it("has the rows its release counted: one a person, of the people in the files", () => {
    const rows = first.get("ELG00002")?.rows ?? [];
    expect(released.segments.map(({ segment, rows: count }) => [segment, count])).toEqual([["ELG00002", rows.length]]);
    expect(rows.length).toBeGreaterThan(250);
    expect(new Set(rows.map(([pseudonym]) => String(pseudonym))).size).toBe(rows.length);
  });

  it("is in the ledger: asked, meant, released, opened; and the ledger verifies", async () => {
    const kinds = await shop.kinds();
    expect(kinds.slice(kinds.indexOf("request"))).toEqual(["request", "intent", "released", "key-opened"]);
    await run(shop.root, "log", "verify");
  });

  it("shares no pseudonym with another release of the same people", async () => {
    const again = await opened(await shop.release(await shop.plan(OIG.replace("purpose: oversight", "purpose: waste-fraud-abuse"))));
    const [one, two] = [first, again].map(
      (tables) => new Set((tables.get("ELG00002")?.rows ?? []).map(([pseudonym]) => String(pseudonym))),
    );
    expect(two?.size).toBe(one?.size);
    expect([...(one ?? [])].filter((pseudonym) => two?.has(pseudonym))).toEqual([]);
  });
});

describe("the immigration authority's request", () => {
  let plan: Plan;
  let table: Table;
  beforeAll(async () => {
    const file = await shop.plan(ICE);
    plan = planIn(file);
    const tables = await opened(await shop.release(file));
    table = tables.get("ELG00004") ?? { columns: [], rows: [] };
    // The segment of the names comes along with the ids of the same people, and nothing else.
    expect([...tables].map(([segment, { columns }]) => [segment, columns.length])).toEqual([
      ["ELG00002", 1],
      ["ELG00004", 10],
    ]);
    expect(tables.get("ELG00002")?.columns).toEqual(["MSIS-IDENTIFICATION-NUM"]);
  });

  it("is granted what the order leaves open, and in the SSN-state everything but the id", () => {
    expect(plan.permitted.map(({ origin, fields }) => [origin, fields])).toEqual([
      ["CA", ["address", "medicaid-id", "phone"]],
      ["NM", ["address", "phone"]],
    ]);
  });

  it("holds nobody's name, and no SSN: the id of every New Mexico row is empty, of every other is there", async () => {
    const at = table.columns.indexOf("MSIS-IDENTIFICATION-NUM");
    expect(table.columns.filter((column) => /NAME|SSN|person_key/.test(column))).toEqual([]);
    const source = await stored(
      shop,
      (name) => `SELECT DISTINCT "MSIS-IDENTIFICATION-NUM" FROM ${name("ELG00004.parquet")} WHERE "SUBMITTING-STATE" = '35'`,
    );
    const everything = JSON.stringify(table.rows);
    expect(source.length).toBeGreaterThan(5);
    for (const [ssn] of source) expect(everything).not.toContain(String(ssn));
    const ids = table.rows.map((row) => row[at]);
    expect(ids.filter((id) => id === null).length).toBeGreaterThan(0);
    expect(ids.filter((id) => id !== null).length).toBeGreaterThan(0);
  });

  it("holds rows of the proven people only", async () => {
    const at = table.columns.indexOf("MSIS-IDENTIFICATION-NUM");
    const findings = readFileSync(shop.path("incoming/status-source.csv"), "utf8").trim().split("\n").slice(1);
    const said = new Map<string, Set<string>>();
    for (const [, id = "", population = ""] of findings.map((line) => line.split(",")))
      said.set(id, (said.get(id) ?? new Set()).add(population));
    const ids = table.rows.flatMap((row) => (typeof row[at] === "string" ? [row[at].trim()] : []));
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect([...(said.get(id) ?? [])]).toEqual(["unlawfully-present"]);
  });
});

describe("while a release is made", () => {
  it("no plaintext of it is on the disk, and afterwards nothing but the package", async () => {
    const other = await openWorkshop(law);
    const names = await stored(
      other,
      (table) => `SELECT DISTINCT "ELIGIBLE-LAST-NAME" FROM ${table("ELG00002.parquet")} WHERE length("ELIGIBLE-LAST-NAME") > 6`,
    );
    const ids = await stored(other, (table) => `SELECT "MSIS-IDENTIFICATION-NUM" FROM ${table("ELG00002.parquet")} LIMIT 20`);
    const surnames = [...names.slice(0, 5), ...ids].map(([text]) => String(text));
    expect(surnames.length).toBeGreaterThan(20);
    const holding = (besides: readonly string[]): readonly string[] =>
      [
        ...filesBelow(other.root, besides),
        ...filesBelow(
          tmpdir(),
          readdirSync(tmpdir()).filter((name) => !name.startsWith("writ-pipe-")),
        ),
      ].filter((file) => surnames.some((name) => readFileSync(file).includes(name)));
    expect(holding([]).length, "the search finds what is there").toBeGreaterThan(0);
    const sources = ["incoming"];
    let looked = 0;
    const watched = await other.release(await other.plan(OIG.replace("[sex,", "[name, sex,")), ({ sealer }) => ({
      sealer: {
        open: async (folder, files) => {
          // WHY csv: nothing is compressed, so that plaintext is found as it is.
          const session = await sealer.open(folder, files, "csv");
          const look = (): void => {
            looked += 1;
            expect(holding(sources)).toEqual([]);
          };
          return {
            pipeFolder: session.pipeFolder,
            get failure() {
              return session.failure;
            },
            part: (name) => {
              const { path, taken } = session.part(name);
              return { path, taken: taken.then(look) };
            },
            finish: async () => {
              look();
              return session.finish();
            },
            abort: async (writer) => session.abort(writer),
          };
        },
      },
    }));
    expect(looked).toBeGreaterThan(1);
    expect(holding(sources)).toEqual([]);
    expect(leftovers(other.root)).toEqual([watched.releaseId, `${watched.releaseId}.json`]);
    expect(existsSync(join(watched.folder, "maker.json"))).toBe(false);
  });
});
