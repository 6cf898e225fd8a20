import { PROBLEM_CATALOGUE } from "../../src/core/base/problem-catalogue.ts";

/** What each exit code tells the caller, by code. */
const EXITS: readonly (readonly [number, string])[] = [
  [1, "Could not: the machine, a file or a key stood in the way. Nothing is half-written."],
  [2, "Input refused: flags, request, law or file. Nothing changed."],
  [20, "Not permitted, or nothing left to release."],
  [21, "A person is needed: approval, review, or a conflict of orders."],
  [22, "A proof does not verify."],
  [23, "The plan is stale."],
  [24, "A recall is late."],
  [70, "A defect in writ. Nothing was released."],
];

/** The page of problems, made from the catalogue. */
export function problemsPage(): string {
  const entries = Object.entries(PROBLEM_CATALOGUE);
  const sections = EXITS.flatMap(([exit, meaning]) => {
    const rows = entries.filter(([, problem]) => problem.exit === exit).map(([code, { title }]) => `| \`${code}\` | ${title} |`);
    return rows.length === 0 ? [] : [`## Exit ${exit}\n\n${meaning}\n\n| code | what it means |\n|---|---|\n${rows.join("\n")}`];
  });
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

const INTRODUCTION = `# Problems

Generated from \`src/core/base/problem-catalogue.ts\` by \`npx tsx scripts/problems-page.ts\`.

Every refusal has a code, a place where one is known, what is wrong, and a hint that names the remedy:

\`\`\`console
$ writ version --jsno
error: unknown option "--jsno"
hint: did you mean "--json"?
# exit 2
$ writ version --jsno --json 2>&- | cut -c 1-36
{"problems":[{"code":"E_USAGE","mess
\`\`\`

The text goes to stderr; with \`--json\`, stdout gets one object \`{"problems": [{code, message, hint?, at?}]}\`, where
\`at\` has \`file\` with \`line\` and \`column\` (from 1) or \`byte\` (from 0). All problems of an input are reported at once;
the exit code is that of the first. Messages hold no personal data. Exit 0 means done, permitted, verified, or that a
batch was answered. A refusal by the law (20) is an answer, not a failure.`;
