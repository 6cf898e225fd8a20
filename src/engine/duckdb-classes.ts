import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BitGroup, ClassEngine, ClassOrder } from "../app/ports/class-engine.ts";
import type { Segment } from "../core/catalog/catalogue.ts";
import type { ColumnEvidence } from "../core/catalog/class-source.ts";
import type { EvidenceBits } from "../core/catalog/evidence-bits.ts";
import { evidenceBits } from "../core/catalog/evidence-bits.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { StoredFile, WrittenFile } from "../app/ports/data-vault.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";
import { findAliases, heardTogether } from "./duckdb-aliases.ts";
import { copyStored, keysOf, refuseForeign, storedText } from "./duckdb-stored.ts";
import { keyShares } from "./key-shares.ts";

/** People joined at a time. WHY: nothing spills to disk, so what does not fit is resolved in shares of the key space. */
const PEOPLE_AT_ONCE = 1_250_000;

/**
 * Resolves classes in one pass: every row true on the day gives bits, a bit-or joins the rows of a person, and the few
 * different bit patterns get their classes outside. Nothing per person leaves the engine but the file it writes.
 */
export const duckdbClasses: ClassEngine = {
  async resolve(order, classOf): Promise<WrittenFile> {
    const files = consulted(order);
    refuseForeign(files);
    const engine = await openDuckdb({ folders: [...order.folders, order.pipes.folder], keys: keysOf([order.output, ...files]) });
    const shares = keyShares(Math.max(1, Math.ceil(order.people / PEOPLE_AT_ONCE)));
    try {
      const bits = evidenceBits(order.leaves);
      for (const [at, share] of shares.entries()) {
        await copyEncrypted(engine, resolvedText(order, bits, share), partFile(order, at), order);
      }
      const parts = shares.map((_, at) => partFile(order, at));
      const resolved = parts.map((part) => `SELECT * FROM ${storedText(part)}`).join(" UNION ALL ");
      await findAliases(engine, order, shares.length);
      await engine.run(`CREATE TEMP VIEW resolved AS ${await heardTogether(engine, `(${resolved})`, bits)}`);
      const rows = await engine.rows(groupsText(order));
      const groups = rows.map(([of, people, origin]): BitGroup => ({
        bits: Number(of),
        people: Number(people),
        ...(typeof origin === "string" ? { origin } : {}),
      }));
      await engine.run(classMapText(groups, classOf(groups)));
      return await copyEncrypted(engine, outputText(order), order.output, order);
    } finally {
      engine.close();
      for (const at of shares.keys()) rmSync(partFile(order, at).path, { force: true });
    }
  },
};

/** Beside the output, under a name that a sweep of unfinished files finds. */
const partFile = ({ output }: ClassOrder, at: number): StoredFile => ({
  ...output,
  name: `${output.name} part ${at}`,
  path: join(dirname(output.path), `.${at}${basename(output.path)}`),
});

/** The files that tell anything. */
const consulted = ({ source, segmentFiles, enrolment, statusFile }: ClassOrder): readonly StoredFile[] =>
  [
    ...source.segments.map(({ id }) => segmentFiles.get(id)),
    ...(enrolment?.source.segments ?? []).flatMap(({ id }) => enrolment?.segmentFiles.get(id) ?? []),
    statusFile,
  ].flatMap((file) => file ?? []);

const copyEncrypted = async (engine: Duckdb, rows: string, file: StoredFile, { pipes }: ClassOrder): Promise<WrittenFile> =>
  copyStored(engine, rows, { out: await pipes.encrypted(file) });

const toldOrigin = (order: ClassOrder): boolean => order.source.origin !== undefined;

/** A person present on the day, with all bits; two rows of a single segment on one day mean that two people share the id. */
function resolvedText(order: ClassOrder, bits: EvidenceBits, share: string): string {
  const parts = [...ownTexts(order, bits), ...enrolmentTexts(order, bits), ...statusText(order, bits), ...namedTexts(order, bits)];
  const shared = `CASE WHEN count(*) FILTER (WHERE single) > 1 THEN ${bits.shared} ELSE 0 END`;
  const origin = toldOrigin(order) ? ", CASE WHEN min(origin) = max(origin) THEN min(origin) END AS origin" : "";
  return (
    `SELECT person_key, bit_or(bits) | ${shared} AS bits${origin} FROM (${parts.join(" UNION ALL ")}) ` +
    `WHERE ${share} GROUP BY person_key HAVING (bit_or(bits) & ${bits.present}) <> 0`
  );
}

/** The rows that make people present. */
const ownTexts = (order: ClassOrder, bits: EvidenceBits): readonly string[] =>
  order.source.segments.flatMap((segment) => {
    const file = order.segmentFiles.get(segment.id);
    return file === undefined ? [] : [segmentText(segment, file, order, bits, bits.present)];
  });

/** INVARIANT: who is enrolled but has no row of their own is not present; who has rows but is not enrolled is unknown. */
function enrolmentTexts(order: ClassOrder, bits: EvidenceBits): readonly string[] {
  const { enrolment, ...own } = order;
  if (enrolment === undefined) return [];
  return enrolment.source.segments.flatMap((segment) =>
    (enrolment.segmentFiles.get(segment.id) ?? []).map((file) =>
      segmentText(segment, file, { ...own, source: enrolment.source }, bits, 0, toldOrigin(order)),
    ),
  );
}

function segmentText(
  segment: Segment,
  file: StoredFile,
  order: ClassOrder,
  bits: EvidenceBits,
  present: number,
  withOrigin: boolean = toldOrigin(order),
): string {
  const columns = order.source.columns.filter((column) => column.segment === segment.id);
  const constants = Object.entries(order.source.constants).map(([facet, leaf]) => bits.proven(facet as ColumnEvidence["facet"], leaf));
  const terms = [present, ...constants, ...columns.map((column) => columnText(column, order, bits)), ...sharedTexts(segment, order, bits)];
  const origin = order.source.origin?.segment === segment.id ? `${originText(order)} AS origin` : "NULL::VARCHAR AS origin";
  const extra = withOrigin ? `, ${origin}` : "";
  const single = segment.id === order.source.single;
  const active = segment.span === undefined ? "" : ` WHERE ${activeText(segment.span, order)}`;
  return `SELECT person_key, (${terms.join(" | ")})::BIGINT AS bits, ${single} AS single${extra} FROM ${storedText(file)}${active}`;
}

/** INVARIANT: a row without a first or last day is true on no day. */
const activeText = (span: { readonly from: string; readonly to: string }, { asOf }: ClassOrder): string =>
  `${identifier(span.from)} <= DATE ${literal(asOf)} AND ${identifier(span.to)} >= DATE ${literal(asOf)}`;

/** The bits of one column's value; a value that proves nothing leaves the facet open. */
function columnText(column: ColumnEvidence, order: ClassOrder, bits: EvidenceBits): string {
  const proves = new Map(Object.entries(column.proves).map(([value, leaf]) => [value, bits.proven(column.facet, leaf)]));
  if (column.byAidMap === true) {
    for (const [code, leaves] of order.funding) proves.set(code, sumOf(leaves.map((leaf) => bits.proven(column.facet, leaf))));
  }
  const open = proves.size === 0 ? 0 : bits.open(column.facet);
  const against = new Map(Object.entries(column.against ?? {}).map(([value, leaves]) => [value, againstBits(leaves, order, bits)]));
  return `${caseText(column.column, proves, open)} | ${caseText(column.column, against, 0)}`;
}

function againstBits(leaves: readonly string[], order: ClassOrder, bits: EvidenceBits): number {
  const known = order.leaves.population;
  const meant = leaves.includes("*") ? known : leaves.filter((leaf) => known.includes(leaf));
  return sumOf(meant.map((leaf) => bits.against(leaf)));
}

const sumOf = (bits: readonly number[]): number => [...new Set(bits)].reduce((sum, bit) => sum + bit, 0);

function caseText(column: string, values: ReadonlyMap<string, number>, otherwise: number): string {
  const cases = [...values].map(([value, bits]) => `WHEN ${literal(value)} THEN ${bits}`);
  return cases.length === 0 ? String(otherwise) : `(CASE ${identifier(column)}::VARCHAR ${cases.join(" ")} ELSE ${otherwise} END)::BIGINT`;
}

const sharedTexts = (segment: Segment, order: ClassOrder, bits: EvidenceBits): readonly string[] =>
  order.source.shared
    .filter((one) => one.segment === segment.id)
    .map(({ column, value }) => caseText(column, new Map([[value, bits.shared]]), 0));

function originText(order: ClassOrder): string {
  const { origin } = order.source;
  if (origin === undefined) return "NULL";
  const cases = Object.entries(origin.map).map(([value, leaf]) => `WHEN ${literal(value)} THEN ${literal(leaf)}`);
  // WHY: an unmapped origin must not hide behind the mapped one of the person's other rows.
  return `CASE ${identifier(origin.column)}::VARCHAR ${cases.join(" ")} ELSE '' END`;
}

/** Findings that hold on the day. A population no longer in the vocabulary asserts them all, which is a contradiction. */
function statusText(order: ClassOrder, bits: EvidenceBits): readonly string[] {
  if (order.statusFile === undefined) return [];
  const asserted = new Map(order.leaves.population.map((leaf) => [leaf, bits.asserted(leaf)]));
  const cases = caseText("population", asserted, sumOf([...asserted.values()]));
  const [on, since] = [literal(order.asOf), literal(order.observedFrom)];
  const extra = toldOrigin(order) ? ", NULL::VARCHAR AS origin" : "";
  const holds = `observed BETWEEN DATE ${since} AND DATE ${on} AND coalesce(valid_until, DATE '9999-12-31') >= DATE ${on}`;
  return [`SELECT person_key, ${cases} AS bits, false AS single${extra} FROM ${storedText(order.statusFile)} WHERE ${holds}`];
}

/** A person on a list has its bit; one who is on it and not in the submission is nobody's row. */
function namedTexts(order: ClassOrder, bits: EvidenceBits): readonly string[] {
  const extra = toldOrigin(order) ? ", NULL::VARCHAR AS origin" : "";
  return order.named.flatMap((keys, list) => {
    const people = [...new Set(keys)].map(literal).join(", ");
    const bit = `${bits.named(list)}::BIGINT`;
    return keys.length === 0 ? [] : [`SELECT unnest([${people}])::UUID AS person_key, ${bit} AS bits, false AS single${extra}`];
  });
}

const groupsText = (order: ClassOrder): string =>
  toldOrigin(order)
    ? "SELECT bits, count(*), origin FROM resolved WHERE origin <> '' GROUP BY ALL ORDER BY ALL"
    : "SELECT bits, count(*) FROM resolved GROUP BY ALL ORDER BY ALL";

function classMapText(groups: readonly BitGroup[], classes: readonly number[]): string {
  const rows = groups.map(
    ({ bits, origin }, at) => `(${bits}, ${origin === undefined ? "NULL" : literal(origin)}, ${classes[at] ?? "NULL"})`,
  );
  const empty = "SELECT NULL::BIGINT AS bits, NULL::VARCHAR AS origin, NULL::INTEGER AS class_id WHERE false";
  const filled = `SELECT bits::BIGINT AS bits, origin::VARCHAR AS origin, class_id::INTEGER AS class_id FROM (VALUES ${rows.join(", ")}) AS v(bits, origin, class_id)`;
  return `CREATE TEMP TABLE class_map AS ${rows.length === 0 ? empty : filled}`;
}

const outputText = (order: ClassOrder): string =>
  `SELECT person_key, class_id, same_person FROM resolved JOIN class_map USING (bits${toldOrigin(order) ? ", origin" : ""})`;
