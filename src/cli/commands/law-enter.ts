import { existsSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Entry, EntryWish } from "../../app/enter-law.ts";
import { enterLaw } from "../../app/enter-law.ts";
import type { Workspace } from "../../app/workspace.ts";
import type { Problem } from "../../core/base/problem.ts";
import { problem, ProblemError, problemText } from "../../core/base/problem.ts";
import { noteFileText } from "../../core/entry/statement.ts";
import { whatChanges } from "../../core/entry/what-changes.ts";
import { fileDigest } from "../../store/file-digest.ts";
import { lawFilesOnDisk } from "../../store/law-files.ts";
import { proofCrypto } from "../../vault/node-crypto.ts";
import type { Command, CommandInput, OptionValues } from "../command.ts";
import { usage, value } from "../value.ts";
import { noteIn, openEntryRoom, repeated, signersIn } from "../entry-room.ts";
import { text } from "../law-room.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { originOf } from "../ledger-reading.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ law enter FILE... --key FILE [--note FILE] [--order FILE] [-o NOTE] [--json]
       writ law enter --all | --settings --key FILE [options]

Enters law into use: from its entry in the ledger on, it counts. Compares what was entered with what
would be, and says what that opens and closes. What only closes needs counsel's signature. What opens
anything needs a second one, of an affected state's counsel or the monitor, and waits in the ledger
(waitingDays in writ.yaml), unless a court's order directs it sooner. Ask again once the time is over.

  --all            every file that differs, and the settings; this is how the first law is entered
  --settings       signers, grades and waiting time, as writ.yaml says them now
  --key FILE       a signing key; - reads it from stdin. May repeat
  --note FILE      a note with signatures made elsewhere (\`writ law sign\`)
  --order FILE     the court's order; the entry holds its digest
  -o, --output NOTE   write what is to be signed, with the signatures so far, to pass on
  --json           what came of it as one JSON object

Exit: 0 entered · 21 a signature is missing, or the time is not over · 2 refused · 22 the record is altered

  writ law enter --all --key cms-counsel.key
  writ law enter law/orders/new-order.md --key cms-counsel.key -o new-order.note`;

export const command: Command = {
  name: "law enter",
  summary: "enter law into use, signed and logged",
  help: HELP,
  options: {
    all: { type: "boolean" },
    settings: { type: "boolean" },
    key: { type: "string", multiple: true },
    note: { type: "string" },
    order: { type: "string" },
    output: { type: "string", short: "o" },
  },
  operands: ["[FILE...]"],
  async run({ values, positionals, out }) {
    const workspace = await workspaceHere();
    const wish = await wishOf(values, positionals, workspace);
    const { history, archive } = await openEntryRoom(workspace);
    if (history.entries.length === 0 && workspace.signers.length === 0) throw new ProblemError(noSigners());
    const working = await lawFilesOnDisk.read(workspace.paths.law);
    const { record } = await openLedgerRoom(workspace);
    const { cedarJudge: judge } = await import("../../engine/cedar-judge.ts");
    const origin = originOf(workspace);
    const ports = { workspace, origin, history, working, archive, judge, record, crypto: proofCrypto, whatChanges };
    const entry = value(await enterLaw(wish, ports));
    const output = text(values["output"]);
    if (output !== undefined) writeFileSync(output, noteFileText(entry.statement, entry.signatures));
    report(entry, output, out);
    return entry.state === "entered" ? 0 : 21;
  },
};

const noSigners = (): Problem =>
  problem("E_SIGNATURES", "writ.yaml names nobody who may sign for law", {
    hint: "make a key with `writ key new --signer NAME -o FILE` and add it: signers: [{ name, role: counsel, key }]",
  });

async function wishOf(values: OptionValues, positionals: readonly string[], { paths }: Workspace): Promise<EntryWish> {
  const all = values["all"] === true;
  const withSettings = values["settings"] === true;
  if (all && positionals.length > 0) throw usage("--all names every file already", "leave the files out, or --all");
  if (!all && !withSettings && positionals.length === 0)
    throw usage("`writ law enter` needs FILE", "name the law files to enter, or --all");
  const order = text(values["order"]);
  const note = text(values["note"]);
  return {
    paths: all ? "all" : positionals.map((file) => pathWithin(paths.law, file)),
    withSettings,
    keys: signersIn(repeated(values["key"])),
    ...(order === undefined ? {} : { order: await digestOf(order) }),
    ...(note === undefined ? {} : { note: noteIn(note) }),
  };
}

/** A file of the law as the law names it: by its path below the law folder. */
function pathWithin(folder: string, file: string): string {
  const path = relative(folder, resolve(file)).replaceAll("\\", "/");
  if (!path.startsWith("..")) return path;
  const hint = `law lies in ${relative(process.cwd(), folder) || "."}`;
  throw new ProblemError(problem("E_LAW", "this file is not in the law folder", { at: { file }, hint }));
}

async function digestOf(file: string): Promise<string> {
  if (existsSync(file)) return fileDigest(file);
  throw new ProblemError(problem("E_IO", "the order cannot be read", { at: { file } }));
}

function report(entry: Entry, output: string | undefined, out: CommandInput["out"]): void {
  const { statement: _statement, ...told } = entry;
  if (out.json) out.data(JSON.stringify(told));
  else for (const line of entryLines(entry)) out.data(line);
  if (output !== undefined) out.talk(`to be signed: ${output}; pass it on, and enter it with --note ${output}`);
  for (const found of remarks(entry)) out.talk(problemText(found));
}

function entryLines({ change, signedBy, ...entry }: Entry): readonly string[] {
  const what = { starts: "all law is new", opens: "opens", closes: "closes only", neither: "neither opens nor closes" }[change.effect];
  const files = change.files === undefined ? [] : Object.keys(change.files);
  return [
    `change     ${what}`,
    ...change.summary.map((line) => `           ${line}`),
    ...(files.length > 0 ? [`files      ${files.join(", ")}`] : []),
    `signed     ${signedBy.length === 0 ? "by nobody" : signedBy.join(", ")}`,
    ...(entry.state === "entered" ? [`entered    entry ${entry.index} · sources ${change.after.slice(0, 12)}…`] : []),
    ...(entry.state === "waits" ? [`proposed   entry ${entry.proposedIndex} · may be entered from ${entry.until}`] : []),
    ...(entry.state === "unsigned" ? ["entered    nothing, and nothing is logged"] : []),
  ];
}

const remarks = (entry: Entry): readonly Problem[] =>
  entry.state === "entered"
    ? []
    : [
        ...entry.missing,
        ...(entry.state === "waits"
          ? [
              problem("E_WAITING", `what opens waits until ${entry.until}`, {
                hint: "ask again then, unless a court's order directs it sooner: --order FILE",
              }),
            ]
          : []),
      ];
