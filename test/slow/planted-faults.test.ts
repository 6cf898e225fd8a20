/** Generated submissions before the shipped rules: sound ones break none, and each planted fault is found as its table says. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Checkup } from "../../src/app/intake.ts";
import { checkUp } from "../../src/app/intake.ts";
import { openIncoming } from "../../src/cli/incoming.ts";
import type { Checked } from "../../src/core/base/checked.ts";
import { FAULTS, isOfRecords } from "../../src/core/generate/faults.ts";
import type { FileKind } from "../../src/core/generate/file-kind.ts";
import { FILE_KINDS } from "../../src/core/generate/file-kind.ts";
import type { Made } from "../generate/made.ts";
import { make, SOURCES } from "../generate/made.ts";
import { openBench, said, shippedRules, type Bench } from "../intake/workbench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(SOURCES.catalogues, shippedRules(SOURCES.catalogues, "policy: none\nrefuse: []\n"));
});
afterAll(() => bench.remove());

async function check(name: string, bytes: Buffer): Promise<Checked<Checkup>> {
  const file = await openIncoming(bench.put(name, bytes));
  return file.ok ? checkUp(file.value, {}, bench.ports, () => Promise.resolve()) : file;
}

/** Rules broken, or the codes of what refuses the file. */
async function brokenBy(name: string, bytes: Buffer): Promise<readonly string[]> {
  const checked = await check(name, bytes);
  if (!checked.ok) return [...new Set(checked.problems.map(({ code }) => code))];
  const { findings = [] } = checked.value.manifest.validation ?? {};
  return findings.filter(({ failed }) => failed > 0).map(({ rule }) => rule);
}

/** The files that rules of others ask. */
const ASKED: ReadonlySet<FileKind> = new Set(["eligible", "provider"]);

describe("a sound submission", () => {
  it("breaks no rule, and no rule goes unseen", async () => {
    const made = make({ states: ["OR"], ssnStates: [], people: 1500, files: ["all"] });
    for (const kind of FILE_KINDS.toSorted((a, b) => Number(ASKED.has(b)) - Number(ASKED.has(a)))) {
      const taken = await bench.take(kind, made.bytes[kind]);
      if (!taken.ok) throw new Error(said(taken).join());
      const { validation, rejected } = taken.value.stored.manifest;
      const broken = validation?.findings.filter(({ failed }) => failed > 0);
      expect([kind, rejected.records, broken, validation?.unseen]).toEqual([kind, 0, [], []]);
    }
  });
});

describe("each planted fault", () => {
  const of = (files: readonly FileKind[], faults: readonly string[] = []): Made =>
    make({ states: ["NM"], ssnStates: [], people: 80, files, faults });

  beforeAll(async () => {
    const taken = await bench.take("providers", of(["provider"]).bytes.provider);
    if (!taken.ok) throw new Error(said(taken).join());
  });

  it.each(Object.entries(FAULTS))("%s", async (name, { told, break: breaks }) => {
    const kind = isOfRecords(breaks) && breaks.segment.startsWith("COT") ? "claimot" : "eligible";
    const expected = told
      .split(", or")[0]
      ?.split(", ")
      .map((one) => one.split(" ")[0]);
    expect((await brokenBy(name, of([kind], [name]).bytes[kind])).toSorted()).toEqual(expected?.toSorted());
  });
});
