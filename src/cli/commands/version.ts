import { readFileSync } from "node:fs";
import type { Command } from "../command.ts";

const HELP = `Usage: writ version [--json]

Prints the version of writ.

  writ version
  writ version --json`;

export const command: Command = {
  name: "version",
  summary: "print the version",
  help: HELP,
  options: {},
  operands: [],
  run: async ({ out }) => {
    const version = ownVersion();
    out.data(out.json ? JSON.stringify({ version }) : `writ ${version}`);
    return 0;
  },
};

/** The version in the package's own package.json. */
export function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : undefined;
  return typeof version === "string" ? version : "unknown";
}
