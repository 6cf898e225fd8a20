import { join } from "node:path";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, pass } from "../core/base/checked.ts";
import { day, daysInMonth } from "../core/base/civil-date.ts";
import type { Catalogue, Segment } from "../core/catalog/catalogue.ts";
import { isAbout } from "../core/catalog/catalogue.ts";
import { submissionsOf } from "../core/catalog/dataset-reference.ts";
import { hasIn } from "../core/validate/condition.ts";
import type { Policy } from "../core/validate/policy.ts";
import { refusalsOf } from "../core/validate/policy.ts";
import { bookFor } from "../core/validate/rule-book.ts";
import type { RuleBook } from "../core/validate/rule.ts";
import { conditionsOf } from "../core/validate/rule.ts";
import type { Finding, MeasureCount, Validation } from "../core/validate/validation.ts";
import { outcomeOf } from "../core/validate/validation.ts";
import type { RecordsRead } from "./intake-reading.ts";
import type { DataKeys } from "./ports/data-vault.ts";
import type { StoredDataset } from "./ports/dataset-store.ts";
import type { SegmentTable } from "./ports/intake-engine.ts";
import type { FailedRow, ValidatedSegment, ValidationEngine, ValidationOrder } from "./ports/validation-engine.ts";
import { sha256Hex } from "./sha256.ts";
import { dataKeyOf, unlessShredded } from "./stored-files.ts";
import type { WrittenTables } from "./written-tables.ts";

/** What submissions are checked by, besides their catalogues. */
export type SubmissionRules = { readonly books: readonly RuleBook[]; readonly policy: Policy; readonly engine: ValidationEngine };

/** A submission whose rows are written and not yet stored. */
export type Staged = {
  readonly read: RecordsRead;
  readonly tables: readonly SegmentTable[];
  readonly written: WrittenTables;
  readonly folders: readonly string[];
};

/** What else is known: other submissions of the state, and the keys that open them. */
export type Surroundings = {
  readonly catalogues: readonly Catalogue[];
  readonly stored: readonly StoredDataset[];
  readonly keys: DataKeys;
};

export type Judged = {
  readonly validation: Validation;
  readonly rows: readonly FailedRow[];
  /** Why it is refused; empty when it is not. */
  readonly refusals: readonly string[];
};

/** Looks at a staged submission by the rules of its dataset, and judges by the policy what was found. */
export async function validate(staged: Staged, rules: SubmissionRules, around: Surroundings): Promise<Checked<Judged>> {
  const book = bookFor(rules.books, staged.read.submission.catalogue) ?? NO_BOOK;
  const beside = besideOf(staged, book, around);
  if (!beside.ok) return beside;
  const found = await rules.engine.validate(orderOf(staged, book, beside.value));
  const findings = [...recordFindings(staged.read, book), ...found.findings];
  const validation: Validation = {
    rulesSha256: digestOf(book),
    policySha256: digestOf(rules.policy),
    outcome: outcomeOf(findings),
    findings,
    measures: [...missingOf(staged, book), ...found.measures],
    unseen: found.unseen,
  };
  return pass({ validation, rows: found.rows, refusals: refusalsOf(rules.policy, book, validation) });
}

/** Records are checked by their catalogue alone where nobody wrote rules. */
const NO_BOOK: RuleBook = {
  title: "",
  version: "",
  datasets: [],
  records: (["E1001", "E1102", "E1103", "E1105"] as const).map((id) => ({
    id,
    says: "",
    tier: id === "E1001" ? "1.0" : "1.1",
    follows: "rejected",
  })),
  rules: [],
  measures: [],
  open: [],
  sourced: [],
};

const digestOf = (part: RuleBook | Policy): string => sha256Hex(utf8(canonicalJson(part)));

/** INVARIANT: a fault of any rule counts, also of one the book does not list. */
function recordFindings({ rules, records }: RecordsRead, book: RuleBook): readonly Finding[] {
  const known = new Set([...book.records.map(({ id }) => id), ...rules.keys()]);
  const counted: ReadonlyMap<string, number> = rules;
  return [...known].map((rule) => ({ rule, failed: counted.get(rule) ?? 0, of: records }));
}

/** Of each segment: the records left out since they name no person, and all its records. */
function missingOf({ read, written }: Staged, { measures }: RuleBook): readonly MeasureCount[] {
  return measures.flatMap(({ id, test }) => {
    if (test.kind !== "missing" || test.element !== read.submission.catalogue.personElement) return [];
    return [...written.segments].flatMap(([segment, { rows }]) => {
      const counted = read.nameless.get(segment) ?? 0;
      return rows + counted === 0 ? [] : [{ rule: id, segment, counted, of: rows + counted }];
    });
  });
}

function orderOf(staged: Staged, book: RuleBook, beside: ValidationOrder["beside"]): ValidationOrder {
  const { read, written } = staged;
  const { catalogue, period, origin, transaction } = read.submission;
  const own = ownSegments(staged);
  const ids = new Set(own.map(({ segment }) => segment.id));
  return {
    rules: book.rules.filter(({ of }) => of.some((id) => ids.has(id))),
    measures: book.measures.filter(({ test }) => test.kind !== "missing" && ids.has(test.of)),
    ...(book.denied === undefined ? {} : { denied: book.denied }),
    own,
    beside,
    lastDay: lastDayOf(period),
    stateCodes: codesOf(catalogue, origin),
    people: written.people,
    mostRows: Math.max(0, ...[...written.segments.values()].map(({ rows }) => rows)),
    update: transaction === "update",
    folders: staged.folders,
  };
}

/** The segments of a staged submission with the files their rows are in. */
export const ownSegments = ({ read, tables }: Pick<Staged, "read" | "tables">): readonly ValidatedSegment[] =>
  tables.map(({ segment, person, file }) => ({ segment: segmentOf(read.submission.catalogue, segment), person, files: [file] }));

function segmentOf({ segments }: Catalogue, id: string): Segment {
  const found = segments.find((segment) => segment.id === id);
  if (found === undefined) throw new RangeError(`no segment ${id}`);
  return found;
}

/** The last day of a month. */
export function lastDayOf(period: string): ValidationOrder["lastDay"] {
  const [year, month] = period.split("-").map(Number);
  return day(`${period}-${daysInMonth(year ?? 0, month ?? 0)}`);
}

/** The codes of submitters that stand for a state. */
function codesOf({ facets }: Catalogue, origin: string): readonly string[] {
  const { origin: source } = facets;
  if (source === undefined || !("map" in source)) return [];
  return Object.entries(source.map).flatMap(([code, state]) => (state === origin ? [code] : []));
}

/** The month's latest submissions, of the same state, of the other datasets that the rules ask. */
function besideOf(
  { read, tables }: Staged,
  book: RuleBook,
  { catalogues, stored, keys }: Surroundings,
): Checked<ValidationOrder["beside"]> {
  const { origin, period, catalogue } = read.submission;
  const rules = book.rules.filter(({ of }) => tables.some(({ segment }) => of.includes(segment)));
  const asked = new Set(rules.flatMap(({ test }) => conditionsOf(test).flatMap(hasIn)).flatMap(({ dataset }) => dataset ?? []));
  const found = [...asked].flatMap((dataset) => {
    const described = catalogues.find((one) => one.dataset === dataset && one.version === catalogue.version);
    const latest = submissionsOf({ dataset, period }, stored).filter(({ manifest }) => manifest.origin === origin);
    const fit = latest.filter(({ manifest }) => manifest.dictionary === catalogue.version);
    // WHY all or none: what a shredded one held would look as if it had never been.
    const whole = fit.length > 0 && unlessShredded(fit, keys).length === fit.length;
    return described === undefined || !whole ? [] : [segmentsBeside(described, fit, keys)];
  });
  const beside = all(found);
  return beside.ok ? pass(new Map(beside.value)) : beside;
}

function segmentsBeside(
  catalogue: Catalogue,
  datasets: readonly StoredDataset[],
  keys: DataKeys,
): Checked<readonly [string, readonly ValidatedSegment[]]> {
  const opened = all(datasets.map((one) => dataKeyOf(one, keys)));
  if (!opened.ok) return opened;
  const segments = catalogue.segments.map((segment): ValidatedSegment => {
    const files = datasets.flatMap(({ folder, manifest }, at) => {
      const [file, key] = [manifest.segments.find(({ id }) => id === segment.id)?.file, opened.value[at]];
      return file === undefined || key === undefined ? [] : [{ key, name: file, path: join(folder, file) }];
    });
    return { segment, person: isAbout(catalogue, segment), files };
  });
  return pass([catalogue.dataset, segments.filter(({ files }) => files.length > 0)]);
}
