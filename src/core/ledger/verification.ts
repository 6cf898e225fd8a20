import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { verifyCheckpoint } from "./checkpoint.ts";
import type { Leaf } from "./leaf.ts";
import { leafHash, provesInclusion } from "./merkle.ts";
import type { NoteKey, ProofCrypto } from "./note.ts";
import type { Quorum } from "./quorum.ts";
import { judgeQuorum } from "./quorum.ts";
import type { Receipt } from "./receipt.ts";
import { entryOf, parseReceipt } from "./receipt.ts";

/** Whom a verifier trusts: the log's key, and whose cosignatures it wants to see. */
export type Trust = { readonly key: NoteKey; readonly quorum: Quorum; readonly crypto: ProofCrypto };

/** One of the five questions put to a receipt. `unreached`: it rests on a step that is broken. */
export type Step = {
  readonly step: "leaf" | "inclusion" | "checkpoint" | "quorum" | "law";
  readonly state: "holds" | "broken" | "unreached";
  /** What was found, or what being broken means. */
  readonly says: string;
};

/** A receipt every step of which holds. INVARIANT: only `verifyReceipt` makes one. */
export type Proven = { readonly leaf: Leaf; readonly index: number; readonly checkpoint: Checkpoint };

export type Verification = { readonly steps: readonly Step[]; readonly result: Checked<Proven> };

/** Puts the five questions to a receipt file, offline: leaf, inclusion, checkpoint, quorum, law. */
export function verifyReceipt(bytes: Uint8Array, file: string, trust: Trust): Verification {
  const receipt = parseReceipt(bytes, file);
  if (!receipt.ok) return ended([broken("leaf", receipt.problems)], receipt.problems);
  const { leaf, proof } = receipt.value;
  const leafStep = holds("leaf", `${leaf.kind} of ${leaf.custodian}, ${leaf.time}${leaf.simulated ? " (simulated clock)" : ""}`);
  const checkpoint = verifyCheckpoint(proof.checkpoint, trust.key, trust.crypto);
  // WHY: the path leads to a root, and a root nobody signed proves nothing; so the path waits for the checkpoint.
  if (!checkpoint.ok) return ended([leafStep, unreached("inclusion"), broken("checkpoint", checkpoint.problems)], checkpoint.problems);
  const signed = holds("checkpoint", `signed by ${checkpoint.value.origin}, key ${trust.key.keyId}, ${checkpoint.value.size} entries`);
  if (!includes(checkpoint.value, receipt.value, trust)) {
    const problems = [notIncluded(proof.index, file)];
    return ended([leafStep, broken("inclusion", problems), signed], problems);
  }
  const inclusion = holds("inclusion", `entry ${proof.index} of ${checkpoint.value.size}, ${proof.path.length} hashes to the root`);
  const quorum = judgeQuorum(trust.quorum, checkpoint.value);
  const steps = [leafStep, inclusion, signed, quorum.met ? holds("quorum", quorum.says) : broken("quorum", [], quorum.says), lawStep(leaf)];
  if (!quorum.met) return ended(steps.slice(0, 4), [problem("E_PROOF", quorum.says, { at: { file } })]);
  return { steps, result: pass({ leaf, index: proof.index, checkpoint: checkpoint.value }) };
}

/** The first step that does not hold. */
export const firstBroken = ({ steps }: Verification): Step | undefined => steps.find(({ state }) => state === "broken");

const includes = (checkpoint: Checkpoint, receipt: Receipt, { crypto }: Trust): boolean =>
  provesInclusion(crypto.sha256, checkpoint, receipt.proof.index, leafHash(crypto.sha256, entryOf(receipt)), receipt.proof.path);

const notIncluded = (index: number, file: string): Problem =>
  problem("E_PROOF", `the leaf is not entry ${index} of the log that was signed`, {
    at: { file },
    hint: "the leaf or its path was altered; ask the custodian for the receipt again, and compare with the log",
  });

function lawStep(leaf: Leaf): Step {
  if (!("lawHash" in leaf)) return holds("law", `none: a ${leaf.kind} leaf applies no law`);
  return holds("law", `${leaf.lawHash} (law as loaded), ${leaf.sourceDigest} (its source text); named, not replayed here`);
}

const ORDER = ["leaf", "inclusion", "checkpoint", "quorum", "law"] as const;

/** A verification that failed; every step not answered is unreached. */
function ended(steps: readonly Step[], problems: readonly Problem[]): Verification {
  return { steps: ORDER.map((step) => steps.find((done) => done.step === step) ?? unreached(step)), result: fail(...problems) };
}

const holds = (step: Step["step"], says: string): Step => ({ step, state: "holds", says });
const unreached = (step: Step["step"]): Step => ({ step, state: "unreached", says: "not reached: it rests on a step that is broken" });
const broken = (step: Step["step"], problems: readonly Problem[], says?: string): Step => ({
  step,
  state: "broken",
  says: says ?? problems.map(({ message }) => message).join("; "),
});
