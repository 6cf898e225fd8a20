import { sha256 } from "../../src/app/sha256.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Problem } from "../../src/core/base/problem.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { Law } from "../../src/core/law/law.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import type { Grade, SourceFile } from "../../src/core/law/source.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import type { Verdict } from "../../src/core/verdict/decide.ts";
import { decide } from "../../src/core/verdict/decide.ts";
import { parseRequest } from "../../src/core/verdict/request.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";

/** A vocabulary small enough to keep in mind, with one of each shape: trees, masks, a group of populations, a word with a meaning. */
const VOCABULARY: Readonly<Record<string, string>> = {
  "parties.yaml": `
- { id: hhs, title: health }
- { id: hhs-cms, title: health centre, in: [hhs], holds: medicaid }
- { id: dhs, title: security }
- { id: dhs-ice, title: security branch, in: [dhs] }
- { id: detailee, title: person of two employers, in: [hhs, dhs] }
- { id: researcher, title: researcher }
`,
  "purposes.yaml": `
- { id: enforcement, title: enforcement }
- { id: removal, title: removal, in: [enforcement] }
- { id: research, title: research, aliases: [HRESCH] }
`,
  "populations.yaml": `
- { id: lawfully-present, title: lawfully present }
- { id: citizen, title: citizen, in: [lawfully-present] }
- { id: refugee, title: refugee, in: [lawfully-present] }
- { id: unlawfully-present, title: unlawfully present }
`,
  "fields.yaml": `
- { id: address, title: address, masks: [clear, county, state, omitted] }
- { id: date-of-birth, title: date of birth, masks: [clear, year, omitted] }
- { id: name, title: name }
- { id: claims, title: claims }
- { id: sud-record, title: substance use, means: { field: claims, special: part2 } }
- { id: full-dataset, title: everything, extract: true }
`,
  "jurisdictions.yaml": `
- { id: none, title: no state }
- { id: CA, title: California }
- { id: DC, title: District }
- { id: TX, title: Texas }
`,
  "record-systems.yaml": `
- { id: medicaid, title: medicaid }
- { id: voter, title: voter }
`,
  "evidence.yaml": `
- { id: letter, title: letter }
- { id: warrant, title: warrant }
`,
  "duties.yaml": `
- { id: destroy-by, title: destroy, takes: days }
- { id: no-redisclosure, title: pass nothing on }
- { id: notify-state, title: tell the state }
`,
  "facets.yaml": `
- { id: funding, title: funding, leaves: [{ id: federal }, { id: state-only }], assumed: federal }
- { id: special, title: special, leaves: [{ id: none }, { id: part2 }], assumed: none }
- { id: applicant, title: applicant, leaves: [{ id: "yes" }, { id: "no" }], assumed: "yes" }
`.replaceAll(/\{ id: ("?[a-z0-9-]+"?) \}/g, "{ id: $1, title: leaf }"),
};

/** Two regimes that need a permit (one for citizens only) and two that can only bar. */
const REGIMES = `---
id: regimes
---
\`\`\`cedar
@id("programme") @needs("permit") @cite("Programme Act")
permit (principal, action, resource) when { resource.system == RecordSystem::"medicaid" };

@id("privacy") @needs("permit") @cite("Privacy Act")
permit (principal, action, resource) when { resource.population == Population::"citizen" };

@id("orders") @needs("bars-only") @cite("orders")
permit (principal, action, resource);

@id("policies") @needs("bars-only") @cite("policies")
permit (principal, action, resource);
\`\`\`
`;

export const vocabularyFiles = (): readonly SourceFile[] => [
  ...Object.entries(VOCABULARY).map(([name, text]) => ({ path: `vocabulary/${name}`, text })),
  { path: "vocabulary/regimes.md", text: REGIMES },
];

/** A rule as it stands in a file, between its fences. */
export const fenced = (...rules: readonly string[]): string => ["```cedar", ...rules, "```"].join("\n");

export type RuleParts = { readonly id?: string; readonly head?: string; readonly when?: string; readonly notes?: string };

const rule =
  (effect: "permit" | "forbid") =>
  ({ id = "1", head = "principal, action, resource", when = "true", notes = "" }: RuleParts = {}): string =>
    `@id("${id}") @cite("${effect} ${id}") ${notes}\n${effect} (${head})\nwhen { ${when} };`;
export const permit: (parts?: RuleParts) => string = rule("permit");
export const bar: (parts?: RuleParts) => string = rule("forbid");

/** An instrument's file; `front` adds or replaces front matter, one `key: value` each. */
export function instrument(id: string, front: Readonly<Record<string, string>>, ...rules: readonly string[]): SourceFile {
  const keys = {
    id,
    title: `title of ${id}`,
    cite: `cite of ${id}`,
    kind: "order",
    regime: "programme",
    issued: "2020-01-01",
    sources: "[{ cite: source, grade: read }]",
    ...front,
  };
  const matter = Object.entries(keys).map(([key, value]) => `${key}: ${value}`);
  return { path: `${id}.md`, text: ["---", ...matter, "---", ...(rules.length === 0 ? [] : [fenced(...rules)]), ""].join("\n") };
}

export const graded = (grade: Grade): { readonly sources: string } => ({ sources: `[{ cite: source, grade: ${grade} }]` });

/** The law of the small vocabulary and these files; throws when they do not load. */
export function smallLaw(...files: readonly SourceFile[]): Law {
  const loaded = loadLaw([...vocabularyFiles(), ...files], cedarJudge, sha256);
  if (!loaded.ok) throw new ProblemError(...loaded.problems);
  return loaded.value;
}

/** Why these files do not load. */
export function refusals(...files: readonly SourceFile[]): readonly Problem[] {
  const loaded = loadLaw([...vocabularyFiles(), ...files], cedarJudge, sha256);
  return loaded.ok ? [] : loaded.problems;
}

/** Asked when nothing else is said: an address that no state submitted, of a refugee, so that one regime needs a permit. */
export const ASKED: Readonly<Record<string, unknown>> = {
  from: "hhs-cms",
  to: "researcher",
  purpose: "research",
  field: "address",
  population: "refugee",
  origin: "none",
};

export function ask(law: Law, on: string, row: Readonly<Record<string, unknown>> = {}, admitted: readonly Grade[] = GRADES): Verdict {
  const parsed = parseRequest({ ...ASKED, ...row }, law);
  if (!parsed.ok) throw new ProblemError(...parsed.problems);
  return decide(dayView(law, on as CivilDate, admitted), parsed.value.request);
}

/** The outcome alone. */
export const outcome = (...asked: Parameters<typeof ask>): Verdict["outcome"] => ask(...asked).outcome;
