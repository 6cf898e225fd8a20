import { cpus } from "node:os";
import type { Measured } from "./measured.ts";

/** Other processes' share of all cores above which a run does not count. */
const MOST_DISTURBED = 0.08;
const TRIES = 12;
const WAIT_MS = 15_000;

/** A run, and which share of the cores other processes had meanwhile. */
export type Run = Measured & { readonly disturbed: number };

/**
 * Runs until the machine had little else to do, or the tries are used up; answers the least disturbed run.
 * WHY: a side that uses more threads loses more to other processes, so a busy machine bends the ratio and not only the times.
 */
export async function undisturbed(run: () => Measured): Promise<Run> {
  let best: Run | undefined;
  for (let at = 0; at < TRIES; at += 1) {
    const found = watched(run);
    if (best === undefined || found.disturbed < best.disturbed) best = found;
    if (best.disturbed <= MOST_DISTURBED) break;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  if (best === undefined) throw new Error("no run");
  return best;
}

/** Runs once, whatever else the machine does. */
export function watched(run: () => Measured): Run {
  const [busy, own, begun] = [busyMs(), process.resourceUsage(), Date.now()];
  const measured = run();
  const all = busyMs() - busy;
  // WHY all of the child: loading takes it CPU time that its own figures leave out.
  const ownMs = measured.processCpuMs + (process.resourceUsage().userCPUTime - own.userCPUTime) / 1000;
  return { ...measured, disturbed: Math.max(0, all - ownMs) / ((Date.now() - begun) * cpus().length) };
}

const busyMs = (): number => cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
