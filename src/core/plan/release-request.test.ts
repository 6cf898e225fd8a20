import { beforeAll, describe, expect, it } from "vitest";
import type { CivilDate } from "../base/civil-date.ts";
import type { Vocabulary } from "../law/vocabulary.ts";
import { placeText } from "../base/problem.ts";
import { shippedVocabulary } from "../../../test/intake/tmsis-file.ts";
import { evidenceFor, evidenceProblems } from "./attached-evidence.ts";
import { locator, parseReleaseRequest, type ReleaseRequest } from "./release-request.ts";

const SHA256 = "0".repeat(64);
const GOOD = `from: hhs-cms
to: dhs-ice
purpose: immigration-enforcement
dataset: tmsis/eligible@2025-12
fields: [address, phone]
where: { origin: [CA, NM] }
evidence:
  - { kind: request-1360b, file: letter.txt, sha256: ${SHA256}, issued: 2026-01-06, validUntil: 2026-02-06, verifiedBy: nobody }
`;

let vocabulary: Vocabulary;
beforeAll(async () => {
  vocabulary = await shippedVocabulary();
});

const read = (text: string): ReleaseRequest => {
  const parsed = parseReleaseRequest("r.yaml", text, { vocabulary });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

/** `place message | hint` of every problem. */
const said = (text: string): readonly string[] => {
  const parsed = parseReleaseRequest("r.yaml", text, { vocabulary });
  return parsed.ok
    ? []
    : parsed.problems.map(({ message, hint, at }) => `${at === undefined ? "nowhere" : placeText(at)} ${message} | ${hint ?? "no hint"}`);
};

describe("a request", () => {
  it("is read whole, with what it leaves open", () => {
    expect(read(GOOD)).toEqual({
      from: "hhs-cms",
      to: "dhs-ice",
      purpose: "immigration-enforcement",
      action: "disclose",
      dataset: { dataset: "tmsis/eligible", period: "2025-12" },
      fields: ["address", "phone"],
      elements: [],
      origins: ["CA", "NM"],
      only: [],
      evidence: [
        { kind: "request-1360b", file: "letter.txt", sha256: SHA256, issued: "2026-01-06", validUntil: "2026-02-06", verifiedBy: "nobody" },
      ],
      pseudonym: false,
    });
  });

  it("takes a purpose by the code another standard has for it", () => {
    const purpose = vocabulary.purposes.find(({ aliases }) => aliases.length > 0);
    expect(read(GOOD.replace("immigration-enforcement", purpose?.aliases[0] ?? "")).purpose).toBe(purpose?.id);
  });

  it.each([
    ["a party", "hhs-cms", "hhs-csm", 'r.yaml:1:7 unknown word "hhs-csm" for "from" | did you mean "hhs-cms"?'],
    ["a recipient", "dhs-ice", "dhs-iec", 'r.yaml:2:5 unknown word "dhs-iec" for "to" | did you mean "dhs-ice"?'],
    [
      "a purpose",
      "immigration-enforcement",
      "imigration-enforcement",
      'r.yaml:3:10 unknown word "imigration-enforcement" for "purpose" | did you mean "immigration-enforcement"?',
    ],
    ["a field, where it stands", "phone", "fone", 'r.yaml:5:19 unknown word "fone" for "fields" | did you mean "phone"?'],
    ["a state", "NM]", "NX]", 'r.yaml:6:23 unknown word "NX" for "origin" | did you mean'],
    [
      "a kind of evidence",
      "request-1360b",
      "request-1306b",
      'r.yaml:8:13 unknown word "request-1306b" for "kind" | did you mean "request-1360b"?',
    ],
    ["a key", "where:", "were:", 'r.yaml:6:7 unknown key "were" | did you mean "where"?'],
    ["a key of evidence", "validUntil", "validUntill", 'unknown key "validUntill" | did you mean "validUntil"?'],
    ["a key of where", "{ origin", "{ origins", 'unknown key "origins" | did you mean "origin"?'],
    ["a digest", SHA256, "ABC", "r.yaml:8:54 sha256 is 64 lower-case hexadecimal digits | sha256sum FILE prints it"],
    ["a day that does not exist", "2026-02-06", "2026-02-30", "r.yaml:8:152 the date 2026-02-30 does not exist | "],
    ["a day in another order", "issued: 2026-01-06", "issued: 06.01.2026", "r.yaml:8:128 "],
    [
      "a dataset without its month",
      "eligible@2025-12",
      "eligible",
      'r.yaml:4:10 "tmsis/eligible" is no dataset reference | write DATASET@YYYY-MM',
    ],
    ["an action", "dataset:", "action: publish\ndataset:", 'r.yaml:4:9 unknown word "publish" for "action" | '],
    ["a choice", "dataset:", "pseudonym: true\ndataset:", 'r.yaml:4:12 "pseudonym" is yes or no | '],
    ["a date to be judged on", "dataset:", "on: 2026-01-07\ndataset:", 'r.yaml:4:5 unknown key "on" | '],
  ])("with %s misspelt is refused where it stands, with a hint", (_, right, wrong, message) => {
    const found = said(GOOD.replace(right, wrong));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it("names either fields or elements, never both and never neither", () => {
    const refusal = "a request names either fields or elements | fields: [address, phone]";
    expect(said(GOOD.replace("fields:", "elements: [A]\nfields:"))).toEqual([`r.yaml:1:1 ${refusal}`]);
    expect(said(GOOD.replace(/fields.*\n/, ""))).toEqual([`r.yaml:1:1 ${refusal}`]);
  });

  it("reports everything wrong with it at once", () => {
    const wrong = GOOD.replace("hhs-cms", "hhs-csm").replace("phone", "fone").replace(SHA256, "x").replace("purpose: ", "porpoise: ");
    expect(said(wrong).length).toBeGreaterThanOrEqual(5);
  });

  it.each(["", "- a list", "from: [hhs-cms]\n", "fields: address\n", "from: &x hhs-cms\nto: *x\n", "from: {{{", "a: 1\n---\nb: 2\n"])(
    "is refused, not thrown at, as %j",
    (text) => {
      expect(said(text).length).toBeGreaterThan(0);
    },
  );
});

describe("places", () => {
  it("are found by key and by word, and nowhere else", () => {
    const locate = locator("r.yaml", GOOD);
    expect(locate("fields", "phone")).toEqual({ file: "r.yaml", line: 5, column: 19 });
    expect(locate("where", "NM")).toEqual({ file: "r.yaml", line: 6, column: 23 });
    expect(locate("fields", "absent")).toEqual(locate("fields"));
    expect(locate("absent")).toEqual({ file: "r.yaml" });
  });
});

describe("evidence", () => {
  const scoped = (scope: string): ReleaseRequest => read(GOOD.replace("verifiedBy: nobody", `verifiedBy: nobody, ${scope}`));

  it("counts for all it does not limit, and only for the categories and states it names", () => {
    expect(evidenceFor(read(GOOD), { field: "address", origin: "CA" })).toEqual(["request-1360b"]);
    expect(evidenceFor(scoped("fields: [address]"), { field: "address", origin: "CA" })).toEqual(["request-1360b"]);
    expect(evidenceFor(scoped("fields: [address]"), { field: "phone", origin: "CA" })).toEqual([]);
    expect(evidenceFor(scoped("origins: [CA]"), { field: "address", origin: "CA" })).toEqual(["request-1360b"]);
    expect(evidenceFor(scoped("origins: [CA]"), { field: "address", origin: "NM" })).toEqual([]);
    expect(evidenceFor(scoped("fields: [address], origins: [CA]"), { field: "phone", origin: "CA" })).toEqual([]);
    expect(evidenceFor(scoped("fields: [], origins: []"), { field: "address", origin: "CA" })).toEqual([]);
  });

  it("holds from the day it is issued to the day it ends, both included", () => {
    const on = (day: string): readonly string[] =>
      evidenceProblems(read(GOOD), day as CivilDate).map(({ code, message }) => `${code} ${message}`);
    expect(on("2026-01-05")).toEqual(["E_EVIDENCE the request-1360b is issued on 2026-01-06, after 2026-01-05"]);
    expect(on("2026-01-06")).toEqual([]);
    expect(on("2026-02-06")).toEqual([]);
    expect(on("2026-02-07")).toEqual(["E_EVIDENCE the request-1360b expired on 2026-02-06"]);
    const endless = read(GOOD.replace(" validUntil: 2026-02-06,", ""));
    expect(evidenceProblems(endless, "2099-01-01" as CivilDate)).toEqual([]);
  });
});
