import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Command } from "../command.ts";
import { REGISTRY } from "../registry.ts";

const HELP = `Usage: writ completion bash|zsh

Prints a script that completes command names in your shell.

  source <(writ completion bash)
  source <(writ completion zsh)`;

export const command: Command = {
  name: "completion",
  summary: "print a completion script for bash or zsh",
  help: HELP,
  options: {},
  operands: ["SHELL"],
  run: async ({ positionals, out }) => {
    const [shell = ""] = positionals;
    const script = SCRIPTS[shell];
    if (script === undefined) throw new ProblemError(problem("E_USAGE", `no completion for "${shell}"`, { hint: "write bash or zsh" }));
    const text = script(Object.keys(REGISTRY));
    out.data(out.json ? JSON.stringify({ shell, script: text }) : text);
    return 0;
  },
};

const SCRIPTS: Readonly<Record<string, (names: readonly string[]) => string>> = {
  bash: (names) => [...completer(names), "complete -o default -F _writ writ"].join("\n"),
  zsh: (names) => ["autoload -Uz bashcompinit && bashcompinit", ...completer(names), "complete -o default -F _writ writ"].join("\n"),
};

/** Completes the first word, then the second of a two-word command, then leaves it to file names. */
function completer(names: readonly string[]): string[] {
  const firsts = [...new Set(["help", ...names.map((name) => name.split(" ")[0] ?? name)])];
  const families = firsts.filter((first) => names.some((name) => name.startsWith(`${first} `)));
  const seconds = (first: string): string =>
    names
      .filter((name) => name.startsWith(`${first} `))
      .map((name) => name.split(" ")[1])
      .join(" ");
  return [
    "_writ() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" choices=""',
    `  if [ "$COMP_CWORD" -eq 1 ]; then choices="${firsts.join(" ")}"`,
    '  elif [ "$COMP_CWORD" -eq 2 ]; then case "${COMP_WORDS[1]}" in',
    ...families.map((first) => `    ${first}) choices="${seconds(first)}" ;;`),
    "  esac; fi",
    '  COMPREPLY=($(compgen -W "$choices" -- "$word"))',
    "}",
  ];
}
