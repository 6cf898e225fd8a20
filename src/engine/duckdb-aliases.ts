import type { ClassOrder } from "../app/ports/class-engine.ts";
import type { EvidenceBits } from "../core/catalog/evidence-bits.ts";
import { identifier } from "../core/extract/duckdb-printer.ts";
import type { Duckdb } from "./duckdb.ts";
import { storedText } from "./duckdb-stored.ts";

/** Several ids of one person: each with the first of them, which stands for the person. */
const ALIASES = "aliases";

/**
 * Finds the ids that share a number of which a person has one. The days do not matter: a person stays who they are.
 * WHY in shares: the engine spills nothing, and keeps all numbers of a share at once.
 */
export async function findAliases(engine: Duckdb, order: ClassOrder, shareCount: number): Promise<void> {
  await engine.run(`CREATE TEMP TABLE ${ALIASES} (person_key UUID, same_person UUID)`);
  const rows = numbersText(order);
  if (rows === "") return;
  for (let share = 0; share < shareCount; share += 1) {
    const some = `SELECT * FROM (${rows}) WHERE hash(number) % ${shareCount} = ${share}`;
    const several = "SELECT number, min(person_key) AS same_person FROM rows GROUP BY number HAVING min(person_key) <> max(person_key)";
    await engine.run(
      `INSERT INTO ${ALIASES} WITH rows AS (${some}), several AS (${several}) ` +
        "SELECT person_key, min(same_person) FROM rows JOIN several USING (number) GROUP BY person_key",
    );
  }
}

/** Who has which number, by the submission's own rows or those of its enrolment. */
function numbersText({ source, segmentFiles, enrolment }: ClassOrder): string {
  const tellers = [
    { own: source.own, filesOf: (segment: string) => [segmentFiles.get(segment) ?? []].flat() },
    { own: enrolment?.source.own, filesOf: (segment: string) => enrolment?.segmentFiles.get(segment) ?? [] },
  ];
  return tellers
    .flatMap(({ own, filesOf }) =>
      own === undefined ? [] : filesOf(own.segment).map((file) => ({ number: identifier(own.column), file: storedText(file) })),
    )
    .map(({ number, file }) => `SELECT person_key, ${number}::VARCHAR AS number FROM ${file} WHERE ${number} IS NOT NULL`)
    .join(" UNION ALL ");
}

/**
 * The bits of everybody, where what is found of one id also counts against the others of that person. Leaves `together` behind.
 * INVARIANT: it widens only. An id of which nothing is found takes nothing over: a number mistyped must not prove anything.
 */
export async function heardTogether(engine: Duckdb, resolved: string, { ofPopulation, forPopulation }: EvidenceBits): Promise<string> {
  const together = `SELECT same_person, bit_or(bits & ${ofPopulation}::BIGINT) AS bits FROM ${resolved} JOIN ${ALIASES} USING (person_key) GROUP BY same_person`;
  // WHY a table: everybody is read twice from here on, and would be four times.
  await engine.run(`CREATE TEMP TABLE together AS ${together}`);
  const heard = `CASE WHEN (one.bits & ${forPopulation}::BIGINT) <> 0 THEN one.bits | coalesce(together.bits, 0) ELSE one.bits END`;
  return (
    `SELECT one.* REPLACE (${heard} AS bits), ${ALIASES}.same_person FROM ${resolved} AS one ` +
    `LEFT JOIN ${ALIASES} USING (person_key) LEFT JOIN together USING (same_person)`
  );
}
