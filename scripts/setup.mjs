// Makes a fresh clone ready: installs the locked packages and builds, each only when stale. Asks nothing.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const say = (text) => process.stderr.write(`${text}\n`);
const at = (...parts) => join(root, ...parts);
const time = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (dir) =>
  Math.max(
    0,
    ...readdirSync(dir, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? newest(join(dir, entry.name)) : time(join(dir, entry.name)),
    ),
  );
const run = (command, args) => {
  const windows = process.platform === "win32";
  execFileSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"], shell: windows });
};

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`error: writ needs Node 20.19 or later; this is ${process.versions.node}`);
  process.exit(2);
}
const installed = at("node_modules", ".package-lock.json");
if (time(installed) < time(at("package-lock.json"))) {
  say("set-up: installing the locked packages …");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}
const built = at("dist", ".built");
const sources = Math.max(newest(at("src")), time(at("tsconfig.build.json")), time(installed));
if (time(built) < sources) {
  say("set-up: compiling …");
  run("npx", ["tsc", "-p", "tsconfig.build.json"]);
  const { writeFileSync } = await import("node:fs");
  writeFileSync(built, "");
}
