import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const url = (path: string): string => JSON.stringify(new URL(`file://${join(ROOT, "dist", path)}`).href);

/** Loads the shipped law over and over through one Cedar; before Node 24, V8's optimiser used to end such a process. */
const PROGRAM = `
  import { loadLawFrom } from ${url("app/law.js")};
  import { lawFilesOnDisk } from ${url("store/law-files.js")};
  import { cedarJudge } from ${url("engine/cedar-judge.js")};
  const ports = { files: lawFilesOnDisk, judgeVersion: cedarJudge.version, judge: async () => cedarJudge };
  for (let load = 0; load < 25; load += 1) {
    const law = await loadLawFrom(${JSON.stringify(join(ROOT, "law"))}, ports);
    if (!law.ok) throw new Error("the law did not load");
  }
  console.log("loaded");
`;

describe("a process that loads law many times", () => {
  it.each([1, 2, 3])("lives, run %i", () => {
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", PROGRAM], { encoding: "utf8" })).toBe("loaded\n");
  });
});
