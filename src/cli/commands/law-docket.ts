import { addDays, day } from "../../core/base/civil-date.ts";
import type { CivilDate } from "../../core/base/civil-date.ts";
import { docketEvents } from "../../core/law/docket.ts";
import type { Law } from "../../core/law/law.ts";
import { dayView } from "../../core/verdict/day-view.ts";
import type { Grade } from "../../core/law/source.ts";
import type { Command } from "../command.ts";
import { dayOf, LAW_OPTIONS, openLawRoom, standingText } from "../law-room.ts";

const HELP = `Usage: writ law docket [--since DATE] [--until DATE] [--law DIR]

Every day on which the law in force changed, with what came into force (+) and what went out (-).

  --since DATE   default 2025-01-01    --until DATE   default today
  --law DIR      default: the workspace's law, else the law that comes with writ
  --known DATE   by the law as entered by then, or by an instant
  --json         the events as one JSON object

  writ law docket
  writ law docket --since 2025-08-01 --until 2026-06-30`;

export const command: Command = {
  name: "law docket",
  summary: "the days on which the law in force changed",
  help: HELP,
  options: { law: LAW_OPTIONS.law, known: LAW_OPTIONS.known, since: { type: "string" }, until: { type: "string" } },
  operands: [],
  async run({ values, out }) {
    const room = await openLawRoom(values);
    const until = dayOf(values, room.today, "until");
    const since = dayOf({ since: values["since"] ?? "2025-01-01" }, day("2025-01-01"), "since");
    const events = docketEvents(room.law)
      .filter((date) => since <= date && date <= until)
      .map((date) => changeOn(room.law, date, room.admitted))
      .filter((event) => event.began.length + event.ended.length > 0);
    if (out.json) out.data(JSON.stringify({ since, until, events }));
    else
      for (const event of events)
        out.data([event.on, ...event.began.map((id) => `  + ${id}`), ...event.ended.map((id) => `  - ${id}`)].join("\n"));
    out.talk(standingText(room));
    return 0;
  },
};

type Change = { readonly on: CivilDate; readonly began: readonly string[]; readonly ended: readonly string[] };

function changeOn(law: Law, on: CivilDate, admitted: readonly Grade[]): Change {
  const after = inForceOn(law, on, admitted);
  const before = inForceOn(law, addDays(on, -1), admitted);
  return { on, began: [...after].filter((id) => !before.has(id)), ended: [...before].filter((id) => !after.has(id)) };
}

/** Instruments with any rule in force, and extensions that keep one. */
function inForceOn(law: Law, on: CivilDate, admitted: readonly Grade[]): ReadonlySet<string> {
  const view = dayView(law, on, admitted);
  const active = new Set([...view.bars, ...view.permits, ...view.defeats, ...view.protections].map((rule) => rule.instrument));
  const extending = law.instruments.filter(
    (one) => one.extends.some((id) => active.has(id)) && (view.via.get(one.extends[0] ?? "") ?? []).includes(one.cite),
  );
  return new Set([...active, ...extending.map((one) => one.id)]);
}
