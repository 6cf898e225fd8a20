import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { DataKey, DataKeys } from "../app/ports/data-vault.ts";
import { ProblemError } from "../core/base/problem.ts";
import { privateFiles } from "../store/private-files.ts";
import { openDataKeys } from "./data-keys.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

let folder = "";
let key: DataKey = { id: "", secret: new Uint8Array(0) };
const opened = (): DataKeys => openDataKeys(folder, privateFiles());
const fileOf = ({ id }: DataKey): string => join(folder, "datasets", `${id}.json`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-keys-"));
  folders.push(folder);
  writeFileSync(join(folder, "master.key"), new Uint8Array(32).fill(5), { mode: 0o600 });
  key = opened().draw();
  opened().keep(key);
});

/** The code of the problem that looking for the key ends in, `found` when there is none. */
function looked(id = key.id): string {
  try {
    const found = opened().find(id);
    return found.ok ? "found" : (found.problems[0]?.code ?? "");
  } catch (error) {
    return error instanceof ProblemError ? (error.problems[0]?.code ?? "") : "thrown";
  }
}

describe("the key of stored data", () => {
  it("is found again, is in its file in no readable form, and only its owner may read the file", () => {
    expect(opened().find(key.id)).toEqual({ ok: true, value: { id: key.id, secret: new Uint8Array(key.secret) } });
    const bytes = readFileSync(fileOf(key));
    for (const form of ["latin1", "hex", "base64"] as const) expect(bytes.includes(Buffer.from(key.secret).toString(form))).toBe(false);
    expect(statSync(fileOf(key)).mode & 0o777).toBe(0o600);
  });

  it("is not found with any bit of its file flipped, cut, or under another id", () => {
    const bytes = readFileSync(fileOf(key));
    // WHY not the last byte: a line end at the end says nothing.
    for (let bit = 0; bit < (bytes.length - 1) * 8; bit += 13) {
      const bad = Buffer.from(bytes);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(fileOf(key), bad);
      expect(looked(), `bit ${bit}`).toBe("E_KEY");
    }
    for (const length of [0, 1, 40, bytes.length - 2]) {
      writeFileSync(fileOf(key), bytes.subarray(0, length));
      expect(looked(), `${length} bytes`).toBe("E_KEY");
    }
    const other = { ...key, id: "f".repeat(32) };
    writeFileSync(fileOf(other), bytes);
    expect(looked(other.id)).toBe("E_KEY");
    writeFileSync(fileOf(other), bytes.toString().replace(key.id, other.id));
    expect(looked(other.id), "the id is authenticated").toBe("E_KEY");
  });

  it("is not found without the master key, under another, or where others may read that", () => {
    const master = join(folder, "master.key");
    chmodSync(master, 0o640);
    expect(looked()).toBe("E_KEY");
    expect(() => opened().find(key.id)).toThrow("others on this machine may read the master key");
    chmodSync(master, 0o600);
    expect(looked()).toBe("found");
    writeFileSync(master, new Uint8Array(32).fill(6));
    expect(looked()).toBe("E_KEY");
    writeFileSync(master, new Uint8Array(31));
    expect(looked()).toBe("E_KEY");
    rmSync(master);
    expect(looked()).toBe("E_KEY");
  });

  it("is missed as lost when its file is, and as shredded when it was", () => {
    const kept = readFileSync(fileOf(key));
    rmSync(fileOf(key));
    expect(looked()).toBe("E_KEY");
    writeFileSync(fileOf(key), kept);
    expect([opened().shred(key.id), looked(), opened().shred(key.id)]).toEqual([true, "E_SHREDDED", false]);
    expect(readFileSync(fileOf(key), "utf8")).toBe(`{"format":"writ-data-key/1","id":"${key.id}","shredded":true}\n`);
    writeFileSync(fileOf(key), kept);
    expect([opened().shred(key.id), looked()], "brought back from a backup").toEqual([true, "E_SHREDDED"]);
  });
});
