import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { problemsPage } from "../scripts/problems-page/page.ts";
import { PROBLEM_CATALOGUE } from "../src/core/base/problem-catalogue.ts";

it("the page of problems is current and complete", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "docs", "problems.md"), "utf8");
  expect(page, "run `npx tsx scripts/problems-page.ts`").toBe(problemsPage());
  for (const code of Object.keys(PROBLEM_CATALOGUE)) expect(page).toContain(`| \`${code}\` |`);
});
