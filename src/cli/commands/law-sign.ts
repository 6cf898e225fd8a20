import { signatureBy } from "../../app/signature.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { noteFileText, readEntry, signatureLines } from "../../core/entry/statement.ts";
import { writeDurably } from "../../store/durable-file.ts";
import type { Command } from "../command.ts";
import { value } from "../value.ts";
import { noteIn, repeated, signersIn } from "../entry-room.ts";

const HELP = `Usage: writ law sign NOTE --key FILE [--json]

Prints what a note asks to be signed, and adds a signature to it. Needs no workspace: a state's counsel
or the monitor signs at their own desk and sends the note back. Read what it says before signing;
\`writ law enter\` wrote it, and takes it back with --note. Without --key it only prints.

  --key FILE   the signing key; - reads it from stdin
  --json       the statement and who signed, as one JSON object

  writ law sign new-order.note --key ca-counsel.key`;

export const command: Command = {
  name: "law sign",
  summary: "read a change of law and sign it",
  help: HELP,
  options: { key: { type: "string" } },
  operands: ["NOTE"],
  async run({ values, positionals, out }) {
    const [file = ""] = positionals;
    const note = noteIn(file);
    const { log, change } = value(readEntry(file, note.text));
    const [signer] = signersIn(repeated(values["key"]));
    const made = signer === undefined ? [] : [signatureBy(signer, note.text)];
    const others = note.signatures.filter(({ keyId }) => made.every((one) => one.keyId !== keyId));
    const signed = { text: note.text, signatures: [...others, ...made] };
    if (signer !== undefined) writeDurably(file, utf8(noteFileText(note.text, signatureLines(signed))));
    const by = signed.signatures.map(({ name }) => name);
    if (out.json) out.data(JSON.stringify({ log, change, signedBy: by }));
    else {
      out.data(`log        ${log}`);
      for (const [key, said] of Object.entries(change)) out.data(`${key.padEnd(10)} ${saidText(said)}`);
      out.data(`signed     ${by.length === 0 ? "by nobody" : by.join(", ")}`);
    }
    return 0;
  },
};

function saidText(said: unknown): string {
  if (Array.isArray(said)) return said.map(String).join("\n           ");
  if (typeof said !== "object" || said === null) return String(said);
  return Object.entries(said)
    .map(([path, digest]) => `${path} ${String(digest)}`)
    .join("\n           ");
}
