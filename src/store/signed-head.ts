import { fromHex, hex, utf8, utf8Text } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { TreeHead } from "../core/ledger/merkle.ts";
import type { Disk } from "./disk.ts";
import { writeDurably } from "./durable-file.ts";

/**
 * The largest tree head the log key ever signed, kept beside the key and written before each signature.
 * INVARIANT: sizes only grow here, so no size is signed twice with different roots, even after a crash,
 * and a ledger folder put back from an old copy is noticed.
 */
export function readSignedHead(file: string, disk: Disk): TreeHead | undefined {
  const bytes = disk.read(file);
  if (bytes === undefined) return undefined;
  try {
    const { format, size, root } = JSON.parse(utf8Text(bytes)) as { format?: unknown; size?: unknown; root?: unknown };
    const hash = typeof root === "string" ? fromHex(root) : undefined;
    if (format === FORMAT && typeof size === "number" && Number.isSafeInteger(size) && size > 0 && hash?.length === 32)
      return { size, root: hash };
  } catch {
    // WHY: falls through to the refusal below, which is the same for every kind of damage.
  }
  throw new ProblemError(problem("E_LEDGER", "the record of what was signed is damaged", { at: { file } }));
}

/** Refuses to go back. */
export function recordSignedHead(file: string, head: TreeHead, disk: Disk): void {
  const before = readSignedHead(file, disk);
  if (before !== undefined && (head.size < before.size || (head.size === before.size && hex(head.root) !== hex(before.root))))
    throw new ProblemError(
      problem("E_LEDGER", `a tree of ${before.size} entries was already signed; ${head.size} would fork the log`, { at: { file } }),
    );
  writeDurably(file, utf8(`${canonicalJson({ format: FORMAT, size: head.size, root: hex(head.root) })}\n`), { mode: 0o600, disk });
}

const FORMAT = "writ-signed-head/1";
