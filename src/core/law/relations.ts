import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Instrument } from "./instrument.ts";
import type { Rule } from "./law.ts";

/** Problems between instruments: ids used twice, names that lead nowhere, cycles, party lists nobody wrote. */
export function relationProblems(instruments: readonly Instrument[], rules: readonly Rule[]): readonly Problem[] {
  return [...duplicates(instruments), ...dangling(instruments, rules), ...cycles(instruments), ...openReadings(instruments)];
}

function duplicates(instruments: readonly Instrument[]): readonly Problem[] {
  const first = new Map<string, Instrument>();
  return instruments.flatMap((instrument) => {
    const other = first.get(instrument.id);
    if (other === undefined) first.set(instrument.id, instrument);
    if (other === undefined) return [];
    const message = `the id "${instrument.id}" is already used by ${other.path}`;
    return [
      problem("E_LAW", message, { at: { file: instrument.path, line: 2 }, hint: "an order's id needs more than its document number" }),
    ];
  });
}

function dangling(instruments: readonly Instrument[], rules: readonly Rule[]): readonly Problem[] {
  const ids = new Set(instruments.map((instrument) => instrument.id));
  const awaited = new Set(
    instruments.flatMap((instrument) => (instrument.endsOnEvent === undefined ? [] : [instrument.endsOnEvent.event])),
  );
  const bars = new Set(rules.filter((rule) => rule.effect === "forbid" && rule.protects === undefined).map((rule) => rule.name));
  const rulesOf = (id: string): ReadonlySet<string> =>
    new Set(rules.filter((rule) => rule.instrument === id).map((rule) => rule.name.slice(id.length + 1)));
  const unknown = (name: string, known: ReadonlySet<string>, what: string, at: { file: string; line?: number }): readonly Problem[] =>
    known.has(name) ? [] : [problem("E_LAW", `unknown ${what} "${name}"`, { at, hint: nearestHint(name, known, "law/") })];
  const fromInstruments = instruments.flatMap((instrument) => {
    const at = { file: instrument.path, line: 2 };
    const own = rulesOf(instrument.id);
    const others = new Set([...ids].filter((id) => id !== instrument.id));
    return [
      ...[...instrument.extends, ...instrument.supersedes].flatMap((id) => unknown(id, ids, "instrument", at)),
      // WHY: a finding under a misspelt name would leave what should have ended open.
      ...instrument.finds.flatMap((found) => unknown(found.event, awaited, "event", at)),
      ...instrument.modifies.flatMap(({ instrument: id, rules: ended }) => [
        ...unknown(id, others, "instrument", at),
        ...(others.has(id) ? ended.flatMap((rule) => unknown(rule, rulesOf(id), `rule of ${id}`, at)) : []),
      ]),
      ...instrument.stayed.flatMap((stay) => (stay.rules ?? []).flatMap((rule) => unknown(rule, own, "rule of this instrument", at))),
    ];
  });
  const fromRules = rules.flatMap((rule) => (rule.defeats === undefined ? [] : unknown(rule.defeats, bars, "bar", rule.at)));
  return [...fromInstruments, ...fromRules];
}

const MAX_OPEN_LISTS = 8;

/** WHY: a record is judged under every combination of readings, twice as many with each list that leaves its state open. */
function openReadings(instruments: readonly Instrument[]): readonly Problem[] {
  const orders = new Map<string, number>();
  return instruments.flatMap((instrument) =>
    [...new Set(instrument.protects.filter((one) => one.unresolved).map((one) => one.jurisdiction))].flatMap((jurisdiction) => {
      const count = (orders.get(jurisdiction) ?? 0) + 1;
      orders.set(jurisdiction, count);
      const at = { file: instrument.path, line: 2 };
      return count <= MAX_OPEN_LISTS
        ? []
        : [problem("E_LAW", `more than ${MAX_OPEN_LISTS} lists leave "${jurisdiction}" unresolved`, { at })];
    }),
  );
}

function cycles(instruments: readonly Instrument[]): readonly Problem[] {
  const next = new Map(instruments.map((instrument) => [instrument.id, [...instrument.supersedes, ...instrument.extends]]));
  const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
    (next.get(from) ?? []).some((id) => id === goal || (!seen.has(id) && reaches(id, goal, seen.add(id))));
  return instruments
    .filter((instrument) => reaches(instrument.id, instrument.id, new Set()))
    .map((instrument) =>
      problem("E_LAW", `"${instrument.id}" supersedes or extends itself, through others`, { at: { file: instrument.path, line: 2 } }),
    );
}
