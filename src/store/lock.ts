import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { utf8, utf8Text } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Disk } from "./disk.ts";
import { createDurably, makeFolderDurably, writeDurably } from "./durable-file.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { mayRun, thisProcess } from "./process-identity.ts";

/** Where the lock's files lie, how long to wait for it, and what it guards, in words. */
export type Locking = { readonly folder: string; readonly disk: Disk; readonly waitMs: number; readonly what: string };

/**
 * One writer at a time, by a lock that dies with its process; no native add-on, no file ever taken over in place.
 *
 * The folder holds `lock.N`, each naming a process or `free`. The highest N rules. Whoever finds it free, or its process
 * gone, links `lock.N+1`; linking succeeds for one only. WHY not remove a dead lock and make it anew: two that find it dead
 * at once would remove each other's. INVARIANT: the highest file is never removed, so one that links a number long passed
 * sees a higher one and steps back.
 */
export async function withLock<T>({ folder, disk, waitMs, what }: Locking, act: () => T | Promise<T>): Promise<T> {
  makeFolderDurably(folder, { mode: 0o700, disk });
  const mine = await acquire({ folder, disk, waitMs, what });
  try {
    return await act();
  } finally {
    writeDurably(mine, utf8(FREE), { mode: 0o600, disk });
  }
}

const FREE = "free\n";
const POLL_MS = 15;

/** WHY: a listing may miss a name that comes or goes meanwhile; it cannot miss all of so many that stay. */
const KEPT = 8;

async function acquire({ folder, disk, waitMs, what }: Locking): Promise<string> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const taken = tryAcquire(folder, disk);
    if (typeof taken === "string") return taken;
    if (Date.now() >= deadline) throw new ProblemError(busy(taken.owner, folder, what));
    await sleep(POLL_MS);
  }
}

/** The path of the lock now held, or who holds it. */
function tryAcquire(folder: string, disk: Disk): string | { readonly owner: ProcessIdentity | undefined } {
  const highest = Math.max(0, ...numbersIn(folder, disk));
  const owner = ownerOf(join(folder, `lock.${highest}`), disk);
  if (owner !== undefined && mayRun(owner)) return { owner };
  const mine = join(folder, `lock.${highest + 1}`);
  if (!createDurably(mine, utf8(`${JSON.stringify(thisProcess())}\n`), { mode: 0o600, disk })) return { owner: undefined };
  const numbers = numbersIn(folder, disk);
  if (numbers.some((number) => number > highest + 1)) {
    disk.remove(mine);
    return { owner: undefined };
  }
  for (const number of numbers) if (number <= highest - KEPT) disk.remove(join(folder, `lock.${number}`));
  return mine;
}

const numbersIn = (folder: string, disk: Disk): readonly number[] =>
  disk.list(folder).flatMap((name) => (/^lock\.\d{1,15}$/.test(name) ? [Number(name.slice(5))] : []));

/** Undefined when free, absent, or torn by a crash of the machine, which no process outlived. */
function ownerOf(path: string, disk: Disk): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(utf8Text(disk.read(path) ?? utf8("free"))) as Partial<ProcessIdentity>;
    const { host, boot, pid, started } = owner;
    return host !== undefined && boot !== undefined && pid !== undefined && started !== undefined
      ? { host, boot, pid, started }
      : undefined;
  } catch {
    return undefined;
  }
}

function busy(owner: ProcessIdentity | undefined, folder: string, what: string): ReturnType<typeof problem> {
  const who = owner === undefined ? "another process" : `process ${owner.pid} on ${owner.host.split(" ")[0]}`;
  const hint = `wait for it to end; if that machine or container is gone for good, remove the lock files in ${folder}`;
  return problem("E_BUSY", `${who} is writing to ${what}`, { hint });
}
