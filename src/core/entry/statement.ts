import { utf8 } from "../base/bytes.ts";
import type { Json } from "../base/canonical-json.ts";
import { canonicalJson, canonicalOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { LawChange } from "../ledger/law-change.ts";
import type { Note } from "../ledger/note.ts";
import { noteText, parseNote } from "../ledger/note.ts";

/** What is signed. WHY a line for the log and one for the kind: a signature under one thing never counts under another. */
const statement = (kind: string, origin: string, body: Parameters<typeof canonicalJson>[0]): string =>
  `${kind}\n${origin}\n${canonicalJson(body)}\n`;

const ENTRY = "writ-law-entry/1";

/** The text under which counsel signs a change of one log's law. */
export const entryStatement = (origin: string, change: LawChange): string => statement(ENTRY, origin, change);

/** What an entry statement says of which log. WHY canonical only: what is shown to a signer must be all that the text can mean. */
export function readEntry(file: string, text: string): Checked<{ readonly log: string; readonly change: Readonly<Record<string, Json>> }> {
  const [kind, log = "", body = "", ...rest] = text.split("\n");
  const refuse = (message: string): Checked<never> =>
    fail(problem("E_SHAPE", message, { at: { file }, hint: "`writ law enter … -o NOTE` writes one" }));
  if (kind !== ENTRY) return refuse("this is no change of law");
  const change = canonicalOf(utf8(body));
  if (typeof change !== "object" || change === null || Array.isArray(change) || rest.join("\n") !== "")
    return refuse("what the note asks to be signed cannot be read");
  return pass({ log, change: change as Readonly<Record<string, Json>> });
}

/** The signature lines of a note, as a leaf keeps them. */
export const signatureLines = (note: Note): readonly string[] =>
  noteText(note)
    .slice(note.text.length + 1)
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "");

/** A statement and signature lines, put back together. */
export function signedStatement(text: string, lines: readonly string[]): Checked<Note> {
  return lines.length === 0 ? pass({ text, signatures: [] }) : parseNote(`${text}\n${lines.map((line) => `${line}\n`).join("")}`);
}

/** A note for signers to pass on; without a signature it is the statement and an empty line. */
export const noteFileText = (text: string, lines: readonly string[]): string => `${text}\n${lines.map((line) => `${line}\n`).join("")}`;

/** A note file, with or without signatures. */
export function parseNoteFile(file: string, content: string): Checked<Note> {
  const unsigned = content.endsWith("\n\n") ? content.slice(0, -1) : undefined;
  if (unsigned !== undefined && !unsigned.includes("\n\n")) return pass({ text: unsigned, signatures: [] });
  const note = parseNote(content);
  return note.ok ? note : fail(...note.problems.map((found) => problem(found.code, found.message, { ...found, at: { file } })));
}
