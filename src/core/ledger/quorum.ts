import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** Whose cosignatures a checkpoint needs before it counts. The only rule so far: nobody's. */
export type Quorum = { readonly policy: "none" };

export const QUORUM_NONE: Quorum = { policy: "none" };

/** Reads a workspace's rule. Refuses a rule it cannot enforce, rather than enforce less. */
export function parseQuorum(text: string): Checked<Quorum> {
  if (text === "none") return pass(QUORUM_NONE);
  return fail(problem("E_WORKSPACE", `the quorum rule "${text}" is not known`, { hint: "this version enforces only: none" }));
}

/** Whether the rule is met, and in words what that is worth. */
export function judgeQuorum(quorum: Quorum, _checkpoint: Checkpoint): { readonly met: boolean; readonly says: string } {
  return { met: true, says: `quorum ${quorum.policy}: custodian's word only` };
}
