// A second writer for the tests: `writer.child.ts ROOT FROM COUNT` appends leaves one by one; COUNT 0 holds the lock until killed.
import { join } from "node:path";
import { realDisk } from "../../src/store/disk.ts";
import { withLock } from "../../src/store/lock.ts";
import { openLog, refusal } from "./log-of-tests.ts";

const [root = "", from = "0", count = "0"] = process.argv.slice(2);
if (count === "0") {
  await withLock({ folder: join(root, "private", "lock"), disk: realDisk, waitMs: 20_000, what: "the ledger" }, async () => {
    process.stdout.write("held\n");
    await new Promise((resolve) => {
      setTimeout(resolve, 60_000);
    });
  });
}
const log = openLog(root);
for (let at = 0; at < Number(count); at += 1) await log.append([refusal(Number(from) + at)]);
