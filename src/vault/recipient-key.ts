import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";

/** An age X25519 pair: the identity is secret, the recipient is to hand out. */
export type KeyPair = { readonly identity: string; readonly recipient: string };

export async function newKeyPair(): Promise<KeyPair> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The identity file of a recipient, as age's own tools write it. */
export const identityFileText = (name: string, made: string, { identity, recipient }: KeyPair): string =>
  `# identity of ${name}, made ${made}; whoever holds this file can read what is sealed for ${name}\n# public key: ${recipient}\n${identity}\n`;

/** The one identity in an identity file. */
export const parseIdentityFile = (text: string, file: string): Checked<string> =>
  onlyLine(text, file, /^AGE-SECRET-KEY-1[0-9A-Z]{58}$/, "one identity: a line that begins with AGE-SECRET-KEY-1");

/** The one recipient key in a file such as `recipients/hhs-oig.pub`. Its checksum is verified. */
export function parseRecipientFile(text: string, file: string): Checked<string> {
  const line = onlyLine(text, file, /^age1[0-9a-z]{58}$/, "one recipient key: a line that begins with age1");
  if (!line.ok) return line;
  try {
    new Encrypter().addRecipient(line.value);
    return line;
  } catch {
    return fail(
      problem("E_KEY", "the recipient key is misspelt: its checksum is wrong", {
        at: { file },
        hint: "ask the recipient for the line again",
      }),
    );
  }
}

/** The recipient of an identity. Throws E_KEY for anything that is none. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity);
  } catch {
    throw new ProblemError(problem("E_KEY", "not an identity", { hint: "its file holds a line that begins with AGE-SECRET-KEY-1" }));
  }
}

function onlyLine(text: string, file: string, pattern: RegExp, wanted: string): Checked<string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const [line = ""] = lines;
  if (lines.length === 1 && pattern.test(line)) return pass(line);
  return fail(
    problem("E_KEY", `the file does not hold ${wanted}`, { at: { file }, hint: "make a pair with: writ key new --recipient NAME -o FILE" }),
  );
}
