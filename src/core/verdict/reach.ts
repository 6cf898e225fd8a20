import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Law } from "../law/law.ts";
import type { PartyWord } from "../law/vocabulary.ts";
import type { Diagram } from "./diagram.ts";
import { FALSE, TRUE } from "./node-table.ts";
import type { RecordWords } from "./record-map.ts";
import { RecordMap } from "./record-map.ts";

/**
 * One step of a chain. `disclose` and `view`: permitted for the purpose on the evidence. `contractor`: a body's own part or
 * contractor has what the body has. `detail`: staff in the service of two bodies carry what they see to either.
 * `use`: the holder uses what it lawfully has for another purpose.
 */
export type Hop = {
  readonly how: "disclose" | "view" | "contractor" | "detail" | "use";
  readonly from: string;
  readonly to: string;
  readonly purpose?: string;
  readonly evidence: readonly string[];
};

/** Permitted steps that together bring a record to a body and purpose to which its holder may not give it on any evidence. */
export type Chain = {
  readonly holder: string;
  /** Bodies that fare alike; the steps lead to the first. */
  readonly sinks: readonly string[];
  readonly purposes: readonly string[];
  /** One such record. */
  readonly record: RecordWords;
  readonly hops: readonly Hop[];
};

const MOST_NODES = 2_000_000;
const PASSING = ["disclose", "view"] as const;

/**
 * Finds all chains from a holder, one for each sink and way; none is proof that there is none in the law the diagram stands for.
 * `without`: kinds of evidence nobody is taken to have, such as a court's order. What is worked out for one holder serves the next.
 */
export function chainFinder(diagram: Diagram, law: Law, without: readonly string[] = []): (holder: string) => Checked<readonly Chain[]> {
  const steps = new Steps(diagram, law, without);
  return (holder) => {
    const chains = new Walk(steps, holder).chains();
    if (steps.records.table.spent) return fail(problem("E_DIAGRAM", `the ways records of ${holder} may take need too many nodes`));
    return pass(chains);
  };
}

/** Bodies that can hold a record; groups of bodies cannot. */
export const bodiesOf = (law: Law): readonly PartyWord[] => law.vocabulary.parties.filter((party) => party.holds !== undefined);

/** The single steps of the law, whoever held the record first. */
class Steps {
  readonly records: RecordMap;
  readonly bodies: readonly PartyWord[];
  /** Purposes in classes that no verdict tells apart, and one of each class. */
  readonly purposes: readonly (readonly string[])[];
  readonly onePurposeEach: readonly string[];
  /** What can be joined. WHY not extracts: that nobody can be told from one is true of a whole extract, not of a record. */
  readonly recordFields: readonly string[];
  private readonly passed = new Map<string, number>();
  /** WHY kept: chains of several holders and sinks are about the same few records. */
  private readonly hops = new Map<string, Hop>();
  private readonly employers: ReadonlyMap<string, readonly string[]>;

  constructor(diagram: Diagram, law: Law, without: readonly string[]) {
    this.records = new RecordMap(diagram, MOST_NODES, without);
    this.bodies = bodiesOf(law);
    this.purposes = diagram.axes.find(({ dimension }) => dimension === "purpose")?.classes ?? [];
    this.onePurposeEach = this.purposes.flatMap((words) => words.slice(0, 1));
    this.recordFields = law.vocabulary.fields.filter(({ extract }) => !extract).map(({ id }) => id);
    const ids = new Set(this.bodies.map(({ id }) => id));
    this.employers = new Map(this.bodies.map(({ id, parents }) => [id, parents.filter((parent) => ids.has(parent))]));
  }

  employersOf(id: string): readonly string[] {
    return this.employers.get(id) ?? [];
  }

  /** Records that may go from one body to another in one step. */
  passedOn(from: string, to: string): number {
    if (this.kinship(from, to) !== undefined) return TRUE;
    const key = this.records.pairKey(from, to);
    const known = this.passed.get(key);
    if (known !== undefined) return known;
    const made = this.union(this.onePurposeEach.map((purpose) => this.givenFor(from, to, purpose)));
    this.passed.set(key, made);
    return made;
  }

  givenFor(from: string, to: string, purpose: string): number {
    return this.union(PASSING.map((action) => this.records.permitted({ discloser: from, recipient: to, action, purpose })));
  }

  hop(from: string, to: string, record: RecordWords): Hop | undefined {
    const kinship = this.kinship(from, to);
    if (kinship !== undefined) return { how: kinship, from, to, evidence: [] };
    if (!this.records.holds(this.passedOn(from, to), record)) return undefined;
    const key = JSON.stringify([from, to, record]);
    const hop = this.hops.get(key) ?? this.passing(from, to, this.onePurposeEach, record);
    if (hop !== undefined) this.hops.set(key, hop);
    return hop;
  }

  /** The step of least evidence. */
  passing(from: string, to: string, purposes: readonly string[], record: RecordWords): Hop | undefined {
    let least: Hop | undefined;
    for (const how of PASSING)
      for (const purpose of purposes) {
        if (least?.evidence.length === 0) return least;
        const evidence = this.records.evidenceFor({ discloser: from, recipient: to, action: how, purpose }, record);
        if (evidence !== undefined && evidence.length < (least?.evidence.length ?? Infinity)) least = { how, from, to, purpose, evidence };
      }
    return least;
  }

  use(body: string, purpose: string, record: RecordWords): Hop | undefined {
    const evidence = this.records.evidenceFor({ discloser: body, recipient: body, action: "use", purpose }, record);
    return evidence === undefined ? undefined : { how: "use", from: body, to: body, purpose, evidence };
  }

  /** WHY distinct first: most acts share one set. */
  union(sets: readonly number[]): number {
    return [...new Set(sets)].reduce((a, b) => this.records.table.larger(a, b), FALSE);
  }

  /** WHY a detailee has nothing by kinship: what a body shows to staff of two bodies is a disclosure of its own. */
  private kinship(from: string, to: string): "contractor" | "detail" | undefined {
    const [of, by] = [this.employersOf(to), this.employersOf(from)];
    if (of.length === 1 && of[0] === from) return "contractor";
    return by.length > 1 && by.includes(to) ? "detail" : undefined;
  }
}

/** What may become of the records of one holder. */
class Walk {
  private readonly steps: Steps;
  private readonly holder: string;
  private readonly system: string;
  private readonly reached = new Map<string, number>();

  constructor(steps: Steps, holder: string) {
    this.steps = steps;
    this.holder = holder;
    this.system = steps.bodies.find(({ id }) => id === holder)?.holds ?? "";
    this.spread();
  }

  chains(): readonly Chain[] {
    const { bodies, purposes, records } = this.steps;
    const alike = new Map<string, string[]>();
    for (const { id } of bodies.filter((body) => body.id !== this.holder)) {
      const key = `${records.pairKey(id, id)} ${this.steps.employersOf(id).join(" ")}`;
      const sinks = alike.get(key);
      if (sinks === undefined) alike.set(key, [id]);
      else sinks.push(id);
    }
    return grouped([...alike.values()].flatMap((sinks) => purposes.flatMap((words) => this.chainTo(sinks, words))));
  }

  /** What each body may come to hold, until nothing more is gained. */
  private spread(): void {
    const { bodies, records, recordFields } = this.steps;
    const { table } = records;
    this.reached.set(this.holder, table.smaller(records.having("system", [this.system]), records.having("field", recordFields)));
    const waiting = new Set([this.holder]);
    for (const from of waiting) {
      waiting.delete(from);
      for (const { id: to } of bodies) {
        const before = this.reachedBy(to);
        const after = table.larger(before, table.smaller(this.reachedBy(from), this.steps.passedOn(from, to)));
        if (to === from || after === before) continue;
        this.reached.set(to, after);
        waiting.add(to);
      }
    }
  }

  private reachedBy(body: string): number {
    return this.reached.get(body) ?? FALSE;
  }

  private chainTo(sinks: readonly string[], purposes: readonly string[]): readonly Chain[] {
    const { records, bodies } = this.steps;
    const { table } = records;
    const [sink = "", purpose = ""] = [sinks[0], purposes[0]];
    const barred = records.barred({ discloser: this.holder, recipient: sink, action: "disclose", purpose });
    if (barred === FALSE) return [];
    const use = { discloser: sink, recipient: sink, action: "use", purpose };
    const givers = bodies.filter(({ id }) => id !== this.holder && id !== sink);
    const given = givers.map(({ id }) => table.smaller(this.reachedBy(id), this.steps.givenFor(id, sink, purpose)));
    const used = table.smaller(this.reachedBy(sink), records.permitted(use));
    const joined = table.smaller(table.larger(this.steps.union(given), used), table.not(records.barred(use)));
    const wrong = table.smaller(barred, joined);
    if (wrong === FALSE || table.spent) return [];
    const record = { ...records.example(wrong), system: this.system };
    return [{ holder: this.holder, sinks, purposes, record, hops: this.hopsTo(sink, purpose, record) }];
  }

  /** The fewest steps by which the record gets there. */
  private hopsTo(sink: string, purpose: string, record: RecordWords): readonly Hop[] {
    const ways = new Map<string, readonly Hop[]>([[this.holder, []]]);
    for (const [from, hops] of ways) {
      const last = from === this.holder || from === sink ? undefined : this.steps.passing(from, sink, [purpose], record);
      if (last !== undefined) return [...hops, last];
      const use = from === sink ? this.steps.use(sink, purpose, record) : undefined;
      if (use !== undefined) return [...hops, use];
      for (const { id: to } of this.steps.bodies) {
        const next = ways.has(to) ? undefined : this.steps.hop(from, to, record);
        if (next !== undefined) ways.set(to, [...hops, next]);
      }
    }
    return [];
  }
}

/** Chains that differ in their last purpose only, as one. */
function grouped(chains: readonly Chain[]): readonly Chain[] {
  const groups = new Map<string, Chain>();
  for (const chain of chains) {
    const way = chain.hops.map((hop, at) => [hop.how, hop.from, hop.to, at === chain.hops.length - 1 ? "" : hop.purpose]);
    const key = JSON.stringify([chain.sinks, way]);
    const group = groups.get(key);
    groups.set(key, group === undefined ? chain : { ...group, purposes: [...group.purposes, ...chain.purposes] });
  }
  return [...groups.values()];
}
