import { signatureBy } from "../../app/signature.ts";
import { mkdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { allReviewables } from "../../app/law-reviews.ts";
import type { LogSigner } from "../../app/ports/ledger.ts";
import { lawSettingsOf } from "../../app/workspace.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { nearestHint } from "../../core/base/nearest.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Reviewable } from "../../core/entry/review.ts";
import { reviewersOf, reviewPath, reviewStatement } from "../../core/entry/review.ts";
import type { Signer } from "../../core/entry/settings.ts";
import { signerKey } from "../../core/entry/settings.ts";
import { noteFileText, parseNoteFile, signatureLines } from "../../core/entry/statement.ts";
import { writeDurably } from "../../store/durable-file.ts";
import { proofCrypto, sha256 } from "../../vault/node-crypto.ts";
import type { Command } from "../command.ts";
import { usage } from "../value.ts";
import { openEntryRoom, repeated, reviewNote, signersIn } from "../entry-room.ts";
import { openLawRoom } from "../law-room.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ law review FILE[#RULE]... [--key FILE] [--json]

Shows a rule as a reviewer reads it: the paragraph, the rule, and what the rule does in plain words made
from it. With a key, signs that they say the same as the source. Any edit to one of them, or to the
file's front matter, voids the review. Reviews lie beside the law, in law/reviews, and count for those
who may sign law here. A release on the real clock needs them for every rule that opens what it holds.

  FILE#RULE    one rule; FILE alone is every rule of it
  --key FILE   the reviewer's signing key; - reads it from stdin
  --json       what was read, and who signed, as one JSON object

  writ law review law/statutes/ig-act.md
  writ law review law/statutes/ig-act.md#1 --key cms-counsel.key`;

export const command: Command = {
  name: "law review",
  summary: "read a rule beside its echo, and sign for it",
  help: HELP,
  options: { key: { type: "string" } },
  operands: ["FILE..."],
  async run({ values, positionals, out }) {
    const workspace = await workspaceHere();
    const { law, folder, files } = await openLawRoom({}, "as it stands");
    const all = allReviewables(law, files);
    const chosen = positionals.flatMap((named) => chosenBy(named, folder, all));
    const entered = (await openEntryRoom(workspace)).history.entries.at(-1);
    const { signers } = entered?.settings ?? lawSettingsOf(workspace);
    const [signer] = signersIn(repeated(values["key"]));
    if (signer !== undefined) refuseStranger(signer, signers);
    const said = chosen.map((one) => {
      if (signer !== undefined) sign(one, folder, signer, signers);
      return { one, by: reviewersOf(one, reviewNote(folder, reviewPath(one)), signers, proofCrypto).map(({ name }) => name) };
    });
    if (out.json)
      out.data(JSON.stringify({ reviews: said.map(({ one, by }) => ({ name: one.name, paragraph: one.paragraph, echo: one.echo, reviewedBy: by })) })); // prettier-ignore
    else for (const { one, by } of said) for (const line of linesOf(one, by)) out.data(line);
    return 0;
  },
};

/** The rules an operand names. */
function chosenBy(operand: string, folder: string, all: readonly Reviewable[]): readonly Reviewable[] {
  const [file = "", rule] = operand.split("#");
  const path = relative(folder, resolve(file)).replaceAll("\\", "/");
  const own = all.filter(({ instrument }) => instrument.path === path);
  if (own.length === 0)
    throw usage(`no instrument lies in ${file}`, nearestHint(path, all.map(({ instrument }) => instrument.path), "the law folder")); // prettier-ignore
  const chosen = rule === undefined ? own : own.filter((one) => one.name === `${one.instrument.id}#${rule}`);
  if (chosen.length > 0) return chosen;
  throw usage(`no rule "${rule ?? ""}" stands in ${file}`, nearestHint(rule ?? "", own.map(({ name }) => name.split("#")[1] ?? name), file)); // prettier-ignore
}

function refuseStranger({ key }: LogSigner, signers: readonly Signer[]): void {
  if (signers.some((signer) => signerKey(sha256, signer)?.keyId === key.keyId)) return;
  const hint = "signers stand in writ.yaml, and count once they are entered themselves";
  throw new ProblemError(problem("E_SIGNER", `"${key.name}" with key ${key.keyId} is no signer for this law`, { hint }));
}

/** Adds a signature; those under an earlier text, or false ones, go. */
function sign(one: Reviewable, folder: string, signer: LogSigner, signers: readonly Signer[]): void {
  const path = reviewPath(one);
  const text = reviewStatement(one, sha256);
  const before = reviewNote(folder, path);
  const kept = before !== undefined && reviewersOf(one, before, signers, proofCrypto).length > 0 ? parseNoteFile(path, before) : undefined;
  const others = kept?.ok === true ? kept.value.signatures.filter(({ keyId }) => keyId !== signer.key.keyId) : [];
  const own = signatureBy(signer, text);
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeDurably(join(folder, path), utf8(noteFileText(text, signatureLines({ text, signatures: [...others, own] }))));
}

const linesOf = ({ name, paragraph, rule, echo }: Reviewable, by: readonly string[]): readonly string[] => [
  name,
  "",
  ...paragraph.split("\n").map((line) => `  ${line}`.trimEnd()),
  "",
  ...(rule === undefined ? [] : [...rule.text.split("\n").map((line) => `    ${line}`.trimEnd()), ""]),
  ...echo.split("\n").map((line) => `  ${line}`),
  `  reviewed by ${by.length === 0 ? "nobody" : by.join(", ")}`,
  "",
];
