import { thousands } from "../../core/base/thousands.ts";
import { relative } from "node:path";
import type { IntakeOptions, IntakePorts, IntakeReport } from "../../app/intake.ts";
import { takeIn } from "../../app/intake.ts";
import type { Workspace } from "../../app/workspace.ts";
import type { IncomingFile } from "../../app/ports/incoming-file.ts";
import type { StoredSidecar } from "../../app/ports/sidecar-store.ts";
import type { SidecarPorts } from "../../app/sidecars.ts";
import { takeAidCodes, takeHandles, takeStatusSource } from "../../app/sidecars.ts";
import type { Checked } from "../../core/base/checked.ts";
import type { SidecarManifest } from "../../core/sidecar/sidecar-manifest.ts";
import type { Problem } from "../../core/base/problem.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { duckdbIntake } from "../../engine/duckdb-intake.ts";
import { incomingFile } from "../../store/incoming-file.ts";
import type { Command, CommandInput, OptionValues, Output } from "../command.ts";
import { recordRefusal, recordSubmissions } from "../../app/record-submissions.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { openDataRoom, personKeysOf, usage, value } from "../data-room.ts";
import { openIncoming } from "../incoming.ts";
import { progressOn } from "../progress.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ intake FILE... [options]
       writ intake --status FILE --name NAME --asserter PARTY
       writ intake --aid-codes FILE | --handles FILE --origin ST

Takes submissions into the workspace: T-MSIS files (fixed length or pipe-separated, told by their header)
and tables of your own (CSV, PSV, NDJSON, Parquet) that a catalogue describes. A file that is damaged,
miscounted, another state's or already stored is refused whole. Single bad records are left out and listed
in private/rejects, without any of their data.

  --catalogue DATASET     what the file is; needed for a table of your own
  --origin ST             the state it must be from
  --period YYYY-MM        the month it must be about; needed for a table
  --count-includes-header this submitter's record count counts the header too
  --status FILE           findings on people's immigration status, of one source
  --name NAME             what requests call that source, such as dhs-status@2025-12
  --asserter PARTY        who asserts the findings; never the one who asks for data
  --aid-codes FILE        a state's map from its aid codes to who pays
  --handles FILE          the handles a state gives its people

  writ intake ca-2025-12.flf
  writ intake lunches.csv --catalogue school/lunches --period 2025-12 --origin CA`;

export const command: Command = {
  name: "intake",
  summary: "take submissions, tables and sidecars in",
  help: HELP,
  options: {
    catalogue: { type: "string" },
    origin: { type: "string" },
    period: { type: "string" },
    "count-includes-header": { type: "boolean" },
    status: { type: "string" },
    name: { type: "string" },
    asserter: { type: "string" },
    "aid-codes": { type: "string" },
    handles: { type: "string" },
  },
  operands: ["[FILE...]"],
  run: async (input) => {
    const workspace = await workspaceHere();
    const sidecar = SIDECARS.filter((name) => input.values[name] !== undefined);
    if (sidecar.length > 1 || (sidecar.length > 0 && input.positionals.length > 0)) {
      throw usage("one kind of file at a time", "take submissions and sidecars in with commands of their own");
    }
    if (sidecar[0] !== undefined) return takeSidecar(workspace, sidecar[0], input);
    if (input.positionals.length === 0) throw usage("nothing to take in is named", "write `writ intake FILE`");
    return takeFiles(workspace, input);
  },
};

const SIDECARS = ["status", "aid-codes", "handles"] as const;

async function takeSidecar(workspace: Workspace, kind: (typeof SIDECARS)[number], { values, out }: CommandInput): Promise<number> {
  const room = await openDataRoom(workspace);
  const keys = await personKeysOf(workspace, room.store);
  const text = (name: string): string => {
    const given = values[name];
    if (typeof given === "string") return given;
    throw usage(`--${name} is missing`, "`writ intake --help` shows what each sidecar needs");
  };
  const ports: SidecarPorts = { ...room, keys, engine: duckdbIntake, now: () => workspace.clock.now() };
  const file = value(incomingFile(text(kind)));
  const { manifest, digest } = value(await takeOf(kind, file, text, ports));
  if (out.json) out.data(JSON.stringify({ digest, manifest }));
  else {
    out.data(`taken in   ${sidecarText(manifest)} · ${thousands(manifest.rows)} lines`);
    out.data(`digest     ${digest}`);
  }
  return 0;
}

async function takeOf(
  kind: (typeof SIDECARS)[number],
  file: IncomingFile,
  text: (name: string) => string,
  ports: SidecarPorts,
): Promise<Checked<StoredSidecar>> {
  if (kind === "status") return takeStatusSource(file, { name: text("name"), asserter: text("asserter") }, ports);
  return kind === "aid-codes" ? takeAidCodes(file, ports) : takeHandles(file, originText(text("origin")), ports);
}

/** What a stored sidecar is, in words. */
export function sidecarText(manifest: SidecarManifest): string {
  if (manifest.format === "writ-status/2") return `status source ${manifest.name}, asserted by ${manifest.asserter}`;
  return manifest.format === "writ-aid-codes/1" ? `aid-code map of ${manifest.states.join(", ")}` : `handles of ${manifest.origin}`;
}

function originText(origin: string): string {
  if (/^[A-Z]{2}$|^none$/.test(origin)) return origin;
  throw usage(`"${origin}" is no state`, "write its postal code, such as CA");
}

async function takeFiles(workspace: Workspace, { values, positionals, out }: CommandInput): Promise<number> {
  const { store, catalogues, specialCodes, vault } = await openDataRoom(workspace);
  const keys = await personKeysOf(workspace, store);
  const { clock, paths } = workspace;
  const ports: IntakePorts = {
    catalogues,
    specialCodes,
    store,
    vault,
    keys,
    engine: duckdbIntake,
    datasetsFolder: paths.datasets,
    now: () => clock.now(),
  };
  const { ledger, record } = await openLedgerRoom(workspace);
  const [problems, reports]: [Problem[], unknown[]] = [[], []];
  for (const path of positionals) {
    const progress = progressOn(out);
    const file = await openIncoming(path);
    const taken = file.ok ? await takeIn(file.value, optionsOf(values), { ...ports, report: (advance) => progress.report(advance) }) : file;
    progress.end();
    if (taken.ok) await recordSubmissions(value(store.list()), ledger, record);
    else if (file.ok) await recordRefusal(askedBy(values), taken.problems, record);
    if (!taken.ok) problems.push(...taken.problems);
    else if (out.json) reports.push(jsonOf(taken.value));
    else print(taken.value, workspace, out);
  }
  if (problems.length > 0 && reports.length === 0) throw new ProblemError(...problems);
  if (out.json) out.data(JSON.stringify({ taken: reports, problems }));
  if (problems.length > 0) throw new ProblemError(...problems);
  return 0;
}

function askedBy(values: OptionValues): Parameters<typeof recordRefusal>[0] {
  const { catalogue: dataset, origin } = optionsOf(values);
  return { ...(dataset === undefined ? {} : { dataset }), ...(origin === undefined ? {} : { origin }) };
}

function optionsOf(values: OptionValues): IntakeOptions {
  const text = (name: string): string | undefined => (typeof values[name] === "string" ? values[name] : undefined);
  const [catalogue, origin, period] = [text("catalogue"), text("origin"), text("period")];
  if (origin !== undefined && !/^[A-Z]{2}$|^none$/.test(origin))
    throw usage(`"${origin}" is no state`, "write its postal code, such as CA");
  if (period !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) throw usage(`"${period}" is no month`, "write YYYY-MM");
  return {
    ...(catalogue === undefined ? {} : { catalogue }),
    ...(origin === undefined ? {} : { origin: originText(origin) }),
    ...(period === undefined ? {} : { period }),
    countsHeader: values["count-includes-header"] === true,
  };
}

function jsonOf({ stored, records, unlisted, replaces }: IntakeReport): unknown {
  const { dataset, period, origin, submitter, transaction, sequence, people, rejected, segments } = stored.manifest;
  const named = segments.map(({ id, rows }) => ({ id, rows }));
  const what = {
    digest: stored.digest,
    dataset,
    period,
    origin,
    submitter,
    transaction,
    sequence,
    people,
    records,
    ...(unlisted > 0 ? { unlisted } : {}),
    rejected,
    segments: named,
  };
  return replaces === undefined ? what : { ...what, replaces: replaces.digest };
}

function print({ stored, records, unlisted, replaces }: IntakeReport, { paths }: Workspace, out: Output): void {
  const {
    dataset,
    period,
    origin,
    submitter,
    transaction,
    sequence,
    people,
    about = "people",
    rejected,
    segments,
    idIsSsn,
  } = stored.manifest;
  const by = submitter === "none" ? origin : `${origin} (submitter ${submitter})`;
  const filled = segments.filter(({ rows }) => rows > 0).length;
  out.data(`taken in   ${dataset}@${period} · ${by} · ${transaction} ${sequence}`);
  out.data(`${about.padEnd(10)} ${thousands(people)}${idIsSsn ? " · this submission's ids are SSNs" : ""}`);
  out.data(`records    ${thousands(records)} in ${filled} segments`);
  if (unlisted > 0) out.data(`left out   of ${thousands(unlisted)} records what the catalogue lists no column for`);
  if (rejected.records > 0) {
    const rules = Object.entries(rejected.rules).map(([rule, count]) => `${rule} ${thousands(count)}`);
    const list = relative(process.cwd(), `${paths.rejects}/${stored.digest}.csv`);
    out.data(`rejected   ${thousands(rejected.records)} (${rules.join(", ")}), listed in ${list}`);
  }
  if (replaces !== undefined) out.data(`replaces   sequence ${replaces.manifest.sequence}, ${replaces.digest.slice(0, 16)}…`);
  out.data(`digest     ${stored.digest}`);
}
