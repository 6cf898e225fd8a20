import { thousands } from "../../core/base/thousands.ts";
import { relative } from "node:path";
import type { IntakePorts, IntakeReport } from "../../app/intake.ts";
import { takeIn } from "../../app/intake.ts";
import type { Workspace } from "../../app/workspace.ts";
import type { IncomingFile } from "../../app/ports/incoming-file.ts";
import type { StoredSidecar } from "../../app/ports/sidecar-store.ts";
import type { SidecarPorts } from "../../app/sidecars.ts";
import { takeAidCodes, takeHandles, takeStatusSource } from "../../app/sidecars.ts";
import type { Checked } from "../../core/base/checked.ts";
import type { Validation } from "../../core/validate/validation.ts";
import type { SidecarManifest } from "../../core/sidecar/sidecar-manifest.ts";
import type { Problem } from "../../core/base/problem.ts";
import { ProblemError } from "../../core/base/problem.ts";
import type { Note } from "../../core/ledger/note.ts";
import { proofCrypto } from "../../vault/node-crypto.ts";
import { incomingFile } from "../../store/incoming-file.ts";
import type { Command, CommandInput, OptionValues, Output } from "../command.ts";
import { recordRefusal, recordSubmissions } from "../../app/record-submissions.ts";
import { noteIn } from "../entry-room.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { openDataRoom, personKeysOf } from "../data-room.ts";
import { usage, value } from "../value.ts";
import { openIncoming } from "../incoming.ts";
import { checkFiles } from "../intake-check.ts";
import { intakePorts, optionsOf, originText, submissionLines } from "../intake-room.ts";
import { printLines } from "../submission-report.ts";
import { correctionLines } from "../correction-report.ts";
import { correctionsIn } from "../stored-classes.ts";
import { allLeaves } from "../../app/shred.ts";
import type { Correction } from "../../app/corrections.ts";
import { progressOn } from "../progress.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ intake FILE... [options]
       writ intake --status FILE --name NAME --asserter PARTY [--signed NOTE]
       writ intake --aid-codes FILE | --handles FILE --origin ST [--signed NOTE]
       writ intake FILE... --check-only [--for-submission [--aid-codes FILE]]

Takes submissions into the workspace: T-MSIS files (fixed length or pipe-separated, told by their header)
and tables of your own (CSV, PSV, NDJSON, Parquet) that a catalogue describes. A file that is damaged,
miscounted, another state's or already stored is refused whole. Single bad records are left out and listed
in private/rejects, without any of their data. The rules of the dictionary are counted, and a file that
breaks more than submission-policy.yaml allows is refused. What is taken in names the earlier releases that
held what it corrects: its own earlier sequences, and months of which it voids or replaces claims.

  --catalogue DATASET     what the file is; needed for a table of your own
  --origin ST             the state it must be from
  --period YYYY-MM        the month it must be about; needed for a table
  --count-includes-header this submitter's record count counts the header too
  --status FILE           findings on people's immigration status, of one source
  --name NAME             what requests call that source, such as dhs-status@2025-12
  --asserter PARTY        who asserts the findings; never the one who asks for data
  --aid-codes FILE        a state's map from its aid codes to who pays
  --handles FILE          the handles a state gives its people
  --signed NOTE           the signature under that file, made by \`writ key sign\`; needed where writ.yaml
                          names who signs for that state or party
  --check-only            count what breaks rules, store nothing and log nothing
  --for-submission        also count what a state is about to hand over and may not have to; with
                          --aid-codes, the map by which the state alone pays

  writ intake ca-2025-12.flf
  writ intake ca-2025-12.flf --check-only --for-submission
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
    signed: { type: "string" },
    "check-only": { type: "boolean" },
    "for-submission": { type: "boolean" },
  },
  operands: ["[FILE...]"],
  run: async (input) => {
    const workspace = await workspaceHere();
    if (input.values["check-only"] === true) return checkFiles(workspace, input);
    if (input.values["for-submission"] === true) throw usage("--for-submission is for a check", "add --check-only");
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
  const { sources } = workspace;
  const ports: SidecarPorts = { ...room, keys, sources, crypto: proofCrypto, now: () => workspace.clock.now() };
  const file = value(incomingFile(text(kind)));
  const note = values["signed"] === undefined ? undefined : noteIn(text("signed"));
  const { manifest, digest } = value(await takeOf(kind, file, text, ports, note));
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
  note: Note | undefined,
): Promise<Checked<StoredSidecar>> {
  if (kind === "status") return takeStatusSource(file, { name: text("name"), asserter: text("asserter") }, ports, note);
  return kind === "aid-codes" ? takeAidCodes(file, ports, note) : takeHandles(file, originText(text("origin")), ports, note);
}

/** What a stored sidecar is, in words. */
export function sidecarText(manifest: SidecarManifest): string {
  const signed = manifest.signedBy === undefined ? "" : `, signed by ${manifest.signedBy.join(", ")}`;
  if (manifest.format === "writ-status/2") return `status source ${manifest.name}, asserted by ${manifest.asserter}${signed}`;
  if (manifest.format === "writ-aid-codes/1") return `aid-code map of ${manifest.states.join(", ")}${signed}`;
  return `handles of ${manifest.origin}${signed}`;
}

async function takeFiles(workspace: Workspace, { values, positionals, out }: CommandInput): Promise<number> {
  const room = await openDataRoom(workspace);
  const ports = await intakePorts(workspace, room);
  const { store } = ports;
  const { ledger, record } = await openLedgerRoom(workspace);
  const [problems, reports]: [Problem[], unknown[]] = [[], []];
  for (const path of positionals) {
    const progress = progressOn(out);
    const file = await openIncoming(path);
    const taken = file.ok ? await takeIn(file.value, optionsOf(values), { ...ports, report: (advance) => progress.report(advance) }) : file;
    progress.end();
    if (taken.ok) await recordSubmissions(value(store.list()), ledger, record);
    else if (file.ok) await recordRefusal(askedBy(values), taken, record);
    if (!taken.ok) {
      problems.push(...taken.problems);
      continue;
    }
    const corrections = await correctionsIn(taken.value.stored, await allLeaves(ledger), room);
    if (out.json) reports.push(jsonOf(taken.value, corrections));
    else print(taken.value, corrections, workspace, ports, out);
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

function jsonOf({ stored, records, unlisted, replaces }: IntakeReport, corrects: readonly Correction[]): unknown {
  const { dataset, period, origin, submitter, transaction, sequence, people, rejected, segments, validation } = stored.manifest;
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
    ...(validation === undefined ? {} : { outcome: validation.outcome, broken: brokenOf(validation) }),
    segments: named,
    ...(corrects.length === 0 ? {} : { corrects }),
  };
  return replaces === undefined ? what : { ...what, replaces: replaces.digest };
}

const brokenOf = ({ findings }: Validation): Readonly<Record<string, number>> =>
  Object.fromEntries(findings.flatMap(({ rule, failed }) => (failed > 0 ? [[rule, failed] as const] : [])));

function print(
  { stored, records, unlisted, replaces }: IntakeReport,
  corrections: readonly Correction[],
  { paths }: Workspace,
  { rules }: IntakePorts,
  out: Output,
): void {
  const list = (name: string): string => `, listed in ${relative(process.cwd(), `${paths.rejects}/${stored.digest}${name}.csv`)}`;
  for (const line of printLines(submissionLines("taken in", stored.manifest, { records, unlisted }, list("")))) out.data(line);
  const { validation } = stored.manifest;
  const relational = new Set((rules?.books ?? []).flatMap((book) => book.rules.map(({ id }) => id)));
  const broken = validation === undefined ? [] : Object.entries(brokenOf(validation)).filter(([rule]) => relational.has(rule));
  if (broken.length > 0)
    out.data(`findings   ${broken.map(([rule, count]) => `${rule} ${thousands(count)}`).join(", ")}${list("-findings")}`);
  const gone = stored.manifest.insteadOf === undefined ? "" : ", which was shredded";
  if (replaces !== undefined) out.data(`replaces   sequence ${replaces.manifest.sequence}, ${replaces.digest.slice(0, 16)}…${gone}`);
  out.data(`digest     ${stored.digest}`);
  for (const line of printLines(correctionLines(corrections))) out.data(line);
}
