import type { Sha256 } from "../base/bytes.ts";
import { utf8 } from "../base/bytes.ts";
import type { Json } from "../base/canonical-json.ts";
import { canonicalJson, canonicalOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Grade } from "../law/source.ts";
import { GRADES } from "../law/source.ts";
import type { NoteKey } from "../ledger/note.ts";
import { parseVkey } from "../ledger/note.ts";

export const SIGNER_ROLES = ["counsel", "state-counsel", "monitor"] as const;
export type SignerRole = (typeof SIGNER_ROLES)[number];

/** Who may sign for law: `counsel` of the custodian; for a state, its counsel; or the monitor. */
export type Signer = {
  readonly name: string;
  readonly role: SignerRole;
  /** Of state counsel only. */
  readonly state?: string;
  /** The verifier key `name+keyid+base64`. */
  readonly key: string;
};

/** What decides whether law counts, itself entered like law. */
export type LawSettings = {
  readonly grades: readonly Grade[];
  readonly signers: readonly Signer[];
  /** How long a change that opens waits, from its proposal in the ledger. */
  readonly waitingDays: number;
};

export const DEFAULT_WAITING_DAYS = 14;

const FORMAT = "writ-law-settings/1";

/** The one spelling of settings: what the ledger names by digest. */
export function settingsBytes({ grades, signers, waitingDays }: LawSettings): Uint8Array {
  const plain = signers.map(({ name, role, state, key }): Json => ({ name, role, key, ...(state === undefined ? {} : { state }) }));
  return utf8(canonicalJson({ format: FORMAT, grades: GRADES.filter((grade) => grades.includes(grade)), signers: plain, waitingDays }));
}

/** Settings from the archive, as they were written. The digest they were found by was compared before. */
export function parseSettingsBytes(bytes: Uint8Array): Checked<LawSettings> {
  const found = canonicalOf(bytes) as ({ readonly format?: unknown } & LawSettings) | undefined;
  return found?.format === FORMAT
    ? pass({ grades: found.grades, signers: found.signers, waitingDays: found.waitingDays })
    : fail(problem("E_LEDGER", "the archived settings of an entry are not what writ writes"));
}

/** The key a signer signs with; its name is the signer's own. */
export function signerKey(sha256: Sha256, signer: Pick<Signer, "name" | "key">): NoteKey | undefined {
  const key = parseVkey(sha256, signer.key);
  return key.ok && key.value.name === signer.name ? key.value : undefined;
}
