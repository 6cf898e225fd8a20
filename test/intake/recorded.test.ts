import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Leaf } from "../../src/core/ledger/leaf.ts";
import { writ } from "../command-line.ts";

type Shown = { readonly entries: readonly { readonly leaf: Leaf }[] };

describe("what intake leaves in the ledger", () => {
  const from = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "writ-recorded-"));

  beforeAll(async () => {
    process.chdir(folder);
    await writ(["init", ".", "--practice"]);
    await writ(["dataset", "generate", "--states", "CA", "--people", "40", "--period", "2025-12", "--bare", "-o", "in"]);
  });
  afterAll(() => {
    process.chdir(from);
    rmSync(folder, { recursive: true, force: true });
  });

  const leaves = async (): Promise<readonly Leaf[]> => {
    const shown = JSON.parse((await writ(["log", "show", "--json"])).stdout) as Shown;
    return shown.entries.map(({ leaf }) => leaf);
  };

  it("names a submission by digest, with its people in a band, once", async () => {
    const taken = await writ(["intake", "in/ca-eligible.flf", "--json"]);
    const [report] = (JSON.parse(taken.stdout) as { taken: readonly { digest: string }[] }).taken;
    const [, leaf] = await leaves();
    expect(leaf).toMatchObject({ kind: "submission", origin: "CA", people: "21-50", submissionDigest: report?.digest });
    const again = await writ(["intake", "in/ca-eligible.flf"]);
    expect(again.code).toBe(2);
    expect((await leaves()).map(({ kind }) => kind)).toEqual(["workspace", "submission", "submission-refused"]);
  });

  it("says that a file was refused, by kind of problem only", async () => {
    writeFileSync("cut.flf", readFileSync("in/ca-eligible.flf").subarray(0, 5_000));
    expect((await writ(["intake", "cut.flf"])).code).toBe(2);
    const last = (await leaves()).at(-1);
    expect(last).toMatchObject({ kind: "submission-refused", origin: "none" });
    expect(JSON.stringify(last)).not.toContain("cut.flf");
  });
});
