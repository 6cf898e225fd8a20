import type { ValidatedSegment, ValidationOrder } from "../app/ports/validation-engine.ts";
import type { HasCondition } from "../core/validate/condition.ts";
import { elementsOf, hasIn } from "../core/validate/condition.ts";
import { conditionsOf } from "../core/validate/rule.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import { ROW_COLUMNS } from "./duckdb-conditions.ts";
import { versionOf } from "./claim-text.ts";
import { storedText } from "./duckdb-stored.ts";
import type { Duckdb } from "./duckdb.ts";

/** The table a segment's rows are loaded into. */
export const tableOf = (segment: string): string => identifier(`rows ${segment}`);

/** The table of the rows that a condition asks for: of another dataset, those of the same people, or of all. */
export const askedTable = ({ segment, dataset, by }: HasCondition): string =>
  dataset === undefined ? tableOf(segment) : identifier(`rows ${by === undefined ? "" : "of all "}${dataset} ${segment}`);

/** A share of the people, and whether it is the first: rows about nobody are loaded with that one alone. */
export type Share = { readonly share: string; readonly first: boolean };

/** Loads, of each segment that rules look at, the columns they look at. Answers how many rows of each of the submission's own. */
export async function loadAll(engine: Duckdb, order: ValidationOrder, share: Share | undefined): Promise<ReadonlyMap<string, number>> {
  const asked = [...order.rules, ...order.measures].flatMap(({ test }) => conditionsOf(test).flatMap(hasIn));
  for (const one of order.own) {
    const of = asked.filter(({ segment, dataset }) => segment === one.segment.id && dataset === undefined);
    await load(engine, tableOf(one.segment.id), loadText(one, [...lookedAt(one, order), ...elementsAsked(of)], order, share));
  }
  await loadBeside(engine, asked, order, share);
  const counts = order.own.map(({ segment }) => `(SELECT count(*) FROM ${tableOf(segment.id)})`);
  const [counted] = counts.length === 0 ? [[]] : await engine.rows(`SELECT ${counts.join(", ")}`);
  return new Map(order.own.map(({ segment }, at) => [segment.id, Number(counted?.[at] ?? 0)]));
}

async function load(engine: Duckdb, table: string, text: string): Promise<void> {
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${text}`);
}

/** INVARIANT: rows that are told together by a value are loaded whole, since whoever has it may be in another share. */
async function loadBeside(engine: Duckdb, asked: readonly HasCondition[], order: ValidationOrder, share: Share | undefined): Promise<void> {
  for (const table of new Set(asked.map(askedTable))) {
    const of = asked.filter((one) => one.dataset !== undefined && askedTable(one) === table);
    const [first] = of;
    if (first === undefined || (first.by !== undefined && share?.first === false)) continue;
    const loaded = order.beside.get(first.dataset ?? "")?.find(({ segment }) => segment.id === first.segment);
    const text =
      loaded === undefined
        ? noneText(elementsAsked(of))
        : loadText(loaded, elementsAsked(of), order, first.by === undefined ? share : undefined);
    await load(engine, table, text);
  }
}

/** The columns that conditions ask for, of a segment of which nothing is stored. */
const noneText = (elements: readonly string[]): string =>
  `SELECT NULL::UUID AS ${ROW_COLUMNS.person}, NULL::DATE AS ${ROW_COLUMNS.first}, NULL::DATE AS ${ROW_COLUMNS.last}, ` +
  `${[...new Set(elements)].map((name) => `NULL::VARCHAR AS ${identifier(name)}, `).join("")}NULL::BIGINT AS ${ROW_COLUMNS.record} WHERE false`;

/** What conditions look at in the rows they ask for. */
export const elementsAsked = (of: readonly HasCondition[]): readonly string[] =>
  of.flatMap(({ where, by }) => [...(where === undefined ? [] : elementsOf(where)), ...(by === undefined ? [] : [by.theirs])]);

/** Elements that rules and measures look at in rows of the segment itself. */
function lookedAt({ segment }: ValidatedSegment, { rules, measures }: ValidationOrder): readonly string[] {
  const ofRules = rules.flatMap(({ of, test }) => {
    if (test.kind === "within") return of.includes(segment.id) || test.parent === segment.id ? test.by : [];
    if (test.kind === "ends-by") return test.segment === segment.id ? [test.element] : [];
    if (!of.includes(segment.id)) return [];
    if (test.kind === "line-count") return [test.element];
    if (test.kind === "dated") return test.values.filter((one) => one.segment === segment.id).map(({ element }) => element);
    return test.kind === "apart" ? segment.key : conditionsOf(test).flatMap(elementsOf);
  });
  const ofMeasures = measures.flatMap(({ test }) =>
    test.kind === "share" && test.of === segment.id ? conditionsOf(test).flatMap(elementsOf) : [],
  );
  return [...ofRules, ...ofMeasures];
}

/** Rows of a segment with what rules look at: person, days, record number, version of the claim, and elements. */
function loadText(loaded: ValidatedSegment, elements: readonly string[], order: ValidationOrder, share: Share | undefined): string {
  const { segment, person, files } = loaded;
  const known = new Set(segment.elements.map(({ name }) => name));
  const number = known.has("RECORD-NUMBER") ? `TRY_CAST("RECORD-NUMBER" AS BIGINT)` : "NULL::BIGINT";
  const days = daysOf(loaded);
  const columns = [
    `${person ? "person_key" : "NULL::UUID"} AS ${ROW_COLUMNS.person}`,
    `${days === undefined ? "NULL::DATE" : identifier(days.from)} AS ${ROW_COLUMNS.first}`,
    `${days === undefined ? "NULL::DATE" : identifier(days.to)} AS ${ROW_COLUMNS.last}`,
    `${number} AS ${ROW_COLUMNS.record}`,
    ...(segment.claim === undefined ? [] : [`${versionOf(segment.claim)} AS ${ROW_COLUMNS.version}`]),
    ...[...new Set(elements)].filter((name) => known.has(name)).map((name) => identifier(name)),
  ];
  const where = share === undefined ? "" : person ? ` WHERE ${share.share}` : ` WHERE ${share.first}`;
  return files
    .map((file) => `SELECT ${columns.join(", ")} FROM ${standingText(loaded, storedText(file), order)}${where}`)
    .join(" UNION ALL ");
}

const daysOf = ({ segment }: ValidatedSegment): { readonly from: string; readonly to: string } | undefined =>
  segment.span ?? segment.claim?.served;

/** The rows of claims that were not denied; other rows as they are. */
function standingText({ segment }: ValidatedSegment, file: string, { denied, own }: ValidationOrder): string {
  const { claim } = segment;
  if (denied === undefined || claim === undefined) return file;
  const header = claim.header === undefined ? undefined : own.find((one) => one.segment.id === claim.header);
  const isDenied = `coalesce(${identifier(denied.element)}::VARCHAR IN (${denied.values.map(literal).join(", ")}), false)`;
  if (claim.header === undefined) return `(SELECT * FROM ${file} WHERE NOT ${isDenied}) AS standing`;
  const headers = header?.segment.claim;
  if (header === undefined || headers === undefined) return file;
  const refused = header.files.map((one) => `SELECT ${versionOf(headers)} AS version FROM ${storedText(one)} WHERE ${isDenied}`);
  return `(SELECT line.* FROM ${file} AS line ANTI JOIN (${refused.join(" UNION ALL ")}) AS refused ON ${versionOf(claim)} = refused.version) AS standing`;
}
