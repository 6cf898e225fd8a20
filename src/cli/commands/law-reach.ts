import { ProblemError } from "../../core/base/problem.ts";
import type { Chain, Hop } from "../../core/verdict/reach.ts";
import { bodiesOf, chainFinder } from "../../core/verdict/reach.ts";
import { dayView } from "../../core/verdict/day-view.ts";
import { buildDiagram } from "../../core/verdict/diagram-build.ts";
import type { Command } from "../command.ts";
import { dayOf, draftLine, LAW_OPTIONS, openLawRoom, text } from "../law-room.ts";
import { knownWords } from "../request-options.ts";

const HELP = `Usage: writ law reach [--from PARTY] [options]

Looks for chains: steps that the law permits one by one, and that together bring a record to a body and
purpose to which its holder may not give it on any evidence. Steps are disclosing, viewing, a body's own
contractor or part, staff in the service of two bodies, and using what one has for another purpose.

  --from PARTY      the holder to start from; default: every body, one after the other
  --without A,B     kinds of evidence nobody is taken to have; default: each step may have any
  --on DATE         the law in force on that day; default today
  --known DATE      only law known by then, as in \`writ decide\`
  --law DIR         default: the workspace's law, else the law that comes with writ
  --json            the chains as one JSON object

No chain found is proof for the loaded law and day, and says nothing about people who do not keep to it.
A chain found is a question for counsel: a court's order at one step may be just what the law means.

Exit: 0 no chain · 21 a chain, for a person to look at

  writ law reach --from hhs-cms
  writ law reach --from hhs-cms --without court-order-for-record,judicial-warrant --on 2025-09-01`;

export const command: Command = {
  name: "law reach",
  summary: "chains of permitted steps that end where a bar protects",
  help: HELP,
  options: { ...LAW_OPTIONS, from: { type: "string" }, without: { type: "string" } },
  operands: [],
  async run({ values, out }) {
    const room = await openLawRoom(values);
    const on = dayOf(values, room.today);
    const bodies = bodiesOf(room.law).map(({ id }) => id);
    const holders = knownWords(listed(text(values["from"])) ?? bodies, bodies, "body", "law/vocabulary/parties.yaml");
    const kinds = room.law.vocabulary.evidence.map(({ id }) => id);
    const without = knownWords(listed(text(values["without"])) ?? [], kinds, "kind of evidence", "law/vocabulary/evidence.yaml");
    const diagram = buildDiagram(dayView(room.law, on, room.admitted));
    if (!diagram.ok) throw new ProblemError(...diagram.problems);
    const chainsFrom = chainFinder(diagram.value, room.law, without);
    const chains = holders.flatMap((holder, at) => {
      if (holders.length > 1) out.draw?.(`${at + 1} of ${holders.length} holders: ${holder}`);
      const found = chainsFrom(holder);
      if (!found.ok) throw new ProblemError(...found.problems);
      return found.value;
    });
    out.draw?.("");
    if (out.json) out.data(JSON.stringify({ on, holders, without, chains, sourceDigest: room.law.sourceDigest }));
    else for (const line of chainLines(chains)) out.data(line);
    out.talk(draftLine(room.law));
    return chains.length === 0 ? 0 : 21;
  },
};

const listed = (said: string | undefined): readonly string[] | undefined => said?.split(",").map((word) => word.trim());

function chainLines(chains: readonly Chain[]): readonly string[] {
  if (chains.length === 0) return ["no chain: what a bar keeps from a body and purpose does not get there by permitted steps"];
  const heads = chains.map((chain) => {
    const record = Object.entries(chain.record).map(([dimension, word]) => `${dimension} ${word}`);
    const steps = chain.hops.map((hop, at) => `  ${at + 1} ${hopText(hop)}`);
    return [
      `${chain.holder} may not give this to ${chain.sinks.join(", ")} for ${purposesText(chain.purposes)}`,
      `  such as: ${record.join(", ")}`,
      ...steps,
    ];
  });
  return [...heads.flatMap((lines) => [...lines, ""]), `${chains.length} chain${chains.length === 1 ? "" : "s"}`];
}

const MOST_PURPOSES = 4;
const purposesText = (purposes: readonly string[]): string =>
  purposes.length <= MOST_PURPOSES
    ? purposes.join(", ")
    : `${purposes.slice(0, MOST_PURPOSES).join(", ")} and ${purposes.length - MOST_PURPOSES} more`;

function hopText({ how, from, to, purpose, evidence }: Hop): string {
  const shown = evidence.length === 0 ? "" : ` on ${evidence.join(" and ")}`;
  if (how === "contractor") return `${to} acts for ${from}`;
  if (how === "detail") return `staff of ${to} placed at ${from}`;
  return how === "use" ? `${from} uses it for ${purpose ?? ""}${shown}` : `${from} → ${to} (${how}, ${purpose ?? ""})${shown}`;
}
