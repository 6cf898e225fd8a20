/** One side of the intake benchmark in a process of its own: SIDE FILES OUT [PEOPLE]. */
import { randomBytes } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IntakePorts } from "../src/app/intake.ts";
import { takeIn } from "../src/app/intake.ts";
import type { SubmissionRules } from "../src/app/validate.ts";
import { duckdbIntake } from "../src/engine/duckdb-intake.ts";
import { duckdbValidation } from "../src/engine/duckdb-validate.ts";
import { loadCatalogues } from "../src/store/catalogues.ts";
import { datasetStore } from "../src/store/dataset-store.ts";
import { incomingFile } from "../src/store/incoming-file.ts";
import { privateFiles } from "../src/store/private-files.ts";
import { loadPolicy, loadRuleBooks } from "../src/store/rule-books.ts";
import { loadSpecialCodes } from "../src/store/special-codes.ts";
import { openDataVault } from "../src/vault/data-vault.ts";
import { openPersonKeys } from "../src/vault/person-keys.ts";
import { CLAIMS, claimsCatalogue, filesIn, makeFiles, PERIOD, shippedWords, valueOf } from "./intake-files.ts";
import { byNodeObjects } from "./intake-objects.ts";
import { byNodeLines, bySubstr, byTypedRead, byTypedRecords } from "./intake-peers.ts";
import { runSide } from "./measured.ts";

type Figures = Readonly<Record<string, number>>;

const [side = "", folder = "", out = "", peopleText = "0"] = process.argv.slice(2);
const { fixed, records, table } = filesIn(folder);
const words = await shippedWords();
const catalogues = [...valueOf(await loadCatalogues("catalog", words)), claimsCatalogue(words)];
const eligible = catalogues.find(({ dataset, version }) => dataset === "tmsis/eligible" && version === "2.4");
if (eligible === undefined) throw new Error("no catalogue");

/** A store of its own below `out`, as a workspace has one. */
function ports(checked: boolean): IntakePorts {
  const at = (name: string): string => join(out, name);
  for (const name of ["keys", "datasets", "evidence", "rejects", "tmp"]) mkdirSync(at(name), { recursive: true, mode: 0o700 });
  writeFileSync(join(at("keys"), "master.key"), randomBytes(32), { mode: 0o600 });
  const vault = openDataVault(at("keys"), privateFiles());
  const folders = { datasets: at("datasets"), evidence: at("evidence"), rejects: at("rejects"), tmp: at("tmp") };
  return {
    catalogues,
    specialCodes: valueOf(loadSpecialCodes(["catalog"])),
    store: datasetStore(folders),
    vault,
    engine: duckdbIntake,
    keys: openPersonKeys(at("keys")),
    datasetsFolder: folders.datasets,
    now: () => "2026-11-24T12:00:00Z",
    ...(checked ? { rules: rules() } : {}),
  };
}

const rules = (): SubmissionRules => ({
  books: valueOf(loadRuleBooks("catalog", catalogues)),
  policy: valueOf(loadPolicy(["catalog"])),
  engine: duckdbValidation,
});

async function writ(file: string, { table: named = false, checked = false } = {}): Promise<Figures> {
  const options = named ? { catalogue: CLAIMS, period: PERIOD } : {};
  const taken = await takeIn(valueOf(incomingFile(file)), options, ports(checked));
  if (!taken.ok) throw new Error(JSON.stringify(taken.problems));
  return { rows: taken.value.records, sizeBytes: statSync(file).size };
}

const peer = async (file: string, run: () => Promise<void>): Promise<Figures> => {
  await run();
  return { sizeBytes: statSync(file).size };
};

const SIDES: Readonly<Record<string, () => Promise<Figures>>> = {
  fixed: async () => writ(fixed),
  checked: async () => writ(fixed, { checked: true }),
  substr: async () => peer(fixed, async () => bySubstr(fixed, out, eligible, false)),
  held: async () => peer(fixed, async () => bySubstr(fixed, out, eligible, true)),
  lines: async () => peer(fixed, async () => byNodeLines(fixed, out, eligible)),
  objects: async () => peer(fixed, async () => byNodeObjects(fixed, out, eligible)),
  records: async () => writ(records),
  typedRecords: async () => peer(records, async () => byTypedRecords(records, out, eligible)),
  table: async () => writ(table, { table: true }),
  typedTable: async () => peer(table, async () => byTypedRead(table, out)),
};

if (side === "make") await makeFiles(folder, Number(peopleText), catalogues);
else {
  await runSide(SIDES, side, out);
}
