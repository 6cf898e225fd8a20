import { basename, dirname, resolve } from "node:path";
import type { IncomingFile } from "../app/ports/incoming-file.ts";
import { utf8 } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import { FIELD_END } from "../core/intake/table-taker.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";

/** Signs by which the engine would read other files than the one named. */
const PATTERN = /[*?[\]{}]/;
/** Types of which one value is no single text. */
const NO_SINGLE_VALUE = /\[|\(|^(STRUCT|MAP|UNION|LIST|BLOB|BIT|VARIANT|GEOMETRY)\b/;
const SINGLE_DECIMAL = /^DECIMAL\(\d+,\d+\)$/;

/**
 * A Parquet file as lines of text, its rows in order: names first, a control character between values, nothing on disk between.
 * Line breaks and tabs within values become blanks. `sha256` is that of the file.
 */
export async function parquetFile(file: IncomingFile, sha256: string): Promise<Checked<IncomingFile>> {
  const path = resolve(file.name);
  const at = { file: file.name };
  if (PATTERN.test(basename(path)) || PATTERN.test(dirname(path)))
    return fail(
      problem("E_LAYOUT", "the path of a Parquet file holds a sign of a pattern", {
        at,
        hint: "move it where the path has none of * ? [ ] { }",
      }),
    );
  const damaged = problem("E_LAYOUT", "the Parquet file is cut or damaged", { at, hint: "send the file again" });
  try {
    const columns = await columnsOf(path);
    const nested = columns.filter(({ type }) => NO_SINGLE_VALUE.test(type) && !SINGLE_DECIMAL.test(type));
    if (nested.length > 0) {
      const hint = "write them as columns of their own, or leave them out";
      return fail(problem("E_LAYOUT", `${nested.length} columns hold more than one value in a cell, or bytes`, { at, hint }));
    }
    // oxlint-disable-next-line no-control-regex -- a name with one would break the lines
    if (columns.some(({ name }) => /[\u0000-\u001f]/.test(name)))
      return fail(problem("E_LAYOUT", "a column's name holds a control character", { at }));
    const chunks = (): AsyncIterable<Uint8Array> => textOf(path, columns.map(({ name }) => name), damaged); // prettier-ignore
    return pass({ ...file, table: { sha256 }, chunks });
  } catch (thrown) {
    if (thrown instanceof ProblemError) return fail(damaged);
    throw thrown;
  }
}

type Column = { readonly name: string; readonly type: string };

const opened = async (path: string): Promise<Duckdb> => openDuckdb({ folders: [], files: [path], threads: 1 });

async function columnsOf(path: string): Promise<readonly Column[]> {
  const engine = await opened(path);
  try {
    const rows = await engine.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${literal(path)}))`);
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
  } finally {
    engine.close();
  }
}

async function* textOf(path: string, names: readonly string[], damaged: ReturnType<typeof problem>): AsyncIterable<Uint8Array> {
  const sign = String.fromCharCode(FIELD_END);
  yield utf8(`${names.join(sign)}\n`);
  const cells = names.map((name) => `coalesce(translate(${identifier(name)}::VARCHAR, chr(9) || chr(10) || chr(13), '   '), '')`);
  const engine = await opened(path);
  try {
    for await (const rows of engine.texts(`SELECT concat_ws(chr(${FIELD_END}), ${cells.join(", ")}) FROM read_parquet(${literal(path)})`))
      yield utf8(`${rows.join("\n")}\n`);
  } catch (thrown) {
    throw thrown instanceof ProblemError ? new ProblemError(damaged) : thrown;
  } finally {
    engine.close();
  }
}
