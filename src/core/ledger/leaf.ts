import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import { canonicalJson, canonicalOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, passIf } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Subject } from "../catalog/catalogue.ts";
import type { Band } from "./band.ts";
import type { SignedChange } from "./law-change.ts";
import { SIGNED_CHANGE } from "./law-change.ts";
import type { Rule, Shape } from "./leaf-rule.ts";
import { bands, choice, count, digest, isFields, list, misfits, optional, recipientKey, text, vkey, instant, id } from "./leaf-rule.ts";

/**
 * What each kind of leaf says beside its head. INVARIANT: no personal data, no hash of anything guessable,
 * people only in bands; whatever needs more is in a private document the leaf names by digest.
 */
export type LeafBodies = {
  readonly workspace: { readonly vkey: string; readonly quorum: string };
  readonly "key-registered": { readonly recipient: string; readonly recipientKey: string; readonly recipientKeyId: string };
  readonly "law-proposed": SignedChange;
  readonly law: SignedChange & { readonly proposedIndex?: number };
  readonly submission: {
    readonly dataset: string;
    readonly origin: string;
    readonly submitter: string;
    readonly submissionDigest: string;
    readonly dictionary: string;
    readonly segments: number;
    readonly people: Band;
    /** What is counted where that is not people. */
    readonly about?: Exclude<Subject, "people">;
    readonly replaces?: string;
  };
  readonly "submission-refused": {
    readonly dataset: string;
    readonly origin: string;
    readonly reasons: readonly string[];
    /** Where the file was read to its end: its SHA-256, and of each rule that was broken, how often, in bands. */
    readonly fileDigest?: string;
    readonly broken?: Readonly<Record<string, Band>>;
  };
  readonly request: Asked & { readonly planDigest: string; readonly people: Readonly<Record<string, Band>> };
  readonly denied: Asked & { readonly planDigest: string; readonly reasons: readonly string[] };
  readonly intent: Asked & {
    readonly releaseId: string;
    readonly recipientKeyId: string;
    readonly planDigest: string;
    readonly payloadDigest: string;
    readonly datasetDigests: readonly string[];
    readonly people: Readonly<Record<string, Band>>;
    /** Duties of the recipient, such as `destroy-by P90D`; absent where it owes none. */
    readonly terms?: readonly string[];
  };
  readonly released: { readonly releaseId: string; readonly intentIndex: number };
  readonly "key-opened": { readonly releaseId: string; readonly recipientKeyId: string; readonly intentIndex: number };
  readonly "key-refused": { readonly releaseId: string; readonly reason: string };
  readonly aborted: { readonly releaseId: string; readonly reason: string };
  readonly shredded: { readonly releaseId: string; readonly opened: number; readonly under?: string };
  readonly "data-shredded": { readonly keyId: string; readonly digest: string; readonly what: string; readonly under?: string };
};

/** What was asked of whom under which law: common to request, denied and intent. */
export type Asked = {
  readonly recipient: string;
  readonly purpose: string;
  readonly action: string;
  readonly dataset: string;
  readonly fields: readonly string[];
  readonly sourceDigest: string;
  readonly lawHash: string;
};

export type LeafKind = keyof LeafBodies;

/** What every leaf says first. `simulated` is there, and true, only under a simulated clock. */
export type LeafHead = {
  readonly type: "writ-leaf/1";
  readonly id: string;
  readonly time: string;
  readonly simulated?: true;
  readonly custodian: string;
};

export type LeafOf<K extends LeafKind> = LeafHead & { readonly kind: K } & LeafBodies[K];
export type Leaf = { [K in LeafKind]: LeafOf<K> }[LeafKind];

/** A leaf with its place in the log. */
export type LoggedLeaf = { readonly index: number; readonly leaf: Leaf };

/** The bytes the tree hashes: canonical JSON, no white space. */
export const encodeLeaf = (leaf: Leaf): Uint8Array => utf8(canonicalJson(leaf));

/** Reads an entry. Refuses an unknown kind, a field too many or too few, and any spelling but the canonical one. */
export function parseLeaf(bytes: Uint8Array, file: string): Checked<Leaf> {
  const refuse = (message: string): Checked<never> => fail(problem("E_LEDGER", message, { at: { file } }));
  const found = canonicalOf(bytes);
  if (found === undefined || !isFields(found)) return refuse("the entry is not one object in canonical JSON");
  const { kind } = found;
  if (!isKind(kind)) return refuse("the entry is of no kind this version knows");
  const problems = misfits(found, { ...HEAD, ...BODIES[kind] }).map((what) =>
    problem("E_LEDGER", `${kind} leaf: ${what}`, { at: { file } }),
  );
  return passIf(problems, () => found as unknown as Leaf);
}

/** The id by which the log knows a recipient's key. */
export const recipientKeyIdOf = (sha256: Sha256, recipient: string): string => hex(sha256(utf8(recipient)));

/** The act a leaf records at most once per log or release; undefined for leaves that may recur. */
export function onceKey(leaf: Leaf): string | undefined {
  if (leaf.kind === "workspace") return "workspace";
  // WHY: two who change the law at once would each follow the same entry.
  if (leaf.kind === "law") return `law after ${leaf.previous ?? "none"}`;
  if (leaf.kind === "data-shredded") return `data-shredded ${leaf.keyId}`;
  return leaf.kind === "intent" || leaf.kind === "released" || leaf.kind === "shredded" || leaf.kind === "aborted"
    ? `${leaf.kind} ${leaf.releaseId}`
    : undefined;
}

const ASKED: Shape<Asked> = {
  recipient: text,
  purpose: text,
  action: text,
  dataset: text,
  fields: list(text),
  sourceDigest: digest,
  lawHash: digest,
};

const HEAD: Shape<LeafHead & { readonly kind: string }> = {
  type: choice("writ-leaf/1"),
  kind: text,
  id,
  time: instant,
  simulated: optional({ holds: (value) => value === true, says: "true, or absent" } satisfies Rule),
  custodian: text,
};

const BODIES: { readonly [K in LeafKind]: Shape<LeafBodies[K]> } = {
  workspace: { vkey, quorum: text },
  "key-registered": { recipient: text, recipientKey, recipientKeyId: digest },
  "law-proposed": SIGNED_CHANGE,
  law: { ...SIGNED_CHANGE, proposedIndex: optional(count) },
  submission: {
    dataset: text,
    origin: text,
    submitter: text,
    submissionDigest: digest,
    dictionary: text,
    segments: count,
    people: bands.one,
    about: optional(choice("providers", "plans")),
    replaces: optional(digest),
  },
  "submission-refused": {
    dataset: text,
    origin: text,
    reasons: list(text),
    fileDigest: optional(digest),
    broken: optional(bands.each),
  },
  request: { ...ASKED, planDigest: digest, people: bands.each },
  denied: { ...ASKED, planDigest: digest, reasons: list(text) },
  intent: {
    ...ASKED,
    releaseId: id,
    recipientKeyId: digest,
    planDigest: digest,
    payloadDigest: digest,
    datasetDigests: list(digest),
    people: bands.each,
    terms: optional(list(text)),
  },
  released: { releaseId: id, intentIndex: count },
  "key-opened": { releaseId: id, recipientKeyId: digest, intentIndex: count },
  "key-refused": { releaseId: id, reason: text },
  aborted: { releaseId: id, reason: text },
  shredded: { releaseId: id, opened: count, under: optional(text) },
  "data-shredded": { keyId: id, digest, what: text, under: optional(text) },
};

const isKind = (word: unknown): word is LeafKind => typeof word === "string" && Object.hasOwn(BODIES, word);
