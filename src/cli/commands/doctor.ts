import { existsSync } from "node:fs";
import { ownVersion } from "./version.ts";
import type { Command } from "../command.ts";

const HELP = `Usage: writ doctor [--json]

Looks whether writ can work here: the Node version, the policy engine, the data engine, and the
workspace in the current folder. Changes nothing. Exit 1 when something is missing.

  writ doctor
  writ doctor --json`;

type Finding = { readonly what: string; readonly ok: boolean; readonly detail: string };

export const command: Command = {
  name: "doctor",
  summary: "look whether writ can work here",
  help: HELP,
  options: {},
  operands: [],
  run: async ({ out }) => {
    const findings = [nodeVersion(), await policyEngine(), await dataEngine(), workspace()];
    const lines = findings.map(({ what, ok, detail }) => `${ok ? "ok     " : "missing"}  ${what.padEnd(13)}  ${detail}`);
    out.data(out.json ? JSON.stringify({ version: ownVersion(), findings }) : lines.join("\n"));
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { what: "node", ok, detail: ok ? process.versions.node : `${process.versions.node}; writ needs 20.19 or later` };
}

async function policyEngine(): Promise<Finding> {
  return loads("policy engine", async () => {
    const cedar = await import("@cedar-policy/cedar-wasm/nodejs");
    return `Cedar ${cedar.getCedarSDKVersion()}`;
  });
}

async function dataEngine(): Promise<Finding> {
  return loads("data engine", async () => {
    const duckdb = await import("@duckdb/node-api");
    return `DuckDB ${duckdb.version()}`;
  });
}

async function loads(what: string, attempt: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await attempt() };
  } catch (thrown) {
    return { what, ok: false, detail: `does not load (${thrown instanceof Error ? thrown.name : "failure"}); run \`npm ci\`` };
  }
}

/** Being outside a workspace is no fault: most questions need none. */
function workspace(): Finding {
  const here = existsSync("writ.yaml");
  return { what: "workspace", ok: true, detail: here ? "writ.yaml in this folder" : "none in this folder; `writ init DIR` makes one" };
}
