/** A month whose submission was shredded: what may be taken in again, and what of it counts. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { submissionsOf } from "../../src/core/catalog/dataset-reference.ts";
import type { StoredDataset } from "../../src/app/ports/dataset-store.ts";
import { eligibleCatalogue, personRows, tmsisFile } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";

let catalogue: Catalogue;
let bench: Bench;
beforeAll(async () => {
  catalogue = await eligibleCatalogue();
});
beforeEach(async () => {
  bench = await openBench([catalogue]);
});
afterEach(() => bench.remove());

/** The submission of a sequence; `who` tells files of one sequence apart. */
const fileOf = (sequence: number, transaction: "C" | "R" | "U", who = `S${sequence}`): Buffer =>
  tmsisFile(catalogue, personRows(who), {
    header: { "SUBMISSION-TRANSACTION-TYPE": transaction, "SEQUENCE-NUMBER": String(sequence) },
  });

async function taken(bytes: Buffer): Promise<StoredDataset> {
  const done = await bench.take("f", bytes);
  if (!done.ok) throw new Error(said(done).join());
  return done.value.stored;
}
const refused = async (bytes: Buffer): Promise<string> => said(await bench.take("f", bytes)).join();
const shred = ({ manifest }: StoredDataset): boolean => bench.ports.vault.keys.shred(manifest.keyId);
const current = (): readonly StoredDataset[] => {
  const stored = bench.ports.store.list();
  return submissionsOf({ dataset: "tmsis/eligible", period: "2025-12" }, stored.ok ? stored.value : []);
};

describe("a submission that was shredded", () => {
  it("is taken in again from the same file, again and again, and the last counts", async () => {
    const first = await taken(fileOf(1, "C"));
    expect(await refused(fileOf(1, "C"))).toContain("taken in already");
    shred(first);
    const second = await taken(fileOf(1, "C"));
    expect([second.manifest.insteadOf, second.manifest.sequence]).toEqual([first.digest, 1]);
    expect(current().map(({ digest }) => digest)).toEqual([second.digest]);
    expect(await refused(fileOf(1, "C"))).toContain("taken in already");
    shred(second);
    const third = await taken(fileOf(1, "C", "ANOTHER"));
    expect(third.manifest.insteadOf).toBe(second.digest);
    expect(current().map(({ digest }) => digest)).toEqual([third.digest]);
  });

  it("is followed by a replacement, but not by an update of what is gone", async () => {
    shred(await taken(fileOf(1, "C")));
    expect(await refused(fileOf(2, "U"))).toContain("this update changes sequence 1, which cannot be read since it was shredded");
    expect(await refused(fileOf(3, "R"))).toContain("does not follow sequence 1");
    const second = await taken(fileOf(2, "R"));
    expect(second.manifest.insteadOf).toBeUndefined();
    expect(current().map(({ digest }) => digest)).toEqual([second.digest]);
    expect(await refused(fileOf(1, "C"))).toContain("sequence 1 of CA 2025-12 (submitter 06) was taken in already");
  });

  it("hides the sequences before it until it comes again", async () => {
    await taken(fileOf(1, "C"));
    const second = await taken(fileOf(2, "R"));
    shred(second);
    expect(current().map(({ digest }) => digest)).toEqual([second.digest]);
    expect(await refused(fileOf(1, "C"))).toContain("taken in already");
    const update = await taken(fileOf(2, "U", "CHANGED"));
    expect([update.manifest.insteadOf, update.manifest.people]).toEqual([second.digest, 2]);
    expect(current().map(({ digest }) => digest)).toEqual([update.digest]);
  });

  it("leaves the sequences before it to be taken in one after another", async () => {
    const both = [await taken(fileOf(1, "C")), await taken(fileOf(2, "U", "CHANGED"))];
    for (const one of both) shred(one);
    expect(await refused(fileOf(2, "U", "CHANGED"))).toContain("which cannot be read since it was shredded");
    await taken(fileOf(1, "C"));
    const update = await taken(fileOf(2, "U", "CHANGED"));
    expect([update.manifest.insteadOf, update.manifest.people]).toEqual([both[1]?.digest, 2]);
    expect(current().map(({ digest }) => digest)).toEqual([update.digest]);
  });

  it("is taken in once where two try at one moment", async () => {
    const first = await taken(fileOf(1, "C"));
    shred(first);
    const both = await Promise.all([bench.take("f", fileOf(1, "C")), bench.take("g", fileOf(1, "C", "ANOTHER"))]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.flatMap((one) => said(one)).join()).toContain("was taken in meanwhile");
  });
});
