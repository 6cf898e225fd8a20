/** Writes docs/problems.md from the catalogue of problems: `npx tsx scripts/problems-page.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { problemsPage } from "./problems-page/page.ts";

writeFileSync(join(import.meta.dirname, "..", "docs", "problems.md"), problemsPage());
