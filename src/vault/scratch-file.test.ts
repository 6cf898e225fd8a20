import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ScratchFile } from "./scratch-file.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-scratch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([0, 1, 500, 999, 1000, 5000])("a scratch file that holds %d bytes gives back what it took, at any place", (heldBytes) => {
  const scratch = new ScratchFile(folder, heldBytes);
  const all = Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7) % 251));
  const place = Buffer.alloc(1000);
  for (const [from, to] of [[0, 3], [3, 3], [3, 500], [500, 517], [517, 1000]] as const)
    scratch.append(place.subarray(0, all.copy(place, 0, from, to))); // prettier-ignore
  expect(scratch.sizeBytes).toBe(1000);
  for (const [from, length] of [[0, 1000], [0, 0], [15, 2], [499, 40], [999, 1], [1000, 0]] as const)
    expect(Buffer.from(scratch.read(from, length))).toEqual(all.subarray(from, from + length)); // prettier-ignore
  for (const [from, length] of [[-1, 2], [0, 1001], [1000, 1]] as const) expect(() => scratch.read(from, length)).toThrow(RangeError); // prettier-ignore
  expect(readdirSync(folder), "no name").toEqual([]);
  scratch.close();
});
