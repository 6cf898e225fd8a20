import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differenceText } from "../scripts/transcript/rewrite.ts";
import { runDocument } from "../scripts/transcript/run.ts";

/** One test for each document of a folder: every command in it comes out as written. */
export function transcriptsIn(folder: string): void {
  // WHY side by side: each command is a process of its own, and one document after the other would leave a core idle.
  describe.concurrent("transcripts", { timeout: 300_000 }, () => {
    it.each(readdirSync(folder).filter((name) => name.endsWith(".md")))("%s comes out as written", async (name) => {
      const outcomes = await runDocument(readFileSync(join(folder, name), "utf8"));
      expect(outcomes.length).toBeGreaterThan(0);
      expect(outcomes.filter(({ ok }) => !ok).map((outcome) => differenceText(name, outcome))).toEqual([]);
    });
  });
}
