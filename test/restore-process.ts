/** Runs around every test file: the next one of the process finds the folder and the temporary folder it would find alone. */
import { afterAll } from "vitest";

const folder = process.cwd();
const temporary = process.env["TMPDIR"];

afterAll(() => {
  process.chdir(folder);
  if (temporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = temporary;
});
