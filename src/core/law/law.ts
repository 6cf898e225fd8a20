import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import type { Json } from "../base/canonical-json.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { CivilDate } from "../base/civil-date.ts";
import type { Place } from "../base/problem.ts";
import type { Atom } from "./atom.ts";
import type { Condition } from "./condition.ts";
import type { Duty } from "./duties.ts";
import type { Instrument } from "./instrument.ts";
import type { TextTable } from "./markdown.ts";
import type { Grade, SourceFile } from "./source.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { WholeTerms } from "./whole-terms.ts";

/** One Cedar policy of an instrument. */
export type Rule = {
  /** `<instrument id>#<rule id>`. */
  readonly name: string;
  readonly instrument: string;
  readonly regime: string;
  /** Regimes whose need its permits satisfy: its own and those its instrument discharges. */
  readonly satisfies: readonly string[];
  readonly effect: "permit" | "forbid";
  /** The bar this rule takes effect from, where its condition holds. */
  readonly defeats?: string;
  /** Neither bars nor permits a disclosure: where it holds, nobody may be punished for refusing. Written as `forbid`. */
  readonly protects?: "refusal";
  /** What the recipient owes where this permit opens. */
  readonly duties?: readonly Duty[];
  /** What an extract must be as a whole for this permit to count in it. */
  readonly whole?: WholeTerms;
  /** The only days it counts on, of those on which its instrument is in force. */
  readonly during?: { readonly from: CivilDate; readonly to?: CivilDate };
  readonly cite: string;
  readonly pinpoint?: string;
  readonly mask?: string;
  readonly interpretation?: string;
  readonly grade: Grade;
  readonly condition: Condition;
  readonly text: string;
  readonly at: Place;
};

/** A body of law that must be satisfied on its own. */
export type Regime = {
  readonly id: string;
  readonly title: string;
  readonly needs: "permit" | "bars-only";
  readonly cites: readonly string[];
  readonly applies: Condition;
};

/** For each dimension's word, the indexes of the atoms that hold for it. */
export type Settled = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** Loaded law: plain data, so that it can be cached and carried to another process or a browser. */
export type Law = {
  readonly vocabulary: Vocabulary;
  readonly regimes: readonly Regime[];
  readonly instruments: readonly Instrument[];
  readonly rules: readonly Rule[];
  readonly atoms: readonly Atom[];
  readonly settled: Settled;
  readonly tables: readonly { readonly instrument: string; readonly path: string; readonly table: TextTable }[];
  /** Rules, and instruments without any, that bear a valid review; absent where nobody looked. */
  readonly reviewed?: readonly string[];
  /** SHA-256 over every source file and the versions of the engines. */
  readonly sourceDigest: string;
};

/** Changes when the way law is compiled changes, so that no cache outlives its compiler. */
export const ENGINE_VERSION = "writ-law/2";

/** The list of all law by its bytes: every file's digest, Cedar's version and this engine's. Its own digest names the law. */
export function lawManifest(files: readonly SourceFile[], judgeVersion: string, sha256: Sha256): Uint8Array {
  const digests: Json = Object.fromEntries(files.map((file) => [file.path, hex(sha256(utf8(file.text)))]));
  return utf8(canonicalJson({ engine: ENGINE_VERSION, cedar: judgeVersion, files: digests }));
}

/** Names all law: the digest of its manifest. */
export const sourceDigest = (files: readonly SourceFile[], judgeVersion: string, sha256: Sha256): string =>
  hex(sha256(lawManifest(files, judgeVersion, sha256)));

/** A condition with its atoms written out, so that it means the same beside other law. */
export function conditionJson(law: Law, condition: Condition): Json {
  if (condition.kind === "atom") return law.atoms[condition.atom] as unknown as Json;
  if (condition.kind === "not") return { not: conditionJson(law, condition.arg) };
  return condition.kind === "and" || condition.kind === "or"
    ? { [condition.kind]: condition.args.map((arg) => conditionJson(law, arg)) }
    : condition.kind;
}
