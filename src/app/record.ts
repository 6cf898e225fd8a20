import { randomBytes } from "node:crypto";
import { hex } from "../core/base/bytes.ts";
import type { Leaf, LeafHead, LeafOf } from "../core/ledger/leaf.ts";
import { vkeyText } from "../core/ledger/note.ts";
import type { Ledger, Recorder } from "./ports/ledger.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Appends leaves in a custodian's name and at its clock's time. The first append of a log also writes its first leaf,
 * which names the log's key and quorum.
 */
export function ledgerRecorder(ledger: Ledger, { custodian, clock, quorum }: Pick<Workspace, "custodian" | "clock" | "quorum">): Recorder {
  const head = (): LeafHead => ({
    type: "writ-leaf/1",
    id: randomId(),
    time: clock.now(),
    custodian,
    ...(clock.simulated ? { simulated: true } : {}),
  });
  const workspace = (): LeafOf<"workspace"> => ({ ...head(), kind: "workspace", vkey: vkeyText(ledger.key), quorum: quorum.policy });
  return async (kind, body) => {
    const leaf = { ...head(), kind, ...body } as unknown as Leaf;
    const isFirst = (await ledger.size()) === 0;
    const { indexes, checkpoint } = await ledger.append(isFirst && kind !== "workspace" ? [workspace(), leaf] : [leaf]);
    return { index: indexes.at(-1) ?? 0, checkpoint };
  };
}

/** A fresh id of 128 random bits, for leaves and releases. */
export const randomId = (): string => hex(randomBytes(16));
