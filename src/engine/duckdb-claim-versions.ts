import type { ClaimEngine, ClaimSegment, TellOrder, Told, WeighedChanges, WeighOrder } from "../app/ports/claim-engine.ts";
import type { MarkChanges } from "../core/catalog/claim-table.ts";
import { CLEARED_ELSEWHERE } from "../core/catalog/claim-table.ts";
import { MARK_COLUMN } from "../core/catalog/special-mark.ts";
import { identifier } from "../core/extract/duckdb-printer.ts";
import type { ClaimSource } from "./claim-text.ts";
import { adjustsText, codesText, DAY_STEP, dayText, listedText, numberOf, ownNumberOf, placeText, short, versionOf } from "./claim-text.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";
import { copyStored, keysOf, placedText, refuseForeign, storedText } from "./duckdb-stored.ts";

/** Adjustments held at a time. WHY: nothing spills to disk, so what does not fit is weighed in shares. */
const ADJUSTMENTS_AT_ONCE = 3_000_000;

export const duckdbClaimVersions: ClaimEngine = {
  async tell(order) {
    const files = order.segments.map(({ file }) => file);
    refuseForeign(files);
    const engine = await openDuckdb({ folders: [...order.folders, order.pipes.folder], keys: keysOf([order.output, ...files]) });
    try {
      await engine.run(`CREATE TEMP TABLE special_codes AS ${codesText(order.codes)}`);
      return await copyStored(engine, toldText(order), { out: await order.pipes.encrypted(order.output) });
    } finally {
      engine.close();
    }
  },

  async weigh(order) {
    const told = [order.own, ...order.others].map(({ file }) => file);
    const files = order.segments.map(({ file }) => file);
    refuseForeign([...told, ...files]);
    const engine = await openDuckdb({ folders: [...order.folders, order.pipes.folder], keys: keysOf([...told, ...files]) });
    try {
      await engine.run("CREATE TEMP TABLE touched (version UHUGEINT, gone BOOLEAN)");
      await findProtected(engine, order);
      for (const family of familiesOf(order.segments)) await findSuperseded(engine, family[0] as ClaimSegment, order);
      await engine.run("CREATE TEMP TABLE affected AS SELECT version, bool_or(gone) AS gone FROM touched GROUP BY version");
      return await writeChanges(engine, order);
    } finally {
      engine.close();
    }
  },
};

/** A header segment, then the segments of its lines. */
const familiesOf = (segments: readonly ClaimSegment[]): readonly (readonly ClaimSegment[])[] =>
  segments
    .filter(({ claim }) => claim.row.header === undefined)
    .map((header) => [header, ...segments.filter(({ claim }) => claim.row.header === header.id)]);

const sourceOf = ({ claim, file }: ClaimSegment): ClaimSource => ({ claim, from: storedText(file) });

/** WHY halves: sixteen bytes as one number come out of a Parquet file rounded. */
const halves = (name: string, number: string): string =>
  `((${number}) >> 64)::UBIGINT AS ${name}_high, ((${number}) & 18446744073709551615::UHUGEINT)::UBIGINT AS ${name}_low`;
const whole = (name: string): string => `((${name}_high::UHUGEINT << 64) | ${name}_low::UHUGEINT)`;

function toldText({ segments }: TellOrder): string {
  const parts = familiesOf(segments).flatMap((family) => {
    const [header] = family as [ClaimSegment];
    return [
      versionsText(header),
      `SELECT number, NULL::UHUGEINT, NULL::BIGINT, NULL::BIGINT, true FROM (${listedText(family.map(sourceOf))})`,
    ];
  });
  return (
    `SELECT ${halves("number", "number")}, ${halves("next", "next")}, day, place, listed ` +
    `FROM (${parts.join(" UNION ALL ")}) AS told(number, next, day, place, listed)`
  );
}

/** Headers that adjust a version, or give one a number of its own. */
function versionsText({ claim: { row }, file }: ClaimSegment): string {
  const [original, adjusted] = [identifier(row.original), identifier(row.adjusted)];
  const isOther = `coalesce(${adjusted} <> ${original}, false)`;
  const adjusts = `coalesce(${adjustsText(row)} AND ${dayText(row)} >= 0, false)`;
  return (
    `SELECT ${short(original)} AS number, CASE WHEN ${isOther} THEN ${short(adjusted)} END AS next, ` +
    `CASE WHEN ${adjusts} THEN ${dayText(row)} END AS day, CASE WHEN ${adjusts} THEN ${placeText}::BIGINT END AS place, false AS listed ` +
    `FROM ${storedText(file)} WHERE ${original} IS NOT NULL AND (${isOther} OR ${adjusts})`
  );
}

/** Submissions of one day are in the order of their months. INVARIANT: below the step of a day. */
const SUBMISSIONS_MOST = 100_000;
const orderText = (day: string, submission: number, place: string): string =>
  `(((${day})::HUGEINT * ${SUBMISSIONS_MOST} + ${submission}) * ${DAY_STEP} + (${place}))`;

/** Where a header stands among the versions of its claim. An original is first. */
const ownOrderText = ({ claim: { row } }: ClaimSegment, { own }: WeighOrder): string =>
  `(CASE WHEN ${adjustsText(row)} AND ${dayText(row)} >= 0 THEN ${orderText(dayText(row), own.place, placeText)} ELSE -1 END)`;

/**
 * Versions of which a number belongs to a claim with a listed code, here or elsewhere, in a chain of any length and direction.
 * WHY round by round: only the numbers found are held, and what ties numbers together is read again from its files.
 */
async function findProtected(engine: Duckdb, order: WeighOrder): Promise<void> {
  const told = [order.own, ...order.others];
  const all = (columns: string, where: string): string =>
    told.map(({ file }) => `SELECT ${columns} FROM ${storedText(file)} WHERE ${where}`).join(" UNION ALL ");
  await engine.run(`CREATE TEMP TABLE protected AS SELECT DISTINCT number FROM (${all(`${whole("number")} AS number`, "listed")})`);
  await engine.run("CREATE TEMP TABLE found AS FROM protected");
  const ties = all(`${whole("number")} AS number, ${whole("next")} AS next`, "next_high IS NOT NULL");
  for (let found = await countOf(engine, "found"); found > 0; found = await countOf(engine, "found")) {
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE reached AS SELECT DISTINCT number FROM (` +
        `SELECT tie.next AS number FROM (${ties}) AS tie SEMI JOIN found ON found.number = tie.number UNION ALL ` +
        `SELECT tie.number FROM (${ties}) AS tie SEMI JOIN found ON found.number = tie.next) AS reached ` +
        `ANTI JOIN protected ON protected.number = reached.number`,
    );
    await engine.run("INSERT INTO protected FROM reached");
    await engine.run("CREATE OR REPLACE TEMP TABLE found AS FROM reached");
  }
  if ((await countOf(engine, "protected")) === 0) return;
  for (const [header] of familiesOf(order.segments) as readonly [ClaimSegment][]) {
    const { row } = header.claim;
    // WHY one after the other: joined by either number at once, every header would meet every number.
    for (const number of [numberOf(row), ownNumberOf(row)])
      await engine.run(
        `INSERT INTO touched SELECT DISTINCT ${versionOf(row)}, false FROM ${storedText(header.file)} AS header ` +
          `SEMI JOIN protected ON protected.number = ${number} WHERE ${identifier(MARK_COLUMN)} = ${CLEARED_ELSEWHERE.was}`,
      );
  }
}

const countOf = async (engine: Duckdb, table: string): Promise<number> =>
  Number((await engine.rows(`SELECT count(*) FROM ${table}`))[0]?.[0]);

/** Versions that something later in another submission adjusts, under the claim's first number or the version's own. */
async function findSuperseded(engine: Duckdb, header: ClaimSegment, order: WeighOrder): Promise<void> {
  const { row } = header.claim;
  const shares = Math.max(1, Math.ceil(order.others.reduce((sum, { rows }) => sum + rows, 0) / ADJUSTMENTS_AT_ONCE));
  for (let share = 0; share < shares; share += 1) {
    await engine.run(`CREATE OR REPLACE TEMP TABLE adjusted AS ${adjustedText(order.others, share, shares)}`);
    await engine.run(
      `INSERT INTO touched SELECT ${versionOf(row)}, true FROM ${storedText(header.file)} AS header ` +
        `LEFT JOIN adjusted AS first ON first.number = ${short(identifier(row.original))} ` +
        `LEFT JOIN adjusted AS own ON own.number = ${ownNumberOf(row)} ` +
        `WHERE ${identifier(MARK_COLUMN)} IS NOT NULL AND (first.number IS NOT NULL OR own.number IS NOT NULL) ` +
        `GROUP BY 1 HAVING max(${ownOrderText(header, order)}) < max(greatest(first.last, own.last))`,
    );
  }
}

function adjustedText(others: readonly Told[], share: number, shares: number): string {
  const none = "SELECT NULL::UHUGEINT AS number, NULL::HUGEINT AS stands WHERE false";
  const parts = others.map(
    ({ file, place }) =>
      `SELECT ${whole("number")} AS number, ${orderText("day", place, "place")} AS stands FROM ${storedText(file)} ` +
      `WHERE day IS NOT NULL AND number_low % ${shares} = ${share}`,
  );
  return `SELECT number, max(stands) AS last FROM (${[none, ...parts].join(" UNION ALL ")}) GROUP BY number`;
}

/** INVARIANT: of rows that stand, those of a version that does not any more, and free ones of a version that is protected. */
async function writeChanges(engine: Duckdb, order: WeighOrder): Promise<ReadonlyMap<string, WeighedChanges>> {
  const written = new Map<string, WeighedChanges>();
  if ((await countOf(engine, "affected")) === 0) return written;
  const { was, now } = CLEARED_ELSEWHERE;
  const mark = identifier(MARK_COLUMN);
  for (const { id, claim, file } of order.segments) {
    const changed =
      `SELECT file_row_number AS place, ${mark} AS was, (CASE WHEN NOT gone THEN ${now} END)::INTEGER AS mark ` +
      `FROM ${placedText(file)} AS record JOIN affected ON affected.version = ${versionOf(claim.row)} ` +
      `WHERE ${mark} IS NOT NULL AND (gone OR ${mark} = ${was})`;
    const output = order.output(id);
    const copied = await copyStored(engine, changed, { out: await order.pipes.encrypted(output) });
    const counts = await engine.rows(`SELECT was, mark, count(*) FROM ${storedText(output)} GROUP BY ALL ORDER BY ALL`);
    const changes: MarkChanges = counts.map(([from, to, rows]) => ({
      was: Number(from),
      now: to === null ? null : Number(to),
      rows: Number(rows),
    }));
    if (copied.rows > 0) written.set(id, { file: copied, changes });
  }
  return written;
}
