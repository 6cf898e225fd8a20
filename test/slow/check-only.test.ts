/** A state looks at what it is about to hand over; and what the ledger says of a submission that was refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writIn } from "./writ-in.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-check-"));
const ws = join(folder, "ws");
const kept = (): readonly string[] =>
  readdirSync(ws, { recursive: true, encoding: "utf8" })
    .filter((name) => /^(private\/(datasets|rejects|tmp|evidence)|ledger)\/./.test(name))
    .sort();

beforeAll(() => {
  writIn(folder, "init", "ws", "--practice");
  const generated = [
    "dataset",
    "generate",
    "--states",
    "CA,NM",
    "--people",
    "2000",
    "--period",
    "2025-12",
    "--ssn-state",
    "NM",
    "-o",
    "in",
  ];
  expect(writIn(ws, ...generated).exit).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Guard = {
  readonly people: string;
  readonly funding: { readonly mapped: boolean; readonly stateOnly: string; readonly unknown: string };
  readonly ids: { readonly saidToBeSsn: boolean; readonly rowsWithSsnAsId: string };
  readonly freeText: readonly { readonly segment: string; readonly element: string; readonly rows: string }[];
  readonly sourced: readonly { readonly element: string; readonly from: string; readonly cite: string }[];
  readonly unrequired: readonly { readonly category: string; readonly elements: readonly string[] }[];
};
type Checked = {
  readonly people: number;
  readonly refusals: readonly string[];
  readonly validation: { readonly outcome: string; readonly findings: readonly { readonly failed: number }[] };
  readonly guard?: Guard;
};
const checked = (...argv: readonly string[]): Checked => {
  const ran = writIn(ws, "intake", ...argv, "--check-only", "--json");
  return (JSON.parse(ran.stdout) as { readonly checked: readonly Checked[] }).checked[0] as Checked;
};

describe("a check without storing", () => {
  it("finds nothing in generated files, and leaves nothing behind", () => {
    for (const state of ["ca", "nm"]) {
      const { validation, refusals, guard } = checked(`in/${state}-eligible.flf`);
      expect([validation.outcome, validation.findings.filter(({ failed }) => failed > 0), refusals, guard]).toEqual([
        "accepted",
        [],
        [],
        undefined,
      ]);
    }
    expect(kept()).toEqual([]);
  });

  it("tells a state whom it alone pays for, by its own map; without one, that it does not know", () => {
    const { people, guard } = checked("in/ca-eligible.flf", "--for-submission", "--aid-codes", "in/ca-aid-codes.csv");
    const lines = readFileSync(join(ws, "in", "ca-eligible.flf"), "latin1").split("\n");
    // Column 72 to 77 of ELG00005; the generator's codes of the state alone start with S, those missing from its map with X.
    const byCode = (letter: string): number =>
      new Set(lines.filter((line) => line.startsWith("ELG00005") && line[71] === letter).map((line) => line.slice(21, 41))).size;
    expect(guard?.funding.mapped).toBe(true);
    expect(guard?.funding.stateOnly).toBe(String(byCode("S")));
    expect(byCode("S")).toBeGreaterThan(10);
    expect(guard?.people).toBe(people.toLocaleString("en-US"));
    const without = checked("in/ca-eligible.flf", "--for-submission").guard;
    expect(without?.funding).toEqual({ mapped: false, stateOnly: "0", unknown: people.toLocaleString("en-US") });
  });

  it("tells ids that are Social Security numbers, free text, other agencies' records and what nobody is known to ask for", () => {
    const { guard } = checked("in/nm-eligible.flf", "--for-submission");
    expect(guard?.ids.saidToBeSsn).toBe(true);
    expect(Number(guard?.ids.rowsWithSsnAsId)).toBeGreaterThan(20);
    const california = checked("in/ca-eligible.flf", "--for-submission").guard;
    expect(california?.ids).toEqual({ saidToBeSsn: false, rowsWithSsnAsId: "0" });
    // Column 100 to 599 of ELG00005.
    const lines = readFileSync(join(ws, "in", "ca-eligible.flf"), "latin1").split("\n");
    const noted = lines.filter((line) => line.startsWith("ELG00005") && line.slice(99, 599).trim() !== "").length;
    const toldOf = (count: number): string => (count <= 10 ? "1-10" : String(count));
    expect(noted).toBeGreaterThan(0);
    expect(california?.freeText).toContainEqual({ segment: "ELG00005", element: "STATE-NOTATION", rows: toldOf(noted) });
    expect(california?.sourced.find(({ element }) => element === "IMMIGRATION-VERIFICATION-FLAG")).toMatchObject({ from: "SAVE" });
    expect(california?.unrequired.find(({ category }) => category === "ssn")?.elements).toEqual(["SSN"]);
    expect(california?.unrequired.some(({ category }) => category === "immigration-status")).toBe(false);
    expect(kept()).toEqual([]);
  });

  it("goes with no other kind of intake", () => {
    expect(writIn(ws, "intake", "in/ca-eligible.flf", "--for-submission").exit).toBe(2);
    expect(writIn(ws, "intake", "--check-only").exit).toBe(2);
    expect(writIn(ws, "intake", "--check-only", "in/ca-eligible.flf", "--handles", "in/ca-handles.csv").exit).toBe(2);
    expect(writIn(ws, "intake", "in/ca-eligible.flf", "--check-only", "--aid-codes", "in/ca-aid-codes.csv").exit).toBe(2);
  });
});

describe("a submission refused by the policy", () => {
  it("is not stored; the ledger names its file, month and the rules it broke, in bands", () => {
    writeFileSync(join(ws, "submission-policy.yaml"), 'policy: strict\nrefuse:\n  - { tier: "2.0", above: "0%" }\n');
    writIn(
      ws,
      "dataset",
      "generate",
      "--states",
      "CA",
      "--people",
      "300",
      "--period",
      "2025-12",
      "--bare",
      "--fault",
      "orphan",
      "-o",
      "bad",
    );
    const checkedFirst = writIn(ws, "intake", "bad/ca-eligible.flf", "--check-only");
    expect(checkedFirst.exit).toBe(2);
    expect(checkedFirst.stdout).toContain("refused    within-person");
    const ran = writIn(ws, "intake", "bad/ca-eligible.flf");
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain("it breaks more rules than the policy allows (within-person: under 0.1%, above 0%)");
    expect(kept().filter((name) => !name.startsWith("ledger/"))).toEqual([]);
    const log = JSON.parse(writIn(ws, "log", "show", "--json").stdout) as {
      readonly entries: readonly { readonly leaf: Record<string, unknown> }[];
    };
    expect(log.entries.at(-1)?.leaf).toMatchObject({
      kind: "submission-refused",
      dataset: "tmsis/eligible@2025-12",
      origin: "CA",
      reasons: ["E_RULES"],
      fileDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      broken: { "within-person": "1-10" },
    });
    rmSync(join(ws, "submission-policy.yaml"));
    expect(writIn(ws, "intake", "bad/ca-eligible.flf").exit).toBe(0);
    const shown = writIn(ws, "dataset", "show", "bad/ca-eligible.flf").stdout;
    expect(shown).toMatch(/broken {4}within-person {2}tier 2\.0 · CMS 2086, 7538 {2}1 of [\d,]+ \(under 0\.1%\): on all days/);
    expect(shown).toMatch(/measure {3}missing-id {2}0% of [\d,]+ · CMS at most 0\.1%/);
    const digest = readdirSync(join(ws, "private", "datasets")).find((name) => /^[0-9a-f]{64}$/.test(name)) ?? "";
    expect(writIn(ws, "dataset", "show", digest.slice(0, 12)).stdout).toBe(shown);
  });
});
