import { KINDS } from "./front-matter.ts";
import type { InstrumentKind } from "./instrument.ts";

/** What a first draft can be begun for: an instrument of each kind, or a regime's declaration. */
export type TemplateName = InstrumentKind | "regime";
export const TEMPLATE_NAMES: readonly TemplateName[] = [...KINDS, "regime"];

/** The text to begin with. What stands in `<<…>>` is for the author; no file loads while one is left. */
export const templateText = (name: TemplateName): string => (name === "regime" ? REGIME : instrumentText(name));

/** What differs between the kinds: front matter after `title`, the heading's paragraph, rules and the expected answers. */
type Parts = {
  readonly front: readonly string[];
  readonly paragraph: string;
  readonly rules: readonly string[];
  readonly expect: readonly (readonly [origin: string, recipient: string, expected: "permit" | "bar" | "silent"])[];
};

const HEAD = ['@id("1")', '@cite("<<citation>>")', '@pinpoint("¶1")'];
/** Permits name one recipient; bars name a body and reach all under it. */
const PERMIT = [
  ...HEAD,
  'permit (principal == Party::"<<recipient>>", action == Action::"disclose", resource)',
  "when {",
  '  context.discloser == Party::"<<discloser>>" &&',
  '  context.purpose == Purpose::"<<purpose>>" &&',
  '  [Field::"<<field>>"].contains(resource.field) &&',
  '  resource.system == RecordSystem::"<<record system>>"',
  "};",
];
const bar = (last: string): readonly string[] => [
  ...HEAD,
  'forbid (principal in Party::"<<recipient>>", action in [Action::"disclose", Action::"view"], resource)',
  "when {",
  '  context.discloser in Party::"<<discloser>>" &&',
  '  context.purpose in Purpose::"<<purpose>>" &&',
  '  resource.system == RecordSystem::"<<record system>>"' + (last === "" ? "" : " &&"),
  ...(last === "" ? [] : [`  ${last}`]),
  "};",
];
const PERMITTED: Parts["expect"] = [
  ["<<origin>>", "<<recipient>>", "permit"],
  ["<<origin>>", "<<other recipient>>", "silent"],
];
const BARRED: Parts["expect"] = [
  ["<<origin>>", "<<recipient>>", "bar"],
  ["<<origin>>", "<<other recipient>>", "silent"],
];

const ENACTED: Parts = {
  front: ["regime: <<regime>>", 'cite: "<<citation>>"', "issued: <<day of enactment>>", "effective: <<first day in force>>"],
  paragraph: "¶1 <<who may give what to whom, for what, in your own words>>",
  rules: PERMIT,
  expect: PERMITTED,
};

const PARTS: Readonly<Record<InstrumentKind, Parts>> = {
  statute: ENACTED,
  regulation: ENACTED,
  policy: {
    front: [
      "regime: agency-policy",
      'cite: "<<citation>>"',
      "issued: <<day of publication>>",
      "effective: <<first day in force>>",
      "# The custodian whose own policy this is; it reaches that custodian only, and can only bar.",
      "binds: <<discloser>>",
    ],
    paragraph: "¶1 <<what the custodian says it does not give, in your own words>>",
    rules: bar(""),
    expect: BARRED,
  },
  agreement: {
    front: [
      "regime: agreements",
      'cite: "<<citation>>"',
      "issued: <<day of signature>>",
      "effective: <<first day in force>>",
      "ends: <<last day in force>>",
    ],
    paragraph: "¶1 <<what the holder may do under the agreement, in your own words>>",
    rules: PERMIT,
    expect: PERMITTED,
  },
  order: {
    front: [
      "regime: orders",
      "court: <<court>>",
      'docket: "<<docket number>>"',
      "# The document's number, where the docket gives one: entry. Never the order's identity by itself.",
      'cite: "<<citation>>"',
      "issued: <<day of entry>>",
      "effective: <<first day in force>>",
      "# Where the order says so: ends, endsOnEvent, extends, supersedes, stayed, vacated, discharges.",
      "# The states of this order's parties, one line each. One that is disputed takes unresolved: true.",
      "protects:",
      '  - { jurisdiction: <<origin>>, cite: "<<where the order names it>>" }',
    ],
    paragraph: "¶1 <<who may not give what to whom, for what, in your own words>>",
    rules: bar('resource.origin in Protected::"<<id>>"'),
    expect: [["<<origin>>", "<<recipient>>", "bar"], ["<<origin>>", "<<other recipient>>", "silent"], ["<<other origin>>", "<<recipient>>", "silent"]], // prettier-ignore
  },
};

const COLUMNS = ["on", "from", "to", "purpose", "origin", "population", "field", "expect"];

function instrumentText(kind: InstrumentKind): string {
  const { front, paragraph, rules, expect } = PARTS[kind];
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = expect.map(([origin, recipient, expected]) =>
    row(["<<a day in force>>", "<<discloser>>", recipient, "<<purpose>>", origin, "<<population>>", "<<field>>", expected]),
  );
  return `---
# Fill in what stands in double angle brackets. docs/formats/instrument.md explains each key.
id: <<id>>
title: "<<title>>"
kind: ${kind}
${front.join("\n")}
# grade: read (a named person read this very text), secondary (a report of it), recalled.
sources:
  - { cite: "<<what was read>>", url: "<<address>>", grade: <<grade>> }
---

# <<title>>

<<what it is about and what it leaves open, in your own words>>

${paragraph}

\`\`\`cedar
${rules.join("\n")}
\`\`\`

What it is expected to answer, taken alone: permit, bar or silent. Write rows you would stake your name on, and some it must not reach.

${[row(COLUMNS), row(COLUMNS.map(() => "---")), ...rows].join("\n")}

## Read by

<<who read the primary text, when; or that nobody did>>
`;
}

const REGIME = `## <<title>>

<<whom this body of law binds, and about which records>>

\`\`\`cedar
@id("<<id>>")
@title("<<title>>")
@needs("<<permit or bars-only>>")
@cite("<<citation>>")
permit (principal, action, resource)
when { context.discloser in Party::"<<discloser>>" && resource.system == RecordSystem::"<<record system>>" };
\`\`\`
`;
