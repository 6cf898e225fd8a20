import type { Checked } from "../core/base/checked.ts";
import { pass } from "../core/base/checked.ts";
import { day } from "../core/base/civil-date.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { classSource } from "../core/catalog/class-source.ts";
import type { AidCode } from "../core/sidecar/aid-codes.ts";
import { fundingByCode } from "../core/sidecar/aid-codes.ts";
import type { GuardReport } from "../core/validate/guard.ts";
import { guardReport } from "../core/validate/guard.ts";
import { bookFor } from "../core/validate/rule-book.ts";
import type { RuleBook } from "../core/validate/rule.ts";
import type { GuardEngine, GuardOrder } from "./ports/guard-engine.ts";
import { lastDayOf, ownSegments, type Staged } from "./validate.ts";

export type GuardPorts = {
  readonly engine: GuardEngine;
  readonly books: readonly RuleBook[];
  /** A state's map from its aid codes to who pays, where there is one. */
  readonly aidCodes: (state: string) => Checked<readonly AidCode[] | undefined>;
};

/** Counts what a state is about to hand over with a staged submission. */
export async function guardSubmission(staged: Staged, { engine, books, aidCodes }: GuardPorts): Promise<Checked<GuardReport>> {
  const { catalogue, origin, period, idIsSsn } = staged.read.submission;
  const codes = aidCodes(origin);
  if (!codes.ok) return codes;
  const { people, marks } = staged.written;
  const month = { from: day(`${period}-01`), to: lastDayOf(period) };
  const aid = aidOf(catalogue, codes.value ?? [], origin, month.to);
  const order: GuardOrder = {
    own: ownSegments(staged),
    personElement: catalogue.personElement,
    people,
    month,
    ...(aid === undefined ? {} : { aid }),
    folders: staged.folders,
  };
  const counted = await engine.count(order);
  const sourced = bookFor(books, catalogue)?.sourced ?? [];
  return pass(guardReport({ ...counted, people, marks }, { idIsSsn, mapped: codes.value !== undefined, sourced }));
}

/** WHY the month's last day: a map changes on days of its own, and a submission is about the whole month. */
function aidOf(catalogue: Catalogue, codes: readonly AidCode[], origin: string, on: GuardOrder["month"]["to"]): GuardOrder["aid"] {
  const column = classSource(catalogue).columns.find(({ byAidMap }) => byAidMap === true);
  if (column === undefined) return undefined;
  const funding = [...fundingByCode(codes, origin, on)];
  return {
    segment: column.segment,
    element: column.column,
    stateOnly: funding.filter(([, leaves]) => leaves.includes("state-only")).map(([code]) => code),
    known: funding.filter(([, leaves]) => leaves.length === 1).map(([code]) => code),
  };
}
