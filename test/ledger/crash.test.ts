import { expect, test } from "vitest";
import { hex, utf8 } from "../../src/core/base/bytes.ts";
import { first, openLog, refusal } from "./log-of-tests.ts";
import { VolatileDisk } from "./volatile-disk.ts";

const ROOT = "/log";

/** A log of 255 entries, so that the next append of two fills a tile, starts one, and opens a level. */
async function nearFull(): Promise<VolatileDisk> {
  const disk = new VolatileDisk(ROOT);
  await openLog(ROOT, disk).append([first, ...Array.from({ length: 254 }, (_, at) => refusal(at + 1))]);
  return disk;
}

/** WHY: the dead writer was this very process, which runs on; a restart would find it gone. */
function forgetOwner(disk: VolatileDisk): void {
  const folder = `${ROOT}/private/lock`;
  for (const name of disk.list(folder)) if (name.startsWith("lock.")) disk.reopen(`${folder}/${name}`).write(utf8("free\n"));
}

async function rootAndSize(disk: VolatileDisk): Promise<string> {
  const verified = await openLog(ROOT, disk).verify();
  if (!verified.ok) throw new Error(verified.problems.map(({ message, at }) => `${at?.file}: ${message}`).join("\n"));
  return `${verified.value.entries} ${hex(verified.value.checkpoint.root)}`;
}

const added = [refusal(255), refusal(256)];
const otherAdded = [refusal(300)];

test.each(["power lost", "process killed"])("%s at any step: the log reopens, and nothing signed is lost or changed", async (kind) => {
  const full = await nearFull();
  const calm = full.copy();
  const before = calm.steps;
  const old = await rootAndSize(calm);
  await openLog(ROOT, calm).append(added);
  const done = await rootAndSize(calm);
  const steps = calm.steps - before;
  expect(steps).toBeGreaterThan(40);
  const outcomes = new Set<string>();
  for (let at = 1; at <= steps; at += 1) {
    const disk = full.copy();
    disk.crashAt = disk.steps + at;
    const finished = await openLog(ROOT, disk)
      .append(added)
      .then(
        () => true,
        () => false,
      );
    if (kind === "power lost") disk.restart();
    else disk.revive();
    forgetOwner(disk);
    const found = await rootAndSize(disk);
    outcomes.add(found);
    expect([old, done]).toContain(found);
    if (finished) expect(found).toBe(done);
    const reopened = openLog(ROOT, disk);
    await reopened.append(otherAdded);
    const entries = await rootAndSize(disk);
    // A head recorded as signed is published by the next writer, whatever that one came to add.
    expect(["256", "258"]).toContain(entries.split(" ")[0]);
    await reopened.append(added);
    expect((await rootAndSize(disk)).split(" ")[0]).toBe("258");
  }
  expect(outcomes).toEqual(new Set([old, done]));
});

test.each(["create", "write", "sync", "rename", "link", "syncFolder", "makeFolder"])(
  "ENOSPC or EIO at %s: refused, nothing signed, the writer stops for good",
  async (step) => {
    for (const code of ["ENOSPC", "EIO"]) {
      const disk = await nearFull();
      const old = await rootAndSize(disk);
      const log = openLog(ROOT, disk);
      disk.failing = { step, code };
      await expect(log.append(added)).rejects.toThrow(new RegExp(`durable: ${code}`));
      disk.revive();
      forgetOwner(disk);
      expect(await rootAndSize(disk)).toBe(old);
      await openLog(ROOT, disk).append(added);
      expect((await rootAndSize(disk)).split(" ")[0]).toBe("257");
    }
  },
);
