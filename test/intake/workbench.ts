/** A workspace in a temporary folder, with what takes files in and resolves classes. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initWorkspace } from "../../src/app/init.ts";
import type { IntakeOptions, IntakePorts } from "../../src/app/intake.ts";
import { takeIn } from "../../src/app/intake.ts";
import type { SidecarPorts } from "../../src/app/sidecars.ts";
import type { SubmissionRules } from "../../src/app/validate.ts";
import type { Workspace } from "../../src/app/workspace.ts";
import { openIncoming } from "../../src/cli/incoming.ts";
import type { Checked } from "../../src/core/base/checked.ts";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { parsePolicy } from "../../src/core/validate/policy.ts";
import { duckdbIntake } from "../../src/engine/duckdb-intake.ts";
import { duckdbValidation } from "../../src/engine/duckdb-validate.ts";
import { datasetStore } from "../../src/store/dataset-store.ts";
import { loadPolicy, loadRuleBooks } from "../../src/store/rule-books.ts";
import { sidecarStore } from "../../src/store/sidecar-store.ts";
import { workspaceFiles } from "../../src/store/workspace-files.ts";
import { privateFiles } from "../../src/store/private-files.ts";
import { openDataVault } from "../../src/vault/data-vault.ts";
import { proofCrypto } from "../../src/vault/node-crypto.ts";
import { openPersonKeys } from "../../src/vault/person-keys.ts";
import { shippedCodes, shippedVocabulary } from "./tmsis-file.ts";

export type Bench = {
  readonly workspace: Workspace;
  readonly ports: IntakePorts & SidecarPorts;
  /** Writes a file beside the workspace and names it. */
  put(name: string, bytes: Uint8Array | string): string;
  take(name: string, bytes: Uint8Array | string, options?: IntakeOptions): ReturnType<typeof takeIn>;
  /** Every file and folder below `private/`, without keys. */
  kept(): readonly string[];
  remove(): void;
};

/** The shipped rules of `catalogues`, and a policy, which may be given as text. */
export function shippedRules(catalogues: readonly Catalogue[], policyText?: string): SubmissionRules {
  const books = loadRuleBooks(join(root, "catalog"), catalogues);
  const policy = policyText === undefined ? loadPolicy([join(root, "catalog")]) : parsePolicy({ file: "policy.yaml", text: policyText });
  if (!books.ok || !policy.ok) throw new Error(said(books).concat(said(policy)).join());
  return { books: books.value, policy: policy.value, engine: duckdbValidation };
}

const root = join(import.meta.dirname, "..", "..");

/** `rules` only where a test is about them: they cost time. */
export async function openBench(catalogues: readonly Catalogue[], rules?: SubmissionRules): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "writ-intake-"));
  const made = await initWorkspace(join(folder, "ws"), { custodian: "hhs-cms", practice: "2026-11-24T12:00:00Z" }, workspaceFiles);
  if (!made.ok) throw new Error("no workspace");
  const { paths, clock } = made.value;
  const vault = openDataVault(paths.keys, privateFiles());
  const ports = {
    catalogues,
    specialCodes: shippedCodes(),
    store: datasetStore(paths),
    vault,
    sidecars: sidecarStore(paths.evidence),
    engine: duckdbIntake,
    keys: openPersonKeys(paths.keys),
    vocabulary: await shippedVocabulary(),
    sources: [],
    crypto: proofCrypto,
    datasetsFolder: paths.datasets,
    ...(rules === undefined ? {} : { rules }),
    now: () => clock.now(),
  };
  const put = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  return {
    workspace: made.value,
    ports,
    put,
    take: async (name, bytes, options = {}) => {
      const file = await openIncoming(put(name, bytes));
      return file.ok ? takeIn(file.value, options, ports) : file;
    },
    kept: () =>
      (existsSync(paths.private) ? readdirSync(paths.private, { recursive: true, encoding: "utf8" }) : [])
        .filter((name) => !name.startsWith("keys"))
        .sort(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `CODE message | hint` of every problem, the place before them. */
export const said = (checked: Checked<unknown>): readonly string[] =>
  checked.ok ? [] : checked.problems.map(({ code, message, at }) => `${code} ${at?.line ?? at?.byte ?? ""}: ${message}`);
