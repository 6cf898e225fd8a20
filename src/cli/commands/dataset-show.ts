import type { StoredDataset } from "../../app/ports/dataset-store.ts";
import { civilDate, dayOfInstant } from "../../core/base/civil-date.ts";
import type { ClassTable, RowFacets } from "../../core/catalog/row-class.ts";
import { facetLeaves } from "../../core/catalog/row-class.ts";
import type { MarkCounts } from "../../core/catalog/special-mark.ts";
import { MARKS } from "../../core/catalog/special-mark.ts";
import { findDatasets, verifyDatasetFiles } from "../../store/dataset-store.ts";
import type { Command, Output } from "../command.ts";
import type { DataRoom } from "../data-room.ts";
import { openDataRoom, value } from "../data-room.ts";
import { classesOf } from "../stored-classes.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ dataset show DATASET@YYYY-MM [--status NAME] [--on DATE] [--verify] [--json]

Shows each submission of a month: its records, what was left out and why, and how many people the law
can tell apart on a day (today unless --on says otherwise).

  --status NAME   a status source that counts, such as dhs-status@2025-12
  --on DATE       the day on which spans and findings are looked at
  --verify        also hash every stored file

  writ dataset show tmsis/eligible@2025-12
  writ dataset show tmsis/eligible@2025-12 --status dhs-status@2025-12 --on 2026-01-07`;

type Shown = { readonly stored: StoredDataset; readonly table: ClassTable | undefined };

export const command: Command = {
  name: "dataset show",
  summary: "show a month's submissions and row classes",
  help: HELP,
  options: { status: { type: "string" }, on: { type: "string" }, verify: { type: "boolean" } },
  operands: ["DATASET@YYYY-MM"],
  run: async ({ values, positionals, out }) => {
    const workspace = await workspaceHere();
    const room = await openDataRoom(workspace);
    const found = value(findDatasets(workspace.paths.datasets, positionals[0] ?? ""));
    const asOf = typeof values["on"] === "string" ? value(civilDate(values["on"])) : dayOfInstant(workspace.clock.now());
    const shown: Shown[] = [];
    for (const stored of found) {
      if (values["verify"] === true) value(await verifyDatasetFiles(stored));
      shown.push({ stored, table: await classesOf(stored, room, asOf, values) });
    }
    if (out.json)
      out.data(
        JSON.stringify({
          asOf,
          submissions: shown.map(({ stored, table }) => ({ digest: stored.digest, ...stored.manifest, classes: table?.classes ?? [] })),
        }),
      );
    else for (const one of shown) print(one, room, out);
    return 0;
  },
};

function print({ stored, table }: Shown, room: DataRoom, out: Output): void {
  const { dataset, period, origin, submitter, people, about = "people", rejected, segments, idIsSsn } = stored.manifest;
  out.data(
    `${dataset}@${period}  ${origin}${submitter === "none" ? "" : ` (submitter ${submitter})`}  ${people} ${about}${idIsSsn ? "  ids are SSNs" : ""}`,
  );
  out.data(`  segments  ${segments.filter(({ rows }) => rows > 0).map(({ id, rows }) => `${id} ${rows}`).join(" · ")}`); // prettier-ignore
  const rules = Object.entries(rejected.rules).map(([rule, count]) => `${rule} ${count}`);
  out.data(`  rejected  ${rejected.records}${rules.length > 0 ? ` (${rules.join(", ")})` : ""}`);
  for (const { id, marks } of segments) if (marks !== undefined) out.data(`  marks     ${id} ${marksText(marks)}`);
  if (table === undefined) return;
  out.data(`  classes   on ${table.asOf}`);
  const all = facetLeaves(room.vocabulary);
  for (const { facets, people: count } of table.classes) out.data(`  ${String(count).padStart(9)}  ${facetsText(facets, all)}`);
}

const marksText = (marks: MarkCounts): string => [...MARKS, "superseded" as const].map((mark) => `${mark} ${marks[mark]}`).join(" · ");

function facetsText(facets: RowFacets, all: ReturnType<typeof facetLeaves>): string {
  const shown = (facet: "population" | "funding" | "applicant"): string =>
    facets[facet].length === all[facet].length ? "unknown" : facets[facet].join(" or ");
  return `population ${shown("population")} · funding ${shown("funding")} · applicant ${shown("applicant")}`;
}
