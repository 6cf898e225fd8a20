import { ProblemError } from "../../core/base/problem.ts";
import type { Law } from "../../core/law/law.ts";
import { dayView } from "../../core/verdict/day-view.ts";
import type { MatrixRow } from "../../core/verdict/matrix.ts";
import { matrix } from "../../core/verdict/matrix.ts";
import { parseRequest } from "../../core/verdict/request.ts";
import type { Command } from "../command.ts";
import { dayOf, LAW_OPTIONS, openLawRoom, standingText, text } from "../law-room.ts";
import { knownWords, REQUEST_OPTIONS, requestRow } from "../request-options.ts";

const HELP = `Usage: writ matrix --from PARTY --to PARTY --purpose WORD [options]

States down, kinds of data across, on one day. States that fare alike share a row.

  --fields A,B        default: the identifying ones
  --origins CA,TX     default: every state
  --population, --employer, --evidence, --action, --funding, --special, --applicant, --record-system, --on,
                      --known and --law as in \`writ decide\`
  --json              the rows as one JSON object

  writ matrix --from hhs-cms --to dhs-ice --purpose immigration-enforcement \\
    --population unlawfully-present --evidence request-1360b --on 2026-01-07`;

const DEFAULT_FIELDS = [
  "address",
  "phone",
  "date-of-birth",
  "citizenship",
  "immigration-status",
  "medicaid-id",
  "name",
  "ssn",
  "diagnosis",
  "claims",
];

export const command: Command = {
  name: "matrix",
  summary: "states down, kinds of data across, on one day",
  help: HELP,
  options: { ...LAW_OPTIONS, ...REQUEST_OPTIONS, fields: { type: "string" }, origins: { type: "string" } },
  operands: [],
  async run({ values, out }) {
    const room = await openLawRoom(values);
    const on = dayOf(values, room.today);
    const fields = words(text(values["fields"]), DEFAULT_FIELDS, room.law.vocabulary.fields, "field");
    const states = room.law.vocabulary.jurisdictions.map((word) => word.id).filter((id) => id !== "none");
    const origins = words(text(values["origins"]), states, room.law.vocabulary.jurisdictions, "jurisdiction");
    const parsed = parseRequest({ ...requestRow(values), field: fields[0] }, room.law);
    if (!parsed.ok) throw new ProblemError(...parsed.problems);
    const rows = matrix(dayView(room.law, on, room.admitted), parsed.value.request, origins, fields);
    if (out.json) out.data(JSON.stringify({ on, rows, sourceDigest: room.law.sourceDigest }));
    else for (const line of table(fields, rows, room.law)) out.data(line);
    out.talk(standingText(room));
    return 0;
  },
};

const words = (said: string | undefined, otherwise: readonly string[], known: readonly { id: string }[], what: string): readonly string[] =>
  said === undefined
    ? otherwise
    : knownWords(
        said.split(","),
        known.map(({ id }) => id),
        what,
        "law/vocabulary",
      );

const SHOWN: Readonly<Record<MatrixRow["cells"][number]["outcome"], string>> = {
  permitted: "█ yes",
  masked: "▒ ",
  "no-authority": "· none",
  barred: "x bar",
};

function table(fields: readonly string[], rows: readonly MatrixRow[], law: Law): readonly string[] {
  const total = law.vocabulary.jurisdictions.length - 1;
  const name = (row: MatrixRow): string => {
    if (row.origins.length === total) return "all states";
    return row.origins.length > 3 ? `${row.origins.slice(0, 2).join(" ")} +${row.origins.length - 2}` : row.origins.join(" ");
  };
  const widths = fields.map((field) => Math.max(field.length, 7));
  const line = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(12)} ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 7)).join("  ")}`.trimEnd();
  const body = rows.map((row) =>
    line(
      name(row),
      row.cells.map((cell) => (cell.outcome === "masked" ? `▒ ${cell.mask}` : SHOWN[cell.outcome])),
    ),
  );
  const folded = rows
    .filter((row) => row.origins.length > 3 && row.origins.length < total)
    .map((row) => `${name(row)}: ${row.origins.join(" ")}`);
  return [line("", fields), ...body, ...folded];
}
