import type { CivilDate } from "../core/base/civil-date.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { Law } from "../core/law/law.ts";
import type { Grade } from "../core/law/source.ts";
import type { DayView } from "../core/verdict/day-view.ts";
import { dayView } from "../core/verdict/day-view.ts";
import type { Verdict } from "../core/verdict/decide.ts";
import { decide } from "../core/verdict/decide.ts";
import type { SetVerdict } from "../core/verdict/judge-set.ts";
import { judgeSet, parseSetPart } from "../core/verdict/judge-set.ts";
import type { Nearest } from "../core/verdict/nearest.ts";
import { nearestPermitted } from "../core/verdict/nearest.ts";
import { parseRequest, REQUEST_KEYS } from "../core/verdict/request.ts";
import { nearestHint } from "../core/base/nearest.ts";
import { hashOn } from "./law-hashes.ts";

/** A verdict with the law it rests on, and by when that law was known, as every face of writ prints it. */
export type Answer = Verdict & {
  readonly nearest?: Nearest;
  readonly sourceDigest: string;
  readonly lawHash: string;
  readonly known: string;
};

/** What an answer looks for beyond the verdict. WHY `nearest` only when asked for: the search costs many verdicts. */
export type Looking = { readonly nearest?: boolean };

/** Answers many requests under one law; views of a day are made once. */
export type Decider = {
  answer(row: Readonly<Record<string, unknown>>, looking?: Looking): Checked<Answer>;
  /** Judges a set that exists already, one row a kind of row in it; a row that cannot be read is a problem of the whole. */
  set(rows: readonly Readonly<Record<string, unknown>>[]): Checked<SetVerdict>;
};

export function decider(law: Law, admitted: readonly Grade[], today: CivilDate, known: string = today): Decider {
  const days = new Map<CivilDate, { readonly view: DayView; readonly hash: string }>();
  const viewOn = (on: CivilDate): { readonly view: DayView; readonly hash: string } => {
    const known = days.get(on);
    if (known !== undefined) return known;
    const view = dayView(law, on, admitted);
    const made = { view, hash: hashOn(view) };
    days.set(on, made);
    return made;
  };
  return {
    answer(row, looking = {}) {
      const parsed = parseRequest(row, law);
      if (!parsed.ok) return parsed;
      const { request, on } = parsed.value;
      const { view, hash } = viewOn(on ?? today);
      const verdict = decide(view, request);
      const nearest = looking.nearest === true ? nearestPermitted(view, request, verdict) : undefined;
      const nearby = nearest === undefined ? {} : { nearest };
      return pass({ ...verdict, ...nearby, sourceDigest: law.sourceDigest, lawHash: hash, known });
    },
    set(rows) {
      const parts = all(rows.map((row) => parseSetPart(row, law)));
      return parts.ok ? pass(judgeSet((on) => viewOn(on ?? today).view, parts.value)) : parts;
    },
  };
}

/** Keys a batch line may carry that ask nothing: its name, and what somebody expects of it. */
const IGNORED_KEYS: ReadonlySet<string> = new Set(["id", "expected", "confidence", "because", "note"]);

/** Reads the lines of a set, each over what is asked of all of them. INVARIANT: one line that cannot be read refuses the set. */
export function readSet(
  lines: readonly string[],
  asked: Readonly<Record<string, unknown>>,
): Checked<readonly Readonly<Record<string, unknown>>[]> {
  return all(
    lines.map((line, at) => {
      const row = parseLine(line);
      const where = (problems: readonly Problem[]): Checked<never> => ({
        ok: false,
        problems: problems.map((found) => ({ ...found, message: `line ${at + 1}: ${found.message}` })),
      });
      if (!row.ok) return where(row.problems);
      const unknown = Object.keys(row.value).find((key) => !SET_KEYS.includes(key) && !IGNORED_KEYS.has(key));
      if (unknown === undefined) return pass({ ...asked, ...row.value });
      return where([problem("E_REQUEST", `unknown key "${unknown}"`, { hint: nearestHint(unknown, SET_KEYS, "docs/formats/request.md") })]);
    }),
  );
}

const SET_KEYS: readonly string[] = [...REQUEST_KEYS, "held"];

/** Answers one line of a batch; a line that cannot be read is answered with its problem. */
export function answerLine(decide: Decider, line: string): Readonly<Record<string, unknown>> {
  const row = parseLine(line);
  if (!row.ok) return { id: null, problem: row.problems[0] };
  const id = row.value["id"] ?? null;
  const unknown = Object.keys(row.value).find((key) => !IGNORED_KEYS.has(key) && !(REQUEST_KEYS as readonly string[]).includes(key));
  if (unknown !== undefined) {
    return {
      id,
      problem: problem("E_REQUEST", `unknown key "${unknown}"`, { hint: nearestHint(unknown, REQUEST_KEYS, "docs/formats/request.md") }),
    };
  }
  const answer = decide.answer(row.value);
  return answer.ok ? { id, ...answer.value } : { id, problem: answer.problems[0] };
}

function parseLine(line: string): Checked<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return pass(value as Readonly<Record<string, unknown>>);
  } catch {
    // WHY: the parser's own message would repeat the line, which may hold anything.
  }
  return fail(problem("E_REQUEST", "the line is no JSON object", { hint: 'one scenario a line, such as {"from":"hhs-cms",…}' }));
}
