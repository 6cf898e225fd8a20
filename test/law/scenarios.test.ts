import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decider, type Decider } from "../../src/app/decide.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Law } from "../../src/core/law/law.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { checkTables } from "../../src/core/verdict/table-check.ts";
import { leavesOf } from "../../src/core/law/vocabulary.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { disagreements, shippedLaw, type Scenario } from "./scenario.ts";

const scenarios = JSON.parse(readFileSync(join(import.meta.dirname, "scenarios.json"), "utf8")) as readonly Scenario[];
const someDay = "2026-02-01" as CivilDate;
let law: Law;

/** Whether anything comes out; a question that cannot be asked counts too, so that no test passes by a misspelling. */
function isOpened(decide: Decider, row: Readonly<Record<string, unknown>>): boolean {
  const answer = decide.answer(row);
  return !answer.ok || answer.value.outcome === "permitted" || answer.value.outcome === "masked";
}

beforeAll(async () => {
  law = await shippedLaw();
});

describe("the shipped law", () => {
  it("answers the table of scenarios, and names the citations", () => {
    expect(disagreements(law, scenarios)).toEqual([]);
  });

  it("says of each instrument what its own table expects", () => {
    const report = checkTables(law);
    expect(report.problems).toEqual([]);
    expect(report.rows).toBeGreaterThan(200);
  });

  it("opens nothing at the grade of sources that somebody read, since nobody has", () => {
    expect(dayView(law, someDay, ["read"]).permits).toEqual([]);
    expect(dayView(law, someDay, ["read"]).defeats).toEqual([]);
  });

  it("keeps every bar at every grade", () => {
    const names = (grades: typeof GRADES): readonly string[] => dayView(law, someDay, grades).bars.map((rule) => rule.name);
    expect(names(["read"])).toEqual(expect.arrayContaining([...names(GRADES)]));
  });

  it("gives immigration bodies nothing without a document that opens it", () => {
    const decide = decider(law, GRADES, someDay);
    const opened = ["2025-07-01", "2025-10-01", "2026-02-01", "2026-08-01"].flatMap((on) =>
      ["hhs-cms", "hhs-oig", "state-medicaid", "hospital", "mfcu", "researcher", "irs", "ssa", "hud", "state-snap", "usda"].flatMap(
        (from) =>
          ["dhs-ice", "dhs-cbp", "dhs-ice-contractor"].flatMap((to) =>
            leavesOf(law.vocabulary.purposes)
              .map((purpose) => ({ on, from, to, purpose, origin: "TX", population: "unlawfully-present", field: "address" }))
              .filter((row) => isOpened(decide, row))
              .map((row) => Object.values(row).join(" ")),
          ),
      ),
    );
    expect(opened).toEqual([]);
  });

  it("gives DOGE as a body no record of a person, whatever was proven and whatever order is stayed", () => {
    const decide = decider(law, GRADES, someDay);
    const opened = ["2025-02-03", "2025-04-07", "2025-06-06", "2025-08-12", "2026-04-10"].flatMap((on) =>
      ["ssa", "opm", "treasury", "education", "irs", "hhs-cms"].flatMap((from) =>
        leavesOf(law.vocabulary.purposes)
          .map((purpose) => ({ on, from, to: "doge", purpose, population: "citizen", field: "name", evidence: ["trained-and-vetted"] }))
          .filter((row) => isOpened(decide, row))
          .map((row) => Object.values(row).join(" ")),
      ),
    );
    expect(opened).toEqual([]);
  });

  it("cites every rule, and tells apart what was read and what was recalled", () => {
    expect(law.rules.filter((rule) => rule.cite === "" || rule.pinpoint === undefined)).toEqual([]);
    expect(law.instruments.filter((instrument) => instrument.reviewed)).toEqual([]);
  });
});
