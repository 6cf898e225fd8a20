import type { SourceFile } from "../src/core/law/source.ts";
import type { Random } from "../src/core/generate/random.ts";
import { seededRandom } from "../src/core/generate/random.ts";

/**
 * Law in the shape of the shipped one, of any size: statutes that permit for a purpose on evidence, orders that bar what a tree of
 * parties gets from the states on a list, policies that bar or mask, exceptions to all of them.
 */
export function generatedLaw(ruleCount: number): readonly SourceFile[] {
  const random = seededRandom("law", ruleCount);
  const instruments = Math.ceil(ruleCount / 6);
  return [...vocabulary(), ...Array.from({ length: instruments }, (_, at) => instrument(at, Math.min(6, ruleCount - at * 6), random))];
}

const numbered = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${prefix}-${at + 1}`);

const AGENCIES = numbered("agency", 18);
const OFFICES = AGENCIES.flatMap((agency) => numbered(agency, 3));
const PARTIES = [...AGENCIES, ...OFFICES];
const AIMS = numbered("aim", 8);
const PURPOSES = [...AIMS, ...AIMS.flatMap((aim) => numbered(aim, 4))];
const STATES = numbered("state", 56);
const FIELDS = numbered("field", 24);
const SYSTEMS = numbered("system", 6);
const EVIDENCE = numbered("document", 24);
const POPULATIONS = ["lawful", ...numbered("lawful", 6), "unlawful"];
const MASKS: readonly (readonly string[])[] = [["county", "state"], ["year"], []];

function vocabulary(): readonly SourceFile[] {
  const parent = (id: string): string => id.slice(0, id.lastIndexOf("-"));
  const listed = (file: string, ids: readonly string[], more: (id: string, at: number) => string = () => ""): SourceFile => ({
    path: `vocabulary/${file}.yaml`,
    text: ids.map((id, at) => `- { id: ${id}, title: ${id}${more(id, at)} }`).join("\n"),
  });
  const under =
    (tops: readonly string[]) =>
    (id: string): string =>
      tops.includes(parent(id)) ? `, in: [${parent(id)}]` : "";
  const masks = (_: string, at: number): string => `, masks: [${["clear", ...(MASKS[at % 3] ?? []), "omitted"].join(", ")}]`;
  const leaves = (ids: readonly string[]): string =>
    `, leaves: [${ids.map((id) => `{ id: "${id}", title: leaf }`).join(", ")}], assumed: "${ids[0]}"`;
  const facets = [["funding", "federal", "state-only"], ["special", "none", "part2"], ["applicant", "yes", "no"]] as const; // prettier-ignore
  return [
    listed("parties", PARTIES, under(AGENCIES)),
    listed("purposes", PURPOSES, under(AIMS)),
    listed("populations", POPULATIONS, under(["lawful"])),
    listed("fields", FIELDS, masks),
    listed("jurisdictions", ["none", ...STATES]),
    listed("record-systems", SYSTEMS),
    listed("evidence", EVIDENCE),
    listed("duties", ["no-redisclosure"]),
    listed("facets", facets.map(([id]) => id), (_, at) => leaves(facets[at]?.slice(1) ?? [])), // prettier-ignore
    { path: "vocabulary/regimes.md", text: regimes() },
  ];
}

const REGIMES = [...AGENCIES.slice(0, 6).map((agency, at) => `act-${at + 1} ${agency}`), "privacy", "orders", "policies"].map((line) =>
  line.split(" "),
);

function regimes(): string {
  const declared = REGIMES.map(([id, agency]) => {
    const when =
      agency === undefined
        ? id === "privacy"
          ? 'resource.population in Population::"lawful"'
          : "true"
        : `context.discloser in Party::"${agency}"`;
    const needs = agency === undefined && id !== "privacy" ? "bars-only" : "permit";
    return `@id("${id}") @needs("${needs}") @cite("${id}")\npermit (principal, action, resource) when { ${when} };`;
  });
  return ["---", "id: regimes", "---", "```cedar", ...declared, "```"].join("\n");
}

function instrument(at: number, rules: number, random: Random): SourceFile {
  const kind = random.below(10);
  const isOrder = kind >= 6;
  const regime = isOrder ? (kind < 9 ? "orders" : "policies") : (REGIMES[random.below(7)]?.[0] ?? "privacy");
  const states = STATES.filter(() => random.chance(0.35));
  const open = random.chance(0.3) ? random.below(states.length) : -1;
  const protects =
    kind >= 6 && kind < 9
      ? [
          `protects: [${states.map((id, one) => `{ jurisdiction: ${id}, cite: list${one === open ? ", unresolved: true" : ""} }`).join(", ")}]`,
        ]
      : [];
  const id = `instrument-${at + 1}`;
  const front = [
    `id: ${id}`,
    `title: ${id}`,
    `cite: ${id}`,
    `kind: ${isOrder ? "order" : "statute"}`,
    `regime: ${regime}`,
    "issued: 2020-01-01",
  ];
  const body = Array.from({ length: rules }, (_, one) => {
    if (!isOrder) return permit(one + 1, regime, random);
    return one % 3 === 2 ? exception(id, one + 1, random) : bar(one + 1, protects.length > 0 ? id : undefined, random);
  });
  return {
    path: `${id}.md`,
    text: ["---", ...front, ...protects, "sources: [{ cite: source, grade: read }]", "---", "```cedar", ...body, "```"].join("\n"),
  };
}

const some = (random: Random, list: readonly string[], most: number): readonly string[] =>
  Array.from({ length: 1 + random.below(most) }, () => list[random.below(list.length)] ?? "");
const within = (type: string, term: string, ids: readonly string[]): string =>
  `[${[...new Set(ids)].map((id) => `${type}::"${id}"`).join(", ")}].contains(${term})`;
const noted = (random: Random): string => (random.chance(0.15) ? `@mask("${["county", "state", "year"][random.below(3)] ?? "year"}")` : "");
const written = (id: number, notes: string, effect: string, head: string, clauses: readonly string[]): string =>
  `@id("${id}") @cite("${effect} ${id}") ${notes}\n${effect} (${head})\nwhen { ${clauses.join(" && ")} };`;

function permit(id: number, regime: string, random: Random): string {
  const agency = REGIMES.find(([name]) => name === regime)?.[1];
  const clauses = [
    within("Party", "context.discloser", agency === undefined ? some(random, PARTIES, 6) : [agency, ...numbered(agency, 3)]),
    within("Party", "principal", some(random, PARTIES, 4)),
    within("Purpose", "context.purpose", some(random, PURPOSES, 3)),
    ...(random.chance(0.5) ? [within("Field", "resource.field", some(random, FIELDS, 8))] : []),
    ...(random.chance(0.6) ? [`context.evidence.contains(Evidence::"${EVIDENCE[random.below(24)] ?? ""}")`] : []),
    ...(random.chance(0.2) ? [`resource.system == RecordSystem::"${SYSTEMS[random.below(6)] ?? ""}"`] : []),
    ...(random.chance(0.2) ? [`resource.population == Population::"${POPULATIONS[1 + random.below(7)] ?? ""}"`] : []),
  ];
  return written(id, noted(random), "permit", 'principal, action in [Action::"disclose", Action::"view"], resource', clauses);
}

function bar(id: number, list: string | undefined, random: Random): string {
  const clauses = [
    ...(random.chance(0.6) ? [`context.discloser in Party::"${AGENCIES[random.below(6)] ?? ""}"`] : []),
    ...(random.chance(0.8) ? [`context.purpose in Purpose::"${AIMS[random.below(8)] ?? ""}"`] : []),
    ...(list === undefined ? [] : [`resource.origin in Protected::"${list}"`]),
    ...(random.chance(0.3) ? [within("Field", "resource.field", some(random, FIELDS, 6))] : []),
    ...(random.chance(0.1) ? ['resource.special == Special::"part2"'] : []),
    ...(random.chance(0.1) ? [`!context.evidence.contains(Evidence::"${EVIDENCE[random.below(24)] ?? ""}")`] : []),
  ];
  const head = `principal in Party::"${AGENCIES[random.below(18)] ?? ""}", action, resource`;
  return written(id, noted(random), "forbid", head, clauses.length === 0 ? ["true"] : clauses);
}

function exception(instrumentId: string, id: number, random: Random): string {
  const clauses = [within("Field", "resource.field", some(random, FIELDS, 6)), `resource.population == Population::"unlawful"`];
  return written(id, `@defeats("${instrumentId}#${id - 1}") @interpretation("reading")`, "permit", "principal, action, resource", clauses);
}
