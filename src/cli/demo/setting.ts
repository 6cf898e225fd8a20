import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { problem, ProblemError } from "../../core/base/problem.ts";

/** Marks a folder that a demo made, and the only kind it will ever replace. */
const MARK = ".writ-demo";

/** Makes room for the demo; a folder that is not a demo's own is left alone. */
export function clearFolder(folder: string): void {
  if (existsSync(folder) && !existsSync(join(folder, MARK))) {
    throw new ProblemError(
      problem("E_IO", "the folder exists and is no demo's", { at: { file: folder }, hint: "name another with -o DIR" }),
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MARK), "Made by `writ demo`; the next demo replaces this folder.\n");
}

/** The requests of the story and the document one of them rests on, all fictitious. */
export function writeRequests(folder: string): void {
  const letter = "A request under 8 USC 1360(b), invented for this demo.\n";
  writeFileSync(join(folder, "private", "evidence", "request-1360b.txt"), letter, { mode: 0o600 });
  const sha256 = createHash("sha256").update(letter).digest("hex");
  const evidence = `evidence:
  - { kind: request-1360b, file: private/evidence/request-1360b.txt, sha256: ${sha256}, issued: 2026-01-06, validUntil: 2026-02-06, verifiedBy: nobody; a demo }
`;
  const six = "fields: [address, phone, date-of-birth, citizenship, immigration-status, medicaid-id, name]\n";
  const status = "statusSource: dhs-status@2025-12\n";
  const ice = "from: hhs-cms\nto: dhs-ice\npurpose: immigration-enforcement\ndataset: tmsis/eligible@2025-12\n";
  const oig = "from: hhs-cms\nto: hhs-oig\npurpose: oversight\ndataset: tmsis/eligible@2025-12\n";
  const requests: Readonly<Record<string, string>> = {
    "everything.yaml": `${ice}fields: [full-dataset]\n`,
    "ice.yaml": `${ice}${six}${evidence}`,
    "ice-proven.yaml": `${ice}${six}${status}${evidence}`,
    "sent-that-week.yaml": `${ice}fields: [full-dataset]\n${status}${evidence}`,
    "oig.yaml": `${oig}fields: [eligibility, sex, date-of-birth]\npseudonym: yes\nrecipientKey: recipients/hhs-oig.pub\n`,
  };
  for (const [name, text] of Object.entries(requests)) writeFileSync(join(folder, "requests", name), text);
}

/** A copy of a receipt with one bit turned, in its proof. */
export function flipOneBit(receipt: string, copy: string): void {
  const bytes = readFileSync(receipt);
  const at = bytes.indexOf("c2sp.org/tlog-proof") + 60;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(copy, bytes);
}
