import { describe, expect, it } from "vitest";
import { problem, ProblemError } from "../core/base/problem.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { reportFailure } from "./failure.ts";
import { outputTo } from "./output.ts";
import { progressOn, progressText } from "./progress.ts";

const command: Command = {
  name: "try",
  summary: "",
  help: "",
  options: { on: { type: "string" }, evidence: { type: "string", multiple: true }, use: { type: "boolean" } },
  operands: ["FILE", "[DIR]"],
  run: async () => 0,
};
const messages = (...args: string[]): string[] => readArguments(command, args).problems.map(({ message }) => message);

function captured(terminal = false, json = false): { out: ReturnType<typeof outputTo>; text: () => { stdout: string; stderr: string } } {
  let stdout = "";
  let stderr = "";
  const streams = {
    stdout: { write: (text: string) => void (stdout += text) },
    stderr: { write: (text: string) => void (stderr += text) },
    terminal,
    environment: {},
  };
  return { out: outputTo(streams, json), text: () => ({ stdout, stderr }) };
}

describe("arguments", () => {
  it("reads values, repeats and operands", () => {
    const { values, positionals, problems } = readArguments(command, ["a", "--on", "-", "--evidence=x", "--evidence", "y", "--use"]);
    expect(problems).toEqual([]);
    expect({ ...values }).toEqual({ on: "-", evidence: ["x", "y"], use: true });
    expect(positionals).toEqual(["a"]);
  });

  it("names what is wrong, without guessing", () => {
    expect(messages("a", "--on")).toEqual(['option "--on" needs a value']);
    expect(messages("a", "--on", "--use")).toEqual(['option "--on" needs a value']);
    expect(messages("a", "--on=")).toEqual(['option "--on" needs a value']);
    expect(messages("a", "--on", "1", "--on", "2")).toEqual(['option "--on" is given twice']);
    expect(messages("--no-use", "a", "--toString")).toEqual(['unknown option "--no-use"', 'unknown option "--toString"']);
    expect(messages()).toEqual(["`writ try` needs FILE"]);
    expect(messages("a", "b", "c")).toEqual(['unexpected "c"']);
    expect(messages("--", "--on")).toEqual([]);
    expect(readArguments(command, ["a", "--evidnce", "x"]).problems[0]?.hint).toBe('did you mean "--evidence"?');
  });
});

describe("failures", () => {
  const secret = new TypeError("cannot read 123-45-6789\n    at 123-45-6789");

  it("never echoes the message of a defect, even when asked for the place", () => {
    for (const debug of [false, true]) {
      const { out, text } = captured(false, true);
      expect(reportFailure(secret, "try", debug, out)).toBe(70);
      expect(text().stderr).toContain("error: this is a defect in writ (TypeError in `writ try`)\nhint: ");
      expect(text().stderr + text().stdout).not.toContain("6789");
      expect(text().stderr.includes("cli.test.ts")).toBe(debug);
    }
  });

  it("words refusals of the system and keeps the codes of problems", () => {
    const { out, text } = captured();
    expect(reportFailure(Object.assign(new Error("x"), { code: "ENOENT", syscall: "open", path: "a.txt" }), "try", false, out)).toBe(1);
    expect(text().stderr).toBe("error: a.txt: no such file or folder\n");
    expect(reportFailure(new ProblemError(problem("E_STALE", "old")), "try", false, out)).toBe(23);
    expect(reportFailure("thrown text", "try", false, out)).toBe(70);
    expect(text().stderr).not.toContain("thrown text");
  });

  it("adds no second object to data already printed", () => {
    const { out, text } = captured(false, true);
    out.data("{}");
    reportFailure(new ProblemError(problem("E_IO", "full")), "try", false, out);
    expect(text()).toEqual({ stdout: "{}\n", stderr: "error: full\n" });
  });
});

describe("progress", () => {
  it("waits half a second, redraws at most ten times a second, and wipes itself", () => {
    const { out, text } = captured(true);
    let now = 0;
    const progress = progressOn(out, () => now);
    const report = (at: number): void => {
      now = at;
      progress.report({ rows: at, sizeBytes: at * 1000, totalRows: 2000 });
    };
    report(499);
    expect(text().stderr).toBe("");
    for (const at of [500, 550, 600]) report(at);
    expect(text().stderr.split("\r").length - 1).toBe(2);
    out.talk("done");
    progress.end();
    expect(text().stderr.endsWith("\r\u001B[2Kdone\n")).toBe(true);
  });

  it("draws nothing where there is no terminal", () => {
    const { out, text } = captured(false);
    progressOn(out, () => 0).end();
    expect(out.draw).toBeUndefined();
    expect(text().stderr).toBe("");
  });

  it("says rows, speed and time left", () => {
    expect(progressText({ rows: 1_250_000, sizeBytes: 168_400_000, totalRows: 2_500_000 }, 2000)).toBe(
      "1,250,000 rows · 84.2 MB/s · 2 s left",
    );
    expect(progressText({ rows: 10, sizeBytes: 0, totalRows: 10_000 }, 1000)).toBe("10 rows · 0.0 MB/s · 17 min left");
    expect(progressText({ rows: 5, sizeBytes: 1_000_000, totalBytes: 4_000_000 }, 1000)).toBe("5 rows · 1.0 MB/s · 3 s left");
    expect(progressText({ rows: 0, sizeBytes: 0 }, 1)).toBe("0 rows · 0.0 MB/s");
  });
});
