import { thousands } from "../../core/base/thousands.ts";
import type { CivilDate } from "../../core/base/civil-date.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { RowClass } from "../../core/catalog/row-class.ts";
import { bandOf, bandText } from "../../core/ledger/band.ts";
import type { Law } from "../../core/law/law.ts";
import { boxText, hullOf, peopleIn, verdictText } from "../../core/verdict/box-wording.ts";
import type { Box, Change } from "../../core/verdict/diagram-box.ts";
import { CHANGES } from "../../core/verdict/diagram-box.ts";
import type { LawChange } from "../../core/verdict/law-change.ts";
import { boxesIn, compareLaw } from "../../core/verdict/law-change.ts";
import { openWorkspace } from "../../app/workspace.ts";
import { workspaceFiles } from "../../store/workspace-files.ts";
import type { Command } from "../command.ts";
import { openDataRoom } from "../data-room.ts";
import { value } from "../value.ts";
import type { LawRoom } from "../law-room.ts";
import { dayOf, draftLine, openLawRoom } from "../law-room.ts";
import { classesOf } from "../stored-classes.ts";

const HELP = `Usage: writ law diff [BEFORE] [AFTER] [--since DATE] [--boxes N]

What one law does that the other does not, on every day from a day on: what it opens, what it closes, in
plain words, with the number of combinations and, in a workspace, of people who may be concerned.

  BEFORE, AFTER   law folders. One folder is compared with the law in use here. Without any, a workspace's law
                  as entered is compared with its files as they stand
  --since DATE    the first day compared; default today
  --boxes N       most parts shown of each change; default 4
  --json          the changes as one JSON object

No difference is proof, over the whole space, that both laws decide alike on those days; reasons and duties
may still differ.

Exit: 0 compared · 2 a law does not load

  writ law diff
  writ law diff ./proposed-law
  writ law diff ./law-of-may ./law-of-june --since 2026-05-01`;

export const command: Command = {
  name: "law diff",
  summary: "what one law does that another does not, before it does it",
  help: HELP,
  options: { since: { type: "string" }, boxes: { type: "string" } },
  operands: ["[BEFORE]", "[AFTER]"],
  async run({ values, positionals, out }) {
    const [before, after] = await roomsOf(positionals);
    const since = dayOf(values, after.today, "since");
    const mostBoxes = boxLimit(values["boxes"]);
    const changes = value(compareLaw(before.law, after.law, since, after.admitted));
    const people = changes.length === 0 ? undefined : await storedClasses(since);
    if (out.json)
      out.data(JSON.stringify({ since, before: before.law.sourceDigest, after: after.law.sourceDigest, changes: changes.map(asJson) }));
    else for (const line of changeLines(changes, after.law, { people, mostBoxes, since })) out.data(line);
    out.talk(draftLine(after.law));
    return 0;
  },
};

async function roomsOf([first, second]: readonly string[]): Promise<readonly [LawRoom, LawRoom]> {
  if (first !== undefined && second !== undefined) return [await openLawRoom({ law: first }), await openLawRoom({ law: second })];
  return [await openLawRoom({}), await openLawRoom(first === undefined ? {} : { law: first }, "as it stands")];
}

function boxLimit(said: unknown): number {
  if (said === undefined) return 4;
  if (typeof said === "string" && /^[1-9]\d{0,4}$/.test(said)) return Number(said);
  throw new ProblemError(problem("E_USAGE", "--boxes must be a whole number from 1 on", { hint: "such as --boxes 50" }));
}

/** People of every stored submission by class; undefined outside a workspace, or where nothing is stored. */
async function storedClasses(on: CivilDate): Promise<readonly RowClass[] | undefined> {
  const workspace = await openWorkspace(process.cwd(), workspaceFiles);
  if (!workspace.ok) return undefined;
  const room = await openDataRoom(workspace.value);
  const stored = value(room.store.list());
  const tables = await Promise.all(stored.map((one) => classesOf(one, room, on, {})));
  return stored.length === 0 ? undefined : tables.flatMap((table) => table?.classes ?? []);
}

type Shown = { readonly people: readonly RowClass[] | undefined; readonly mostBoxes: number; readonly since: CivilDate };

function changeLines(changes: readonly LawChange[], law: Law, shown: Shown): readonly string[] {
  if (changes.length === 0) return [`no difference: both laws decide alike on every day from ${shown.since} on`];
  return changes.flatMap(({ from, to, comparison }) => [
    `${from} ${to === undefined ? "on" : `to ${to}`}`,
    ...CHANGES.filter((name) => comparison.combinations[name] > 0n).flatMap((name) =>
      partLines(name, comparison.boxes[name], thousands(comparison.combinations[name]), law, shown),
    ),
    ...latentLines(comparison),
    ...(comparison.complete ? [] : ["  (parts beyond a limit were left off; the combinations are exact)"]),
  ]);
}

/** Bars that change where nothing passes either way: they decide only for a person in the service of several bodies. */
const latentLines = ({ latent }: LawChange["comparison"]): readonly string[] =>
  (["unbarred", "barred"] as const)
    .filter((name) => latent[name] > 0n)
    .map((name) => `  ${name.padEnd(8)} ${thousands(latent[name])} combinations more, for people in the service of several bodies only`);

/** A change as a whole, then its parts. */
function partLines(name: Change, boxes: readonly Box[], combinations: string, law: Law, { people, mostBoxes }: Shown): readonly string[] {
  const left = boxes.length - mostBoxes;
  const within =
    boxes.length > 1 ? [`  ${name.padEnd(8)} ${combinations} combinations, all within ${boxText(hullOf(boxes), law.vocabulary)}`] : [];
  const parts = boxes.slice(0, mostBoxes).flatMap((box) => boxLines(box, law, people));
  return [...within, ...parts, ...(left > 0 ? [`           and ${left} parts more; show them with --boxes`] : [])];
}

function boxLines(box: Box, law: Law, people: readonly RowClass[] | undefined): readonly string[] {
  const concerned = people === undefined ? "" : `; at most ${bandText(bandOf(peopleIn(box, people)))} people`;
  const turn = `${verdictText(box.before)} → ${verdictText(box.after)}`;
  return [
    `  ${box.change.padEnd(8)} ${boxText(box, law.vocabulary)}`,
    `           ${turn} (${thousands(box.combinations)} combinations${concerned})`,
  ];
}

const asJson = ({ from, to, comparison }: LawChange): Record<string, unknown> => ({
  from,
  ...(to === undefined ? {} : { to }),
  complete: comparison.complete,
  combinations: Object.fromEntries(CHANGES.map((name) => [name, String(comparison.combinations[name])])),
  latent: { unbarred: String(comparison.latent.unbarred), barred: String(comparison.latent.barred) },
  boxes: boxesIn(comparison).map((box) => ({ ...box, combinations: String(box.combinations) })),
});
