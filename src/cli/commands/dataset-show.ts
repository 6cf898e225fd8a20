import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StoredDataset } from "../../app/ports/dataset-store.ts";
import { isShredded, openEach } from "../../app/stored-files.ts";
import type { CivilDate } from "../../core/base/civil-date.ts";
import { civilDate, dayOfInstant } from "../../core/base/civil-date.ts";
import type { ClassTable, RowFacets } from "../../core/catalog/row-class.ts";
import { facetLeaves } from "../../core/catalog/row-class.ts";
import type { ClaimTable } from "../../core/catalog/claim-table.ts";
import type { MarkCounts } from "../../core/catalog/special-mark.ts";
import { MARKS } from "../../core/catalog/special-mark.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Workspace } from "../../app/workspace.ts";
import type { RuleBook } from "../../core/validate/rule.ts";
import { findDatasets, listDatasets, verifyDatasetFiles } from "../../store/dataset-store.ts";
import { contentDigest } from "../../store/incoming-file.ts";
import { openIncoming } from "../incoming.ts";
import type { Command, OptionValues, Output } from "../command.ts";
import type { DataRoom } from "../data-room.ts";
import { openDataRoom, ruleBooks } from "../data-room.ts";
import { value } from "../value.ts";
import type { ReportLine } from "../submission-report.ts";
import { bookOf, printLines, validationJson, validationLines } from "../submission-report.ts";
import { correctionLines } from "../correction-report.ts";
import { openLedgerReader } from "../ledger-reading.ts";
import { allLeaves } from "../../app/shred.ts";
import type { LoggedLeaf } from "../../core/ledger/leaf.ts";
import type { Logged } from "../../core/ledger/release-history.ts";
import type { Correction } from "../../app/corrections.ts";
import { claimsOf, classesOf, correctionsIn } from "../stored-classes.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ dataset show DATASET@YYYY-MM | DIGEST | FILE [--status NAME] [--on DATE] [--verify] [--json]

Shows each submission of a month, or the one that a digest or the file it came in names: its header and
records, what was left out and why, which rules it broke and its measures beside CMS's ranges, and how many
people the law can tell apart on a day (today unless --on says otherwise). Marks of claims are those a release
goes by, with later versions in other months of the state; earlier releases that held what a submission
corrects are named. Of a submission that was shredded only its header, counts and findings are left.

  --status NAME   a status source that counts, such as dhs-status@2025-12
  --on DATE       the day on which spans and findings are looked at
  --verify        also hash every stored file, and open every part of it by its key

  writ dataset show tmsis/eligible@2025-12
  writ dataset show ca-2025-12.flf --json
  writ dataset show tmsis/eligible@2025-12 --status dhs-status@2025-12 --on 2026-01-07`;

type Shown = {
  readonly stored: StoredDataset;
  /** The entry that says it was shredded. Nothing but its manifest is known of it then. */
  readonly shredded?: Logged<"data-shredded">;
  readonly table?: ClassTable;
  readonly claims?: ClaimTable;
  readonly corrects: readonly Correction[];
};

export const command: Command = {
  name: "dataset show",
  summary: "show submissions: rules, measures, row classes",
  help: HELP,
  options: { status: { type: "string" }, on: { type: "string" }, verify: { type: "boolean" } },
  operands: ["DATASET@YYYY-MM|DIGEST|FILE"],
  run: async ({ values, positionals, out }) => {
    const workspace = await workspaceHere();
    const room = await openDataRoom(workspace);
    const found = await submissionsNamed(workspace, positionals[0] ?? "");
    const books = ruleBooks(room);
    const asOf = typeof values["on"] === "string" ? value(civilDate(values["on"])) : dayOfInstant(workspace.clock.now());
    const leaves = existsSync(join(workspace.paths.ledger, "checkpoint")) ? await allLeaves(openLedgerReader(workspace)) : [];
    const shown: Shown[] = [];
    for (const stored of found) {
      shown.push(isShredded(stored, room.vault.keys) ? shreddedOf(stored, leaves) : await readableOf(stored, room, leaves, asOf, values));
    }
    if (out.json)
      out.data(
        JSON.stringify({
          asOf,
          submissions: shown.map(({ stored, shredded, table, claims, corrects }) => ({
            digest: stored.digest,
            ...(shredded === undefined ? {} : { shredded: shredded.index }),
            ...stored.manifest,
            validation: validationJson(stored.manifest.validation, bookOf(stored.manifest, books)),
            classes: table?.classes ?? [],
            ...(claims === undefined ? {} : { claims: claimsJson(claims) }),
            ...(corrects.length === 0 ? {} : { corrects }),
          })),
        }),
      );
    else for (const one of shown) print(one, room, bookOf(one.stored.manifest, books), out);
    return 0;
  },
};

async function readableOf(
  stored: StoredDataset,
  room: DataRoom,
  leaves: readonly LoggedLeaf[],
  asOf: CivilDate,
  values: OptionValues,
): Promise<Shown> {
  if (values["verify"] === true) value(openEach(value(await verifyDatasetFiles(stored)), room.vault));
  const [table, claims] = [await classesOf(stored, room, asOf, values), await claimsOf(stored, room)];
  const corrects = await correctionsIn(stored, leaves, room);
  return { stored, corrects, ...(table === undefined ? {} : { table }), ...(claims === undefined ? {} : { claims }) };
}

/** INVARIANT: keys are shredded after the log says so. */
function shreddedOf(stored: StoredDataset, leaves: readonly LoggedLeaf[]): Shown {
  for (const { index, leaf } of leaves)
    if (leaf.kind === "data-shredded" && leaf.keyId === stored.manifest.keyId) return { stored, shredded: { index, leaf }, corrects: [] };
  throw new ProblemError(problem("E_LEDGER", "a key was shredded and the log does not say so", { hint: "writ log verify" }));
}

/** What a reference, the beginning of a digest, or the file a submission came in names. */
async function submissionsNamed({ paths }: Workspace, named: string): Promise<readonly StoredDataset[]> {
  const isFile = existsSync(named) && statSync(named).isFile();
  if (!isFile && !/^[0-9a-f]{8,64}$/.test(named)) return value(findDatasets(paths.datasets, named));
  const stored = value(listDatasets(paths.datasets));
  const sha256 = isFile ? await contentDigest(value(await openIncoming(named))) : undefined;
  const found = stored.filter(({ digest, manifest }) =>
    sha256 === undefined ? digest.startsWith(named) : manifest.sourceSha256 === sha256,
  );
  if (found.length > 0) return found;
  const message = isFile ? "this file was not taken in" : `no submission's digest begins with ${named}`;
  throw new ProblemError(problem("E_DATASET", message, { hint: "`writ dataset list` shows what was" }));
}

function print({ stored, shredded, table, claims, corrects }: Shown, room: DataRoom, book: RuleBook | undefined, out: Output): void {
  const { dataset, period, origin, submitter, people, about = "people", rejected, segments, idIsSsn } = stored.manifest;
  out.data(
    `${dataset}@${period}  ${origin}${submitter === "none" ? "" : ` (submitter ${submitter})`}  ${people} ${about}${idIsSsn ? "  ids are SSNs" : ""}`,
  );
  const { dictionary, transaction, sequence, taken, sourceSha256 } = stored.manifest;
  out.data(`  header    ${transaction} ${sequence} · dictionary ${dictionary} · taken in ${taken} · file ${sourceSha256.slice(0, 16)}…`);
  if (shredded !== undefined)
    out.data(`  shredded  ${shredded.leaf.time} · entry ${shredded.index} · nothing can read it again; its month may be taken in anew`);
  out.data(`  segments  ${segments.filter(({ rows }) => rows > 0).map(({ id, rows }) => `${id} ${rows}`).join(" · ")}`); // prettier-ignore
  const rules = Object.entries(rejected.rules).map(([rule, count]) => `${rule} ${count}`);
  out.data(`  rejected  ${rejected.records}${rules.length > 0 ? ` (${rules.join(", ")})` : ""}`);
  for (const line of printLines([...claimLines(claims), ...correctionLines(corrects)], 10)) out.data(`  ${line}`);
  for (const line of printLines(validationLines(stored.manifest, book, "all"), 10)) out.data(`  ${line}`);
  if (table === undefined) return;
  out.data(`  classes   on ${table.asOf}`);
  const all = facetLeaves(room.vocabulary);
  for (const { facets, people: count } of table.classes) out.data(`  ${String(count).padStart(9)}  ${facetsText(facets, all)}`);
}

/** The marks that a release goes by. */
function claimLines(claims: ClaimTable | undefined): readonly ReportLine[] {
  if (claims === undefined) return [];
  const { segments, consulted, shredded } = claims;
  const gone = shredded.length === 0 ? "" : `, without ${shredded.length} that were shredded`;
  const looked = `by ${consulted.length} other ${consulted.length === 1 ? "submission" : "submissions"} of the state${gone}`;
  return [
    ...segments.map(({ id, marks }): ReportLine => ["marks", `${id} ${marksText(marks)}`]),
    ...(consulted.length + shredded.length === 0 ? [] : [["versions", looked] as const]),
  ];
}

const claimsJson = ({ consulted, shredded, segments }: ClaimTable): unknown => ({
  consulted,
  shredded,
  segments: segments.map(({ id, marks }) => ({ id, marks })),
});

const marksText = (marks: MarkCounts): string => [...MARKS, "superseded" as const].map((mark) => `${mark} ${marks[mark]}`).join(" · ");

function facetsText(facets: RowFacets, all: ReturnType<typeof facetLeaves>): string {
  const shown = (facet: "population" | "funding" | "applicant"): string =>
    facets[facet].length === all[facet].length ? "unknown" : facets[facet].join(" or ");
  return `population ${shown("population")} · funding ${shown("funding")} · applicant ${shown("applicant")}`;
}
