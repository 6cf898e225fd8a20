import { beforeAll, describe, expect, it } from "vitest";
import { eligibleCatalogue } from "../../../test/intake/tmsis-file.ts";
import { shippedLaw } from "../../../test/law/scenario.ts";
import type { CivilDate } from "../base/civil-date.ts";
import type { Checked } from "../base/checked.ts";
import { placeText } from "../base/problem.ts";
import type { Catalogue } from "../catalog/catalogue.ts";
import type { RowFacets } from "../catalog/row-class.ts";
import { releasedClasses, transformFor } from "../extract/mask.ts";
import type { Law } from "../law/law.ts";
import { GRADES } from "../law/source.ts";
import { leavesOf } from "../law/vocabulary.ts";
import { dayView } from "../verdict/day-view.ts";
import type { ClassJudge } from "./class-judge.ts";
import { classJudge } from "./class-judge.ts";
import type { AskedSegment } from "./columns.ts";
import { askedSegments, specialOf } from "./columns.ts";
import type { Plan } from "./plan.ts";
import type { PlanDataset } from "./plan-dataset.ts";
import { makePlan } from "./plan.ts";
import type { ReleaseRequest } from "./release-request.ts";
import { locator, parseReleaseRequest } from "./release-request.ts";
import { planLines } from "./wording.ts";
import { withheldOf } from "./withheld.ts";

let law: Law;
let catalogue: Catalogue;
beforeAll(async () => {
  [law, catalogue] = [await shippedLaw(), await eligibleCatalogue()];
});

const HEAD = "from: hhs-cms\nto: hhs-oig\npurpose: waste-fraud-abuse\ndataset: tmsis/eligible@2025-12\n";
const ICE = `from: hhs-cms
to: dhs-ice
purpose: immigration-enforcement
dataset: tmsis/eligible@2025-12
evidence: [{ kind: request-1360b, file: f, sha256: ${"0".repeat(64)}, issued: 2026-01-01, verifiedBy: nobody }]
`;

function read(text: string): ReleaseRequest {
  const parsed = parseReleaseRequest("r.yaml", text, law);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const said = (checked: Checked<unknown>): readonly string[] =>
  checked.ok ? [] : checked.problems.map(({ message, hint, at }) => `${at === undefined ? "" : placeText(at)} ${message} | ${hint ?? ""}`);

const FACETS: RowFacets = { origin: "CA", population: ["unlawfully-present"], funding: ["federal"], applicant: ["yes"], idIsSsn: false };
const unknown = (): readonly string[] => leavesOf(law.vocabulary.populations);

/** A submission whose classes have these facets, ten people more in each than in the one before. */
function submission(origin: string, classes: readonly Partial<RowFacets>[], idIsSsn = false): PlanDataset {
  const digest = origin.charCodeAt(0).toString(16).padStart(64, "0");
  return {
    digest,
    origin,
    idIsSsn,
    classes: {
      format: "writ-classes/1",
      asOf: "2026-01-07",
      classes: classes.map((facets, id) => ({ id, facets: { ...FACETS, origin, idIsSsn, ...facets }, people: 10 * (id + 1) })),
      sha256: "0".repeat(64),
    },
    classesFile: "classes/c.parquet",
    segmentFiles: Object.fromEntries(catalogue.segments.map(({ id }) => [id, `${id}.parquet`])),
  };
}

const make = (text: string, datasets: readonly PlanDataset[], on = "2026-01-07"): Checked<Plan> =>
  makePlan({
    view: dayView(law, on as CivilDate, GRADES),
    lawHash: "f".repeat(64),
    request: read(text),
    catalogue,
    catalogueSha256: "e".repeat(64),
    datasets,
    whatIf: false,
    simulated: true,
    locate: locator("r.yaml", text),
  });

function planOf(text: string, datasets: readonly PlanDataset[], on?: string): Plan {
  const made = make(text, datasets, on);
  if (!made.ok) throw new Error(said(made).join());
  return made.value;
}

describe("what is asked for", () => {
  const segmentsOf = (asked: string): readonly string[] => {
    const found = askedSegments(read(`${HEAD}${asked}\n`), catalogue, law, () => undefined);
    if (!found.ok) throw new Error(said(found).join());
    return found.value.map(({ segment, elements }) => `${segment.id} ${elements.length}`);
  };

  it("is the segments that hold it, and companions only beside it", () => {
    expect(segmentsOf("fields: [phone]")).toEqual(["ELG00004 1"]);
    expect(segmentsOf("fields: [phone, medicaid-id, enrolment-date, structural]").map((one) => one.slice(0, 8))).toEqual(["ELG00004"]);
    expect(segmentsOf("fields: [sex]")).toEqual(["ELG00002 1"]);
    expect(segmentsOf("elements: [ELIGIBLE-PHONE-NUM, MSIS-IDENTIFICATION-NUM]")).toEqual(["ELG00004 2"]);
  });

  it("is the first segment that holds it where it is companions alone", () => {
    expect(segmentsOf("fields: [medicaid-id]")).toEqual(["ELG00002 1"]);
    expect(segmentsOf("elements: [MSIS-IDENTIFICATION-NUM]")).toEqual(["ELG00002 1"]);
  });

  it("is everything for the full dataset, and never the header", () => {
    const whole = segmentsOf("fields: [full-dataset]");
    const elements = catalogue.segments.filter(({ id }) => id !== "ELG00001").map((segment) => `${segment.id} ${segment.elements.length}`);
    expect(whole).toEqual(elements);
  });

  it.each([
    ["elements: [SXE]", 'r.yaml:5:12 unknown element "SXE" | did you mean "SEX"?'],
    ["elements: [SEX, FILE-NAME]", 'r.yaml:5:17 unknown element "FILE-NAME" | '],
    ["fields: [sex]\nwhere: { elements: [{ element: SXE, in: [F] }] }", 'r.yaml:6:32 unknown element "SXE" | did you mean "SEX"?'],
    [
      "fields: [sex, safe-harbor-deidentified]",
      'r.yaml:5:15 "safe-harbor-deidentified" is a property of a whole extract, not a category of elements | name the categories',
    ],
    ["fields: [bank-account]", "r.yaml:5:9 no element of tmsis/eligible is of the categories asked for | "],
    [
      "fields: [sex, phone]\nwhere: { elements: [{ element: SEX, in: [F] }] }",
      "r.yaml:6:8 a filter reaches the rows of its own segment only | ",
    ],
  ])("is refused where it is wrong: %j", (asked, message) => {
    const [found = "", ...others] = said(make(`${HEAD}${asked}\n`, [submission("CA", [{}])]));
    expect(found).toContain(message);
    expect(others).toEqual([]);
  });
});

describe("a plan", () => {
  const text = `${ICE}fields: [address, phone, medicaid-id, name]\n`;
  const datasets = (): readonly PlanDataset[] => [
    submission("CA", [{}, { population: unknown() }]),
    submission("NM", [{}, { population: ["citizen"] }], true),
  ];

  it("permits the proven people their categories, and an SSN-state's id to nobody", () => {
    const plan = planOf(text, datasets());
    expect(plan.permitted).toEqual([
      { origin: "CA", people: "1-10", fields: ["address", "medicaid-id", "phone"] },
      { origin: "NM", people: "1-10", fields: ["address", "phone"] },
    ]);
    expect(plan.asked).toEqual({ people: "42-100", fields: ["address", "medicaid-id", "name", "phone"] });
    const id = plan.withheld.find(({ fields, origins }) => fields.includes("medicaid-id") && origins.includes("NM"));
    expect(id).toMatchObject({ from: "everybody", because: "this month's ids are Social Security numbers (header)" });
    expect(id?.cites.length).toBeGreaterThan(0);
  });

  it("releases exactly what it says it permits", () => {
    const plan = planOf(text, datasets());
    for (const { origin, fields } of plan.permitted) {
      const { digest = "" } = datasets().find((one) => one.origin === origin) ?? {};
      const released = plan.spec.segments.flatMap((segment) =>
        segment.sources
          .filter(({ dataset }) => dataset === digest)
          .flatMap(({ verdicts }) =>
            verdicts.flatMap((verdict) => segment.columns.filter((column) => transformFor(column, verdict) !== undefined)),
          ),
      );
      expect([...new Set(released.map(({ category }) => category))].sort()).toEqual(fields);
    }
  });

  it("carries the judge's masks into what the engine is told, class by class", () => {
    for (const asked of [text, `${ICE}fields: [full-dataset]\n`, `${HEAD}fields: [full-dataset]\n`]) {
      const plan = planOf(asked, datasets());
      const judge = classJudge(dayView(law, "2026-01-07" as CivilDate, GRADES), read(asked), { idField: "medicaid-id" });
      expect(plan.spec.segments.length).toBeGreaterThan(0);
      for (const segment of plan.spec.segments) {
        const found = catalogue.segments.find(({ id }) => id === segment.segment);
        if (found === undefined) throw new Error("no such segment");
        for (const source of segment.sources) {
          const classes = datasets().find(({ digest }) => digest === source.dataset)?.classes.classes ?? [];
          expect(source.verdicts.map(({ classId }) => classId)).toEqual(classes.map(({ id }) => id));
          for (const { classId, masks } of source.verdicts) {
            const facets = classes.find(({ id }) => id === classId)?.facets ?? FACETS;
            for (const { category } of segment.columns)
              expect(masks[category]).toBe(judge.mask(facets, specialOf({ segment: found, elements: [] }), category).word);
          }
        }
      }
    }
  });

  it("is empty, and a value, where nothing is permitted", () => {
    const plan = planOf(text, [submission("CA", [{ population: unknown() }])]);
    expect({ permitted: plan.permitted, segments: plan.spec.segments, sql: plan.sql, restsOn: plan.restsOn }).toEqual({
      permitted: [],
      segments: [],
      sql: [],
      restsOn: [],
    });
    expect(planLines(plan)).toContain("permitted  nothing");
    expect(planLines(plan).join("\n")).toContain("status unproven, or not unlawfully-present");
  });

  it("is the same to the byte when made again", () => {
    expect(JSON.stringify(planOf(text, datasets()))).toBe(JSON.stringify(planOf(text, datasets())));
  });

  it("shows a state that submits twice once", () => {
    const [first, second] = [submission("CA", [{}]), { ...submission("CA", [{}, {}]), digest: "c".repeat(64) }];
    const plan = planOf(text, [first, second]);
    expect(plan.permitted).toEqual([{ origin: "CA", people: "22-60", fields: ["address", "medicaid-id", "phone"] }]);
    expect(plan.withheld.map(({ origins }) => origins)).toEqual([["CA"]]);
  });
});

describe("a filter", () => {
  const asked = (values: string): string =>
    `${ICE}elements: [ELIGIBLE-PHONE-NUM]\nwhere: { elements: [{ element: ELIGIBLE-ZIP-CODE, in: [${values}] }] }\n`;

  it("reaches only the people who may be told by it, and counts among what is told", () => {
    const plan = planOf(asked('"90001"'), [submission("CA", [{}, { population: unknown() }])]);
    const [segment] = plan.spec.segments;
    if (segment?.sources[0] === undefined) throw new Error("nothing is released");
    expect(releasedClasses(segment, segment.sources[0])).toEqual([0]);
    expect(plan.permitted).toEqual([{ origin: "CA", people: "1-10", fields: ["address", "phone"] }]);
    expect(plan.asked.fields).toEqual(["address", "phone"]);
    expect(plan.withheld.flatMap(({ fields }) => fields)).toContain("address");
  });

  it("on what is withheld from everybody is refused by name, where it stands", () => {
    const text = `${ICE}elements: [PRIMARY-LANGUAGE-CODE]\nwhere: { elements: [{ element: CITIZENSHIP-IND, in: ["1"] }] }\n`;
    expect(said(make(text, [submission("CA", [{ population: unknown() }])]))).toEqual([
      "r.yaml:7:32 the filter asks by CITIZENSHIP-IND, which is withheld | whoever selects by an element learns it; leave the filter out",
    ]);
  });
});

describe("what is withheld", () => {
  /** A judge that omits what is listed: `FIELD` or `FIELD ORIGIN` or `FIELD ORIGIN POPULATION`. */
  const judgeThat = (omits: readonly string[], word = "clear"): ClassJudge => {
    const isOmitted = (facets: RowFacets, field: string): boolean =>
      [field, `${field} ${facets.origin}`, ...facets.population.map((leaf) => `${field} ${facets.origin} ${leaf}`)].some((key) =>
        omits.includes(key),
      );
    return {
      mask: (facets, _special, field) => ({ word: isOmitted(facets, field) ? "omitted" : word, verdicts: undefined as never }),
      explain: (_facets, _special, field) =>
        ({
          outcome: "no-authority",
          reasons: [{ effect: "no-permit", cites: [`cite of ${field === "sex" ? "sex" : "all"}`], missing: [] }],
        }) as never,
    };
  };
  const asked = (fields: string): readonly AskedSegment[] => {
    const found = askedSegments(read(`${HEAD}fields: [${fields}]\n`), catalogue, law, () => undefined);
    if (!found.ok) throw new Error(said(found).join());
    return found.value;
  };
  const both = (): readonly PlanDataset[] => [submission("CA", [{}, { population: ["citizen"] }]), submission("NM", [{}])];

  it("folds states, then categories, that fare alike", () => {
    const found = withheldOf(asked("address, phone, sex"), both(), judgeThat(["address", "phone", "sex"]));
    expect(found).toEqual([
      { fields: ["address", "phone"], origins: ["CA", "NM"], from: "everybody", outcome: "no-authority", cites: ["cite of all"] },
      { fields: ["sex"], origins: ["CA", "NM"], from: "everybody", outcome: "no-authority", cites: ["cite of sex"] },
    ]);
  });

  it("tells one state from another, and some people from everybody, who come first", () => {
    const found = withheldOf(asked("address, phone"), both(), judgeThat(["address CA citizen", "phone NM"]));
    expect(found.map(({ fields, origins, from }) => [fields, origins, from])).toEqual([
      [["phone"], ["NM"], "everybody"],
      [["address"], ["CA"], "some people"],
    ]);
  });

  it("is nothing where everything goes out", () => {
    expect(withheldOf(asked("address, phone"), both(), judgeThat([]))).toEqual([]);
  });

  it("names what would have to be known: the status, or the way the care was paid", () => {
    const open = [submission("CA", [{ population: ["citizen", "refugee"] }])];
    expect(withheldOf(asked("phone"), open, judgeThat(["phone CA citizen"]))[0]?.because).toBe("status unproven, or not refugee");
    expect(withheldOf(asked("phone"), open, judgeThat(["phone"]))[0]?.because).toBeUndefined();
  });

  it("is also what is permitted in a form its elements cannot take", () => {
    expect(withheldOf(asked("address"), both(), judgeThat([], "county"))[0]?.because).toBe(
      "permitted as county only, which these elements cannot become",
    );
    expect(withheldOf(asked("date-of-birth"), both(), judgeThat([], "year"))).toEqual([]);
  });
});
