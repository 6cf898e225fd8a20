import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearest } from "../core/base/nearest.ts";
import { problem, type Problem } from "../core/base/problem.ts";
import type { Command, OptionValues } from "./command.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Token =
  | { kind: "option"; name: string; rawName: string; value?: string | undefined; inlineValue?: boolean | undefined }
  | { kind: "positional"; value: string }
  | { kind: "option-terminator" };
export type Arguments = { readonly values: OptionValues; readonly positionals: readonly string[]; readonly problems: readonly Problem[] };

const COMMON: Options = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } };

/** Reads a command's arguments and returns every problem at once; `--json` and `--help` belong to all commands. */
export function readArguments(command: Command, args: readonly string[]): Arguments {
  const options: Options = { ...command.options, ...COMMON };
  // WHY: not strict, because strict parsing stops at the first problem and words it for programmers.
  const parsed = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const problems = optionProblems(command, options, parsed.tokens);
  const known = problems.length === 0 ? operandProblems(command, parsed.positionals) : problems;
  return { values: parsed.values, positionals: parsed.positionals, problems: known };
}

function optionProblems(command: Command, options: Options, tokens: readonly Token[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const found = optionProblem(command, options, token, seen.has(token.name));
    if (found !== undefined) problems.push(found);
    seen.add(token.name);
  }
  return problems;
}

function optionProblem(command: Command, options: Options, token: Token & { kind: "option" }, repeated: boolean): Problem | undefined {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  const { rawName, value } = token;
  if (option === undefined) {
    const near = nearest(token.name, Object.keys(options));
    const hint = near === undefined ? `see \`writ ${command.name} --help\`` : `did you mean "--${near}"?`;
    return problem("E_USAGE", `unknown option "${rawName}"`, { hint });
  }
  if (option.type === "boolean" && value !== undefined) {
    return problem("E_USAGE", `option "${rawName}" takes no value`, { hint: `write ${rawName} alone` });
  }
  const swallowed = value !== undefined && value.length > 1 && value.startsWith("-") && token.inlineValue !== true;
  if (option.type === "string" && (value === undefined || value === "" || swallowed)) {
    const hint = swallowed ? `write ${rawName}=VALUE when the value begins with "-"` : `write ${rawName} VALUE`;
    return problem("E_USAGE", `option "${rawName}" needs a value`, { hint });
  }
  if (repeated && option.multiple !== true && option.type === "string") {
    return problem("E_USAGE", `option "${rawName}" is given twice`, { hint: "give it once" });
  }
  return undefined;
}

function operandProblems(command: Command, positionals: readonly string[]): Problem[] {
  if (command.operands === undefined) return [];
  const hint = `see \`writ ${command.name} --help\``;
  const missing = command.operands.slice(positionals.length).find((name) => !name.startsWith("["));
  if (missing !== undefined) return [problem("E_USAGE", `\`writ ${command.name}\` needs ${missing.replace(/\.+$/, "")}`, { hint })];
  const repeats = command.operands.at(-1)?.replace(/\]$/, "").endsWith("...") ?? false;
  if (repeats || positionals.length <= command.operands.length) return [];
  return [problem("E_USAGE", `unexpected "${positionals[command.operands.length] ?? ""}"`, { hint })];
}
