import { nearest } from "../core/base/nearest.ts";
import { problem, type Problem } from "../core/base/problem.ts";
import { FAMILIES, GROUPS, REGISTRY, VERBS } from "./registry.ts";

const names = Object.keys(REGISTRY);
export const membersOf = (family: string): readonly string[] => names.filter((name) => name.startsWith(`${family} `));

/** The first screen: the verbs that exist, and where the rest is. */
export function overview(): string {
  const rows = VERBS.flatMap((verb): [string, string][] => {
    const summary = REGISTRY[verb]?.summary ?? (membersOf(verb).length > 0 ? FAMILIES[verb] : undefined);
    return summary === undefined ? [] : [[verb, summary]];
  });
  return [
    "Usage: writ COMMAND [options]",
    "",
    "Who may receive which public record, on which day, under which law; with proof of what was sent.",
    "",
    ...table(rows),
    ...(rows.length > 0 ? [""] : []),
    "Every command: --help, --json. Answers go to stdout, everything else to stderr.",
    "",
    "  writ help --all         all commands",
    "  writ COMMAND --help     one command, with lines to paste",
    "  writ doctor             whether writ can work here",
  ].join("\n");
}

/** Every command, by group. */
export function fullHelp(): string {
  const blocks = GROUPS.flatMap((group) => {
    const rows = names.flatMap((name): [string, string][] => {
      const entry = REGISTRY[name];
      return entry?.group === group ? [[name, entry.summary]] : [];
    });
    return rows.length === 0 ? [] : [[group, ...table(rows)].join("\n")];
  });
  return ["Usage: writ COMMAND [options]", ...blocks, "writ COMMAND --help shows one command, with lines to paste."].join("\n\n");
}

/** The commands of one family, such as `law`. */
export function familyHelp(family: string): string {
  const members = membersOf(family);
  const rows = members.map((name): [string, string] => [name, REGISTRY[name]?.summary ?? ""]);
  const lines = [`Usage: writ ${family} COMMAND [options]`, "", FAMILIES[family] ?? "", "", ...table(rows), ""];
  return [...lines, ...members.slice(0, 1).map((name) => `  writ ${name} --help`)].join("\n");
}

/** What to say to a command nobody knows. */
export function unknownCommand(words: readonly string[]): Problem {
  const [first = "", second] = words;
  const inFamily = membersOf(first).length > 0;
  const asked = inFamily && second !== undefined ? `${first} ${second}` : first;
  const known = inFamily ? membersOf(first) : [...names, ...names.map((name) => name.split(" ")[0] ?? name)];
  // WHY: `law chek` must be compared by its own word, or the shared `law ` makes everything look near.
  const bare = inFamily ? known.map((name) => name.slice(first.length + 1)) : known;
  const near = nearest(inFamily ? (second ?? "") : first, bare) ?? nearest(words.slice(0, 2).join(" "), names);
  const full = near !== undefined && inFamily && !near.includes(" ") ? `${first} ${near}` : near;
  const hint = full === undefined ? "`writ help --all` lists every command" : `did you mean "writ ${full}"?`;
  return problem("E_USAGE", `unknown command "${asked}"`, { hint });
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(10, ...rows.map(([name]) => name.length));
  return rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`);
}
