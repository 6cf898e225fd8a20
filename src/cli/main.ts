import type { Command } from "./command.ts";
import { readArguments } from "./arguments.ts";
import { reportFailure, reportProblems } from "./failure.ts";
import { familyHelp, fullHelp, membersOf, overview, unknownCommand } from "./help.ts";
import { outputTo, processStreams, type Streams } from "./output.ts";
import { REGISTRY } from "./registry.ts";

/**
 * Runs one command line and gives its exit code. Loads only the module of the command asked for.
 * Never throws: refusals and defects alike become a text on stderr and a code.
 */
export async function main(argv: readonly string[], streams: Streams = processStreams()): Promise<number> {
  const out = outputTo(streams, asksFor(argv, ["--json"]));
  const found = findCommand(argv);
  if (found !== undefined) return runCommand(found.name, found.rest, streams);
  const words = leadingWords(argv);
  if (words[0] === "help") return showHelp(argv.slice(1), streams);
  const [first] = words;
  if (first === undefined) return withoutCommand(argv, streams);
  if (membersOf(first).length > 0 && words.length === 1 && argv.slice(1).every(isHelp)) {
    out.data(familyHelp(first));
    return 0;
  }
  return reportProblems([unknownCommand(words)], out);
}

function withoutCommand(argv: readonly string[], streams: Streams): number | Promise<number> {
  const out = outputTo(streams, asksFor(argv, ["--json"]));
  if (argv.every(isHelp)) {
    out.data(overview());
    return 0;
  }
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) return runCommand("version", [], streams);
  if (argv.every((arg) => isHelp(arg) || arg === "--all")) {
    out.data(fullHelp());
    return 0;
  }
  const hint = "the command comes first: `writ COMMAND [options]`";
  return reportProblems([{ code: "E_USAGE", message: `no command before "${argv[0] ?? ""}"`, hint }], out);
}

/** `writ help`, `writ help --all`, `writ help law check`. */
async function showHelp(rest: readonly string[], streams: Streams): Promise<number> {
  const words = leadingWords(rest);
  const found = findCommand(words);
  if (found !== undefined) return runCommand(found.name, ["--help"], streams);
  const [first] = words;
  if (first === undefined) return withoutCommand(rest, streams);
  const out = outputTo(streams, asksFor(rest, ["--json"]));
  if (membersOf(first).length === 0 || words.length > 1) return reportProblems([unknownCommand(words)], out);
  out.data(familyHelp(first));
  return 0;
}

async function runCommand(name: string, args: readonly string[], streams: Streams): Promise<number> {
  const out = outputTo(streams, asksFor(args, ["--json"]));
  try {
    const command = await load(name);
    if (asksFor(args, ["--help", "-h"])) {
      out.data(command.help);
      return 0;
    }
    const { values, positionals, problems } = readArguments(command, args);
    if (problems.length > 0) return reportProblems(problems, out);
    return await command.run({ values, positionals, out });
  } catch (thrown) {
    const debug = (streams.environment["WRIT_DEBUG"] ?? "") !== "";
    return reportFailure(thrown, name, debug, out);
  }
}

async function load(name: string): Promise<Command> {
  const entry = REGISTRY[name];
  if (entry === undefined) throw new Error("a name outside the registry");
  return (await entry.load()).command;
}

/** The longest registered name the line begins with: `law check` before `law`. */
function findCommand(argv: readonly string[]): { name: string; rest: readonly string[] } | undefined {
  const words = leadingWords(argv);
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(" ");
    if (words.length >= count && Object.hasOwn(REGISTRY, name)) return { name, rest: argv.slice(count) };
  }
  return undefined;
}

function leadingWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((arg) => arg.startsWith("-"));
  return end === -1 ? argv : argv.slice(0, end);
}

const isHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

/** Whether an option is given before `--`. */
function asksFor(argv: readonly string[], names: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end === -1 ? argv : argv.slice(0, end)).some((arg) => names.includes(arg));
}
