const ANY_LINES = "…";
const ANY_TEXT = "[…]";

/**
 * Whether output is what a document promises: line by line, where a line `…` stands for any lines, `[…]` within a
 * line for any text, and every run of eight or more hexadecimal digits for every other, as ids are random.
 */
export function outputMatches(expected: readonly string[], actual: readonly string[]): boolean {
  const want = tidied(expected);
  const got = tidied(actual);
  // reachable[n]: whether the expected lines so far can end before actual line n
  let reachable = new Set([0]);
  for (const line of want) {
    const next = new Set<number>();
    if (line === ANY_LINES) {
      for (let at = Math.min(...reachable); at <= got.length; at += 1) next.add(at);
    } else {
      for (const at of reachable) if (at < got.length && lineMatches(line, got[at] ?? "")) next.add(at + 1);
    }
    if (next.size === 0) return false;
    reachable = next;
  }
  return reachable.has(got.length);
}

function lineMatches(expected: string, actual: string): boolean {
  const pattern = withoutIds(expected).split(ANY_TEXT).map(escaped).join(".*");
  return new RegExp(`^${pattern}$`, "u").test(withoutIds(actual));
}

const withoutIds = (line: string): string => line.replaceAll(/(?<![0-9A-Za-z])[0-9a-f]{8,}(?![0-9A-Za-z])/g, "<id>");
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Without spaces at line ends and empty lines at the end, which nobody sees. */
function tidied(lines: readonly string[]): string[] {
  const trimmed = lines.map((line) => line.trimEnd());
  while (trimmed.at(-1) === "") trimmed.pop();
  return trimmed;
}
