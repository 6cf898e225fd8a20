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
 * All chains from one holder, one for each sink and way; empty is proof that there is none in the law the diagram stands for.
 * `without`: kinds of evidence nobody is taken to have, such as a court's order.
 */
export function chainsFrom(diagram: Diagram, law: Law, holder: string, without: readonly string[] = []): Checked<readonly Chain[]> {
  const walk = new Walk(diagram, law, holder, without);
  const chains = walk.chains();
  if (walk.records.table.spent) return fail(problem("E_DIAGRAM", `the ways records of ${holder} may take need too many nodes`));
  return pass(chains);
}

/** Bodies that can hold a record; groups of bodies cannot. */
export const bodiesOf = (law: Law): readonly PartyWord[] => law.vocabulary.parties.filter((party) => party.holds !== undefined);

class Walk {
  readonly records: RecordMap;
  private readonly bodies: readonly PartyWord[];
  /** Purposes in classes that no verdict tells apart. */
  private readonly purposes: readonly (readonly string[])[];
  private readonly holder: string;
  private readonly edges = new Map<string, number>();
  private readonly reached = new Map<string, number>();

  constructor(diagram: Diagram, law: Law, holder: string, without: readonly string[]) {
    this.records = new RecordMap(diagram, MOST_NODES, without);
    this.bodies = bodiesOf(law);
    this.purposes = diagram.axes.find(({ dimension }) => dimension === "purpose")?.classes ?? [];
    this.holder = holder;
    this.spread(law);
  }

  chains(): readonly Chain[] {
    const alike = new Map<string, string[]>();
    for (const { id } of this.bodies.filter((body) => body.id !== this.holder)) {
      const key = `${this.records.pairKey(id, id)} ${this.employersOf(id).join(" ")}`;
      const sinks = alike.get(key);
      if (sinks === undefined) alike.set(key, [id]);
      else sinks.push(id);
    }
    return grouped([...alike.values()].flatMap((sinks) => this.purposes.flatMap((purposes) => this.chainTo(sinks, purposes))));
  }

  /** What each body may come to hold, until nothing more is gained. */
  private spread(law: Law): void {
    const { table } = this.records;
    // WHY not extracts: what is true of a whole extract, such as that nobody can be told from it, is no record that can be joined.
    const fields = law.vocabulary.fields.filter(({ extract }) => !extract).map(({ id }) => id);
    this.reached.set(this.holder, table.smaller(this.records.having("system", [this.heldSystem]), this.records.having("field", fields)));
    const waiting = new Set([this.holder]);
    for (const from of waiting) {
      waiting.delete(from);
      for (const { id: to } of this.bodies) {
        const before = this.reachedBy(to);
        const after = table.larger(before, table.smaller(this.reachedBy(from), this.passedOn(from, to)));
        if (to === from || after === before) continue;
        this.reached.set(to, after);
        waiting.add(to);
      }
    }
  }

  private readonly reachedBy = (body: string): number => this.reached.get(body) ?? FALSE;

  private get heldSystem(): string {
    return this.bodies.find(({ id }) => id === this.holder)?.holds ?? "";
  }

  /** Records that may go from one body to another in one step. */
  private passedOn(from: string, to: string): number {
    if (this.kinship(from, to) !== undefined) return TRUE;
    const key = this.records.pairKey(from, to);
    const known = this.edges.get(key);
    if (known !== undefined) return known;
    const made = this.union(this.purposes.map((purposes) => this.givenFor(from, to, purposes[0] ?? "")));
    this.edges.set(key, made);
    return made;
  }

  private readonly employersOf = (id: string): readonly string[] =>
    (this.bodies.find((body) => body.id === id)?.parents ?? []).filter((parent) => this.bodies.some((body) => body.id === parent));

  /** WHY a detailee has nothing by kinship: what a body shows to staff of two bodies is a disclosure of its own. */
  private kinship(from: string, to: string): "contractor" | "detail" | undefined {
    const [of, by] = [this.employersOf(to), this.employersOf(from)];
    if (of.length === 1 && of[0] === from) return "contractor";
    return by.length > 1 && by.includes(to) ? "detail" : undefined;
  }

  private chainTo(sinks: readonly string[], purposes: readonly string[]): readonly Chain[] {
    const { table } = this.records;
    const [sink = "", purpose = ""] = [sinks[0], purposes[0]];
    const barred = this.records.barred({ discloser: this.holder, recipient: sink, action: "disclose", purpose });
    if (barred === FALSE) return [];
    const use = { discloser: sink, recipient: sink, action: "use", purpose };
    const givers = this.bodies.filter(({ id }) => id !== this.holder && id !== sink);
    const given = givers.map(({ id }) => table.smaller(this.reachedBy(id), this.givenFor(id, sink, purpose)));
    const used = table.smaller(this.reachedBy(sink), this.records.permitted(use));
    const joined = table.smaller(table.larger(this.union(given), used), table.not(this.records.barred(use)));
    const wrong = table.smaller(barred, joined);
    if (wrong === FALSE || table.spent) return [];
    const record = { ...this.records.example(wrong), system: this.heldSystem };
    return [{ holder: this.holder, sinks, purposes, record, hops: this.hopsTo(sink, purpose, record) }];
  }

  private givenFor(from: string, to: string, purpose: string): number {
    return this.union(PASSING.map((action) => this.records.permitted({ discloser: from, recipient: to, action, purpose })));
  }

  /** The fewest steps by which the record gets there. */
  private hopsTo(sink: string, purpose: string, record: RecordWords): readonly Hop[] {
    const ways = new Map<string, readonly Hop[]>([[this.holder, []]]);
    for (const [from, hops] of ways) {
      const last = from === this.holder || from === sink ? undefined : this.passing(from, sink, [purpose], record);
      if (last !== undefined) return [...hops, last];
      const use = from === sink ? this.use(sink, purpose, record) : undefined;
      if (use !== undefined) return [...hops, use];
      for (const { id: to } of this.bodies) {
        const next =
          ways.has(to) || from === to
            ? undefined
            : this.hop(
                from,
                to,
                this.purposes.flatMap((words) => words.slice(0, 1)),
                record,
              );
        if (next !== undefined) ways.set(to, [...hops, next]);
      }
    }
    return [];
  }

  private hop(from: string, to: string, purposes: readonly string[], record: RecordWords): Hop | undefined {
    const kinship = this.kinship(from, to);
    if (kinship !== undefined) return { how: kinship, from, to, evidence: [] };
    return this.records.holds(this.passedOn(from, to), record) ? this.passing(from, to, purposes, record) : undefined;
  }

  /** The step of least evidence. */
  private passing(from: string, to: string, purposes: readonly string[], record: RecordWords): Hop | undefined {
    const found = PASSING.flatMap((how) =>
      purposes.flatMap((purpose): readonly Hop[] => {
        const evidence = this.records.evidenceFor({ discloser: from, recipient: to, action: how, purpose }, record);
        return evidence === undefined ? [] : [{ how, from, to, purpose, evidence }];
      }),
    );
    return found.sort((a, b) => a.evidence.length - b.evidence.length)[0];
  }

  private use(body: string, purpose: string, record: RecordWords): Hop | undefined {
    const evidence = this.records.evidenceFor({ discloser: body, recipient: body, action: "use", purpose }, record);
    return evidence === undefined ? undefined : { how: "use", from: body, to: body, purpose, evidence };
  }

  /** WHY distinct first: most acts share one set. */
  private union(sets: readonly number[]): number {
    return [...new Set(sets)].reduce((a, b) => this.records.table.larger(a, b), FALSE);
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
