import { thousands } from "../core/base/thousands.ts";
import type { Output } from "./command.ts";

/** How far a long task is. How much there will be in all is told in rows or in bytes, or left out while unknown. */
export type Advance = { readonly rows: number; readonly sizeBytes: number; readonly totalRows?: number; readonly totalBytes?: number };
export type Progress = { report(advance: Advance): void; end(): void };

const FIRST_SHOWN_MS = 500;
const REDRAWN_MS = 100;

/** A passing line with rows, MB/s and time left: only on a terminal, and only once half a second has gone by. */
export function progressOn(out: Output, now: () => number = () => performance.now()): Progress {
  const started = now();
  let shown = started + FIRST_SHOWN_MS - REDRAWN_MS;
  return {
    report(advance): void {
      const at = now();
      if (out.draw === undefined || at - shown < REDRAWN_MS) return;
      shown = at;
      out.draw(progressText(advance, at - started));
    },
    end: () => out.draw?.(""),
  };
}

/** `1,250,000 rows · 84.2 MB/s · 12 s left` */
export function progressText(advance: Advance, elapsedMs: number): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const parts = [`${thousands(advance.rows)} rows`, `${(advance.sizeBytes / 1e6 / seconds).toFixed(1)} MB/s`];
  const [done, total] = advance.totalRows === undefined ? [advance.sizeBytes, advance.totalBytes] : [advance.rows, advance.totalRows];
  if (total !== undefined && done > 0) {
    const left = (Math.max(0, total - done) / done) * seconds;
    parts.push(left < 90 ? `${Math.ceil(left)} s left` : `${Math.ceil(left / 60)} min left`);
  }
  return parts.join(" · ");
}
