import { signatureBy } from "../../app/signature.ts";
import { existsSync } from "node:fs";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { noteFileText, signatureLines } from "../../core/entry/statement.ts";
import { sidecarStatement } from "../../core/sidecar/sidecar-signature.ts";
import { fileDigest } from "../../store/file-digest.ts";
import type { Command } from "../command.ts";
import { usage } from "../value.ts";
import { signersIn } from "../entry-room.ts";
import { writeNewFile } from "../new-file.ts";

const HELP = `Usage: writ key sign FILE --key KEY -o NOTE [--json]

Signs a file that comes beside submissions, as the state or the party it speaks for: a status source, an
aid-code map or handles. Needs no workspace. What is signed is the SHA-256 of the file's bytes, so that
any edit voids it. Whoever takes the file in needs FILE and NOTE, and the public key under \`sources\` in
their writ.yaml.

  --key KEY          the signing key, made by \`writ key new --signer\`; - reads it from stdin
  -o, --output NOTE  the note to write; never overwritten

  writ key sign ca-aid-codes.csv --key ca-dhcs.key -o ca-aid-codes.note`;

export const command: Command = {
  name: "key sign",
  summary: "sign a status source, an aid-code map or handles",
  help: HELP,
  options: { key: { type: "string" }, output: { type: "string", short: "o" } },
  operands: ["FILE"],
  async run({ values, positionals, out }) {
    const { key, output } = values;
    if (typeof key !== "string") throw usage("no signing key is named", "write --key FILE");
    if (typeof output !== "string") throw usage("no file for the note is named", "write -o NOTE");
    const [file = ""] = positionals;
    if (!existsSync(file)) throw new ProblemError(problem("E_IO", "the file cannot be read", { at: { file } }));
    const [signer] = signersIn([key]);
    if (signer === undefined) return 1;
    const sha256 = await fileDigest(file);
    const text = sidecarStatement(sha256);
    writeNewFile(output, noteFileText(text, signatureLines({ text, signatures: [signatureBy(signer, text)] })));
    out.data(
      out.json
        ? JSON.stringify({ sha256, signedBy: signer.key.name, note: output })
        : `signed     ${file} by ${signer.key.name} · ${sha256.slice(0, 16)}…`,
    );
    out.talk(`${output} written; hand it over with the file`);
    return 0;
  },
};
