import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planOf } from "../../test/generate/made.ts";
import { command } from "../cli/commands/dataset-generate.ts";
import type { OptionValues } from "../cli/command.ts";
import { ProblemError } from "../core/base/problem.ts";
import { outputFolder } from "../store/output-folder.ts";
import { generateDataset } from "./generate.ts";
import { sha256 } from "./sha256.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-generate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function generate(values: OptionValues): Promise<string> {
  let printed = "";
  const out = { json: true, interactive: false, data: (text: string): void => void (printed += text), talk: (): void => undefined };
  const all = { states: "CA,NM", people: "400", period: "2025-12", "ssn-state": "NM", output: folder, ...values };
  expect(await command.run({ values: all, positionals: [], out })).toBe(0);
  return printed;
}

describe("writ dataset generate", () => {
  it("writes a submission and its sidecars per state, under their final names only", async () => {
    const printed = JSON.parse(await generate({})) as { files: string[]; states: { submissions: { sizeBytes: number }[] }[] };
    expect(readdirSync(folder).sort()).toEqual([...printed.files].sort());
    expect(printed.files).toContain("ca-eligible.flf");
    expect(printed.states[0]?.submissions[0]?.sizeBytes).toBe(readFileSync(join(folder, "ca-eligible.flf")).length);
    expect(readFileSync(join(folder, "status-source.csv"), "utf8").split("\n")[0]).toBe(
      "state,msis_id,population,source,observed,valid_until,doc_sha256",
    );
  });
  it("leaves the sidecars out when asked", async () => {
    await generate({ bare: true, encoding: "PSV", segments: "ELG00002,ELG00021" });
    expect(readdirSync(folder).sort()).toEqual(["ca-eligible.psv", "nm-eligible.psv"]);
    expect(readFileSync(join(folder, "ca-eligible.psv"), "utf8")).not.toContain("\nELG00003|");
  });
  it("overwrites nothing, and leaves nothing half-written", async () => {
    writeFileSync(join(folder, "nm-eligible.flf"), "mine");
    await expect(generate({})).rejects.toThrow(ProblemError);
    expect(readdirSync(folder)).toEqual(["nm-eligible.flf"]);
    expect(readFileSync(join(folder, "nm-eligible.flf"), "utf8")).toBe("mine");
  });
  it("writes the files asked for, each about the same people", async () => {
    const printed = JSON.parse(await generate({ files: "tpl,claimrx", bare: true, "line-end": "CRLF" })) as { files: string[] };
    expect(printed.files).toEqual(["ca-tpl.flf", "ca-claimrx.flf", "nm-tpl.flf", "nm-claimrx.flf"]);
    expect(readFileSync(join(folder, "ca-claimrx.flf")).length % 1452).toBe(0);
  });
  it("leaves nothing when it is interrupted, or a fault finds too few records", async () => {
    const interrupted = generateDataset(planOf({ files: ["eligible", "claimot"] }), {
      folder: outputFolder(folder),
      sha256,
      report: () => undefined,
      pause: () => Promise.reject(new Error("interrupted")),
      bare: false,
    });
    await expect(interrupted).rejects.toThrow("interrupted");
    await expect(generate({ fault: ["bad-date:1000"] })).rejects.toThrow("too few fitting records");
    expect(readdirSync(folder)).toEqual([]);
  });
  it("lists the faults, and what is said of each", async () => {
    const faults = JSON.parse(await generate({ fault: ["list"] })) as { name: string; told: string }[];
    expect(faults).toContainEqual({ name: "truncated", title: expect.any(String) as string, told: "E_LAYOUT" });
  });
  it("names what is wrong with the order", async () => {
    await expect(generate({ states: "CA,NX", fault: ["trunkated"] })).rejects.toThrow('"NX" is not a state');
  });
});
