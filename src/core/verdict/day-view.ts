import type { CivilDate } from "../base/civil-date.ts";
import { extensionsOf, inForce, isPending, staysThatLift } from "../law/docket.ts";
import type { Instrument } from "../law/instrument.ts";
import type { Law, Rule } from "../law/law.ts";
import type { Grade } from "../law/source.ts";

/** Whether a jurisdiction is on an order's party list on a day. */
export type Membership = "member" | "stranger" | "unresolved";

/** The law in force on one civil day, at the grades admitted. */
export type DayView = {
  readonly law: Law;
  readonly on: CivilDate;
  readonly admitted: readonly Grade[];
  readonly bars: readonly Rule[];
  readonly permits: readonly Rule[];
  readonly defeats: readonly Rule[];
  /** Rules that say where nobody may be punished for refusing. They decide nothing. */
  readonly protections: readonly Rule[];
  /** Bars that only a stay keeps from holding, with the citations of the stays by rule. They decide nothing until it ends. */
  readonly stayed: readonly Rule[];
  readonly stays: ReadonlyMap<string, readonly string[]>;
  /** Bars entered but not yet in effect. */
  readonly pending: readonly Rule[];
  /** Citations of extensions in force, by the instrument extended. */
  readonly via: ReadonlyMap<string, readonly string[]>;
  readonly holdsFor: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<number>>>;
  membership(order: string, jurisdiction: string): Membership;
};

export function dayView(law: Law, on: CivilDate, admitted: readonly Grade[]): DayView {
  const byId = new Map(law.instruments.map((instrument) => [instrument.id, instrument]));
  const of = (rule: Rule): Instrument => {
    const found = byId.get(rule.instrument);
    if (found === undefined) throw new Error(`rule ${rule.name} has no instrument`);
    return found;
  };
  const active = law.rules.filter((rule) => inForce(law, rule, of(rule), on, admitted));
  const stays = new Map(law.rules.map((rule) => [rule.name, staysThatLift(law, rule, of(rule), on, admitted)]));
  return {
    law,
    on,
    admitted,
    bars: active.filter((rule) => rule.effect === "forbid" && rule.protects === undefined),
    permits: active.filter((rule) => rule.effect === "permit" && rule.defeats === undefined),
    defeats: active.filter((rule) => rule.defeats !== undefined),
    protections: active.filter((rule) => rule.protects !== undefined),
    stayed: law.rules.filter((rule) => (stays.get(rule.name) ?? []).length > 0),
    stays,
    pending: law.rules.filter((rule) => isPending(rule, of(rule), on)),
    via: new Map(
      law.instruments.map((instrument) => [instrument.id, extensionsOf(law, instrument, on).map((extension) => extension.cite)]),
    ),
    holdsFor: indexSettled(law),
    membership: (order, jurisdiction) => membershipOn(byId.get(order), jurisdiction, on),
  };
}

const indexes = new WeakMap<Law, DayView["holdsFor"]>();

function indexSettled(law: Law): DayView["holdsFor"] {
  const known = indexes.get(law);
  if (known !== undefined) return known;
  const index = new Map(
    Object.entries(law.settled).map(([dimension, words]) => [
      dimension,
      new Map(Object.entries(words).map(([word, atoms]) => [word, new Set(atoms)])),
    ]),
  );
  indexes.set(law, index);
  return index;
}

function membershipOn(order: Instrument | undefined, jurisdiction: string, on: CivilDate): Membership {
  const rows = (order?.protects ?? []).filter(
    (row) => row.jurisdiction === jurisdiction && (row.from === undefined || row.from <= on) && (row.to === undefined || on <= row.to),
  );
  if (rows.some((row) => !row.unresolved)) return "member";
  return rows.length > 0 ? "unresolved" : "stranger";
}
