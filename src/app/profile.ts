import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import { ProblemError } from "../core/base/problem.ts";
import type { TableEncoding } from "../core/catalog/catalogue.ts";
import { binaryProblem } from "../core/intake/binary.ts";
import type { Line } from "../core/intake/lines.ts";
import { endlessLine, lineCutter, LONGEST_LINE_BYTES } from "../core/intake/lines.ts";
import type { FileProfile, Profiler } from "../core/profile/file-profile.ts";
import { tableProfiler } from "../core/profile/file-profile.ts";
import { jsonProfiler } from "../core/profile/json-profile.ts";
import { totalBytes } from "./intake-reading.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";

export type ProfileOptions = {
  /** Rows to look at, from the first; all when left out. */
  readonly rows?: number;
  /** How the file is written; told by its first bytes when left out. */
  readonly encoding?: TableEncoding;
  report?(advance: { readonly rows: number; readonly sizeBytes: number; readonly totalBytes?: number }): void;
};

export type ProfiledFile = { readonly profile: FileProfile; /** Whether every row was looked at. */ readonly all: boolean };

/** Looks at the rows of a file and keeps counts of them. Nothing is stored. */
export async function profileFile(file: IncomingFile, options: ProfileOptions): Promise<Checked<ProfiledFile>> {
  const reading = new Reading(file, options);
  try {
    for await (const chunk of file.chunks()) if (!reading.push(chunk)) break;
    return reading.end();
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { ok: false, problems: thrown.problems };
    throw thrown;
  }
}

class Reading {
  private readonly cutter = lineCutter();
  private profiler: Profiler | undefined;
  private problems: readonly Problem[] = [];
  private sizeBytes = 0;
  private stopped = false;
  private readonly file: IncomingFile;
  private readonly options: ProfileOptions;

  constructor(file: IncomingFile, options: ProfileOptions) {
    this.file = file;
    this.options = options;
  }

  /** Answers whether to go on. */
  push(chunk: Uint8Array): boolean {
    const binary = binaryProblem(this.file.name, chunk, this.sizeBytes);
    if (binary !== undefined) return this.refuse(binary);
    this.sizeBytes += chunk.length;
    if (!this.cutter.push(chunk, (line) => this.take(line))) return false;
    const rest = this.cutter.rest();
    if (rest.to > LONGEST_LINE_BYTES) return this.refuse(endlessLine(this.file.name, rest, "rows end with a line feed"));
    // WHY not of the first rows: nobody knows where they end.
    const total = this.options.rows === undefined ? totalBytes(this.file) : {};
    this.options.report?.({ rows: this.profiler?.rows() ?? 0, sizeBytes: this.sizeBytes, ...total });
    return true;
  }

  end(): Checked<ProfiledFile> {
    const rest = this.cutter.rest();
    if (!this.stopped && this.problems.length === 0 && rest.to > 0) this.take(rest);
    if (this.problems.length > 0) return { ok: false, problems: this.problems };
    if (this.profiler === undefined || this.profiler.rows() === 0)
      return fail(problem("E_LAYOUT", "the file has no rows to look at", { at: { file: this.file.name } }));
    return pass({ profile: this.profiler.profile(), all: !this.stopped });
  }

  private take(line: Line): boolean {
    if (this.profiler === undefined) {
      const encoding = this.options.encoding ?? encodingOf(this.file, line);
      if (encoding !== "ndjson") return this.begin(tableProfiler(this.file.name, line, encoding));
      this.begin(pass(jsonProfiler(this.file.name)));
    }
    if (this.profiler?.rows() === this.options.rows) {
      this.stopped = true;
      return false;
    }
    const wrong = this.profiler?.take(line);
    return wrong === undefined || this.refuse(wrong);
  }

  private begin(profiler: Checked<Profiler>): boolean {
    if (profiler.ok) this.profiler = profiler.value;
    else this.problems = profiler.problems;
    return profiler.ok;
  }

  private refuse(...problems: readonly Problem[]): false {
    this.problems = problems;
    return false;
  }
}

const [BRACE, PIPE, COMMA] = [0x7b, 0x7c, 0x2c];

/** An object on the first line is JSON; otherwise more pipes than commas make a PSV. */
function encodingOf(file: IncomingFile, { bytes, from, to }: Line): TableEncoding {
  if (file.table !== undefined) return "parquet";
  const first = bytes.subarray(from, to);
  if (first.find((byte) => byte !== 0x20 && byte !== 0x09) === BRACE) return "ndjson";
  const count = (sign: number): number => first.reduce((sum, byte) => sum + Number(byte === sign), 0);
  return count(PIPE) > count(COMMA) ? "psv" : "csv";
}
