/** What writ stored, read by PyArrow, which shares no code with it or its engine. Needs a Python that has PyArrow, named in WRIT_PYTHON. */
import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { base64 } from "../../src/core/base/bytes.ts";
import { filesBelow, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, type Workshop } from "../release/workshop.ts";
import { shippedLaw } from "../law/scenario.ts";
import { keyOfStored, storedRows } from "../stored-data.ts";

const python = process.env["WRIT_PYTHON"];

type Read = { readonly status: number | null; readonly stdout: string; readonly stderr: string };
type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] };

function pyarrow(path: string, key: Uint8Array | undefined): Read {
  const input = JSON.stringify({ path, key: key === undefined ? null : base64(key) });
  const program = join(import.meta.dirname, "read_parquet.py");
  const { status, stdout, stderr } = spawnSync(python ?? "", [program], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

describe.skipIf(python === undefined)("PyArrow", () => {
  let shop: Workshop;
  let files: readonly (readonly [folder: string, name: string])[] = [];
  beforeAll(async () => {
    ownTemporaryFolder();
    shop = await openWorkshop(await shippedLaw());
    await shop.plan(OIG);
    files = ["private/datasets", "private/evidence"].flatMap((below) =>
      filesBelow(shop.path(below))
        .filter((path) => path.endsWith(".parquet"))
        .map((path) => {
          const [digest = "", ...name] = relative(shop.path(below), path).split("/");
          return [shop.path(below, digest), name.join("/")] as const;
        }),
    );
  });
  afterAll(removeWorkshops);

  it("reads every stored file by its key, to the rows that the engine reads", async () => {
    expect(new Set(files.map(([, name]) => name.replace(/[0-9a-f]{64}/, "KEY"))).size).toBeGreaterThan(20);
    let compared = 0;
    for (const [folder, name] of files) {
      const read = pyarrow(join(folder, name), keyOfStored(folder).secret);
      expect([read.status, read.stderr], name).toEqual([0, ""]);
      const { columns, rows } = JSON.parse(read.stdout) as Table;
      const cells = columns.map((column) => `CAST("${column}" AS VARCHAR)`).join(", ");
      expect(rows, name).toEqual(await storedRows(folder, (table) => `SELECT ${cells} FROM ${table(name)}`));
      compared += rows.length;
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it("is refused without the key, and with another", () => {
    const [folder, name] = files.find(([, one]) => one === "ELG00002.parquet") ?? ["", ""];
    const other = new Uint8Array(keyOfStored(folder).secret);
    other[0] = (other[0] ?? 0) ^ 1;
    for (const key of [undefined, other])
      expect(pyarrow(join(folder, name), key)).toMatchObject({
        status: 1,
        stdout: "",
        stderr: expect.stringMatching(/^refused: /) as string,
      });
  });
});
