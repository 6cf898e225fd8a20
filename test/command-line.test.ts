import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GROUPS, REGISTRY } from "../src/cli/registry.ts";
import { writ } from "./command-line.ts";

const root = join(import.meta.dirname, "..");
const bin = join(root, "bin", "writ.mjs");

describe("the command line", () => {
  it("opens with the verbs that exist, and loads no command for it", async () => {
    const bare = await writ([]);
    expect(bare).toEqual(await writ(["--help"]));
    expect(bare.code).toBe(0);
    expect(bare.stdout).toMatch(/^Usage: writ COMMAND/);
    expect(bare.stderr).toBe("");
  });

  it("names every command of the registry in `help --all`", async () => {
    const { stdout, code } = await writ(["help", "--all"]);
    expect(code).toBe(0);
    for (const [name, { summary, group }] of Object.entries(REGISTRY)) {
      expect(stdout).toContain(`  ${name.padEnd(10)}`.trimEnd());
      expect(stdout).toContain(summary);
      expect(GROUPS).toContain(group);
    }
  });

  it.each([["doctr"], ["docter", "--json"], ["versoin"]])("offers the nearest command for %s", async (...words) => {
    const { stderr, stdout, code } = await writ(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: unknown command "\w+"\nhint: did you mean "writ (doctor|version)"\?\n$/);
    expect(stdout === "" || JSON.parse(stdout).problems[0].code === "E_USAGE").toBe(true);
  });

  it("says where the commands are when nothing is near", async () => {
    expect((await writ(["xyzzyxyzzy"])).stderr).toContain("`writ help --all` lists every command");
  });

  it("reports all problems of a line at once, and each as JSON", async () => {
    const { code, stdout, stderr } = await writ(["version", "--jsno", "--json", "--vebrose"]);
    expect(code).toBe(2);
    expect(stderr).toContain('unknown option "--jsno"\nhint: did you mean "--json"?');
    expect(stderr).toContain('unknown option "--vebrose"');
    expect(JSON.parse(stdout).problems).toHaveLength(2);
  });

  it.each([
    [["version", "--json=yes"], 'option "--json" takes no value'],
    [["version", "extra"], 'unexpected "extra"'],
    [["completion"], "`writ completion` needs SHELL"],
    [["completion", "fish"], 'no completion for "fish"'],
    [["--jsno"], 'no command before "--jsno"'],
    [["help", "doctr"], 'unknown command "doctr"'],
  ])("refuses %j", async (args, message) => {
    const { code, stderr, stdout } = await writ(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`error: ${message}\nhint: `);
  });

  it("prints its version three ways", async () => {
    const { stdout } = await writ(["version"]);
    expect(stdout).toMatch(/^writ \d+\.\d+\.\d+\n$/);
    expect((await writ(["--version"])).stdout).toBe(stdout);
    expect(JSON.parse((await writ(["version", "--json"])).stdout).version).toBe(stdout.trim().split(" ")[1]);
  });
});

describe("the registry", () => {
  it.each(Object.entries(REGISTRY))("%s has one module, its own name, and help that ends with lines to paste", async (name, entry) => {
    const { command } = await entry.load();
    expect(command.name).toBe(name);
    expect(command.summary.length).toBeLessThan(80);
    expect(command.help).toMatch(/^Usage: writ /);
    const last = command.help.trimEnd().split("\n\n").at(-1) ?? "";
    expect(last, "lines to paste").toMatch(/^ {2}.*\bwrit /m);
    for (const line of command.help.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    for (const option of Object.keys(command.options)) expect(command.help, `--${option}`).toContain(`--${option}`);
    const shown = await writ([...name.split(" "), "--help"]);
    expect(shown).toEqual({ code: 0, stdout: `${command.help.trimEnd()}\n`, stderr: "" });
    expect(await writ(["help", ...name.split(" ")])).toEqual(shown);
  });
});

describe("as a process", () => {
  it("survives a reader that goes away", () => {
    const script = `node ${JSON.stringify(bin)} help --all | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
  });

  it("completes names in bash", () => {
    const script = `source <(node ${JSON.stringify(bin)} completion bash); COMP_WORDS=(writ ver); COMP_CWORD=1; _writ; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toContain("version");
  });

  it("gives the exit code to the shell", () => {
    const { status, stderr } = spawnSync(process.execPath, [bin, "versoin"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: unknown command "versoin"\nhint: did you mean "writ version"?\n' });
  });
});
