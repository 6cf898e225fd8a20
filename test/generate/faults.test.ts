/** Planted faults: each changes one thing, and what reads the file finds that and nothing else. */
import { describe, expect, it } from "vitest";
import { FAULTS, isOfRecords } from "../../src/core/generate/faults.ts";
import type { GenerationOrder } from "../../src/core/generate/plan.ts";
import { make, record } from "./made.ts";
import { faultsOf } from "./read.ts";

const PEOPLE = { people: 150, files: ["eligible", "claimot"] };
const sound = { FLF: make({ ...PEOPLE }), PSV: make({ ...PEOPLE, encoding: "PSV" }) };
type Encoding = keyof typeof sound;

const planted = (name: string, order: Partial<GenerationOrder> = {}): ReturnType<typeof make> =>
  make({ ...PEOPLE, faults: [name], ...order });
const fileOf = (name: string): "eligible" | "claimot" => {
  const breaks = FAULTS[name]?.break;
  return breaks !== undefined && isOfRecords(breaks) && breaks.segment.startsWith("COT") ? "claimot" : "eligible";
};
/** Lines with the fault that are not in the file without it. */
const differing = (made: ReturnType<typeof make>, name: string, encoding: Encoding = "FLF"): readonly string[] => {
  const known = new Set(sound[encoding].lines(fileOf(name)));
  return made.lines(fileOf(name)).filter((line) => !known.has(line));
};

/** Intake proper refuses these files whole, by more than it is asked here. */
const OF_THE_WHOLE: Readonly<Record<string, readonly string[]>> = { "sequence-gap": [], "wrong-state": ["E1102 SUBMITTING-STATE"] };
/** What records show only beside others, which `rules.yaml` and its engine tell. */
const isOfRecordsTogether = (told: string): boolean => !told.startsWith("E");

describe("each planted fault", () => {
  it.each(Object.entries(FAULTS))("%s", (name, { told, break: breaks }) => {
    const kind = fileOf(name);
    const made = planted(name);
    expect(made.submitted.unplanted).toEqual([]);
    const changed = differing(made, name);
    if (breaks.kind === "cells" || breaks.kind === "header") expect(changed).toHaveLength(1);
    else expect(made.bytes[kind].equals(sound.FLF.bytes[kind])).toBe(false);
    const found = [...new Set(faultsOf(made.bytes[kind]))];
    const seen = OF_THE_WHOLE[name] ?? (isOfRecordsTogether(told) ? [] : [told.split(", or")[0]]);
    expect(found).toEqual(seen);
  });
});

describe("planted faults", () => {
  it("say what they break between pipes too", () => {
    expect(differing(planted("bad-line-length"), "bad-line-length").map((line) => line.length)).toEqual([999]);
    expect(differing(planted("bad-line-length", { encoding: "PSV" }), "bad-line-length", "PSV")[0]?.split("|")).toHaveLength(16);
    expect(faultsOf(planted("pipe-in-value", { encoding: "PSV" }).bytes.eligible)).toEqual(["E1001"]);
    expect(faultsOf(planted("not-utf8", { encoding: "PSV", lineEnd: "CRLF" }).bytes.eligible)).toEqual(["E1001 ELIGIBLE-ADDR-LN1"]);
  });
  it("leave the header out, the end off, or put the header in again", () => {
    const { FLF } = sound;
    expect(planted("no-header").bytes.eligible.equals(FLF.bytes.eligible.subarray(1001))).toBe(true);
    expect(planted("truncated").bytes.eligible.equals(FLF.bytes.eligible.subarray(0, -20))).toBe(true);
    expect(
      planted("header-again")
        .lines("eligible")
        .filter((line) => line.startsWith("ELG00001")),
    ).toHaveLength(2);
  });
  it("contradict what stands beside them", () => {
    const row = (name: string): Record<string, string> =>
      record(differing(planted(name), name).find((line) => !line.startsWith("ELG00001")) ?? "");
    expect(row("span-overlap")["RACE-DECLARATION-END-DATE"]).toBe("99991231");
    expect(row("death-before-span")["PRIMARY-DEMOGRAPHIC-ELEMENT-END-DATE"]).toBe("99991231");
    const citizen = row("restricted-benefit");
    const status = sound.FLF.records("ELG00003").find((other) => other["MSIS-IDENTIFICATION-NUM"] === citizen["MSIS-IDENTIFICATION-NUM"]);
    expect([citizen["RESTRICTED-BENEFITS-CODE"], status?.["CITIZENSHIP-IND"]]).toEqual(["2", "1"]);
  });
  it("come as often as asked, one a person, in the state asked", () => {
    expect(faultsOf(planted("bad-date:7").bytes.eligible)).toEqual(Array.from({ length: 7 }, () => "E1001 ELIGIBLE-ADDR-EFF-DATE"));
    expect(planted("bad-date@TX").bytes.eligible.equals(sound.FLF.bytes.eligible)).toBe(true);
    expect(faultsOf(make({ ...PEOPLE, faults: ["bad-date:2@TX", "unknown-value@TX"] }, 2).bytes.eligible)).toHaveLength(3);
  });
  it("that do not all fit are told of", () => {
    const { unplanted } = planted("bad-date:5000").submitted;
    expect(unplanted.map(({ name }) => name)).toEqual(["bad-date"]);
  });
  it("go into the first file where they are the file's", () => {
    const made = make({ people: 150, files: ["claimrx", "tpl"], faults: ["truncated"] });
    expect([faultsOf(made.bytes.claimrx), faultsOf(made.bytes.tpl)]).toEqual([["E_LAYOUT"], []]);
  });
});
