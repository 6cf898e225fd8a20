import type { Command } from "./command.ts";

/** The rooms of `writ help --all`, in the order shown. */
export const GROUPS = ["Rules", "Decide", "Data", "Disclose", "Prove", "Undo", "People", "Run"] as const;
export type Group = (typeof GROUPS)[number];

export type Entry = {
  readonly summary: string;
  readonly group: Group;
  /** Brings in the command's module. INVARIANT: nothing is loaded before its command is asked for. */
  readonly load: () => Promise<{ readonly command: Command }>;
};

/** The words `writ --help` opens with, each shown only when a command answers to it. */
export const VERBS = ["init", "intake", "decide", "plan", "release", "verify", "recall", "law"] as const;

/** What a first word of several commands stands for, such as `law` of `law check` and `law show`. */
export const FAMILIES: Readonly<Record<string, string>> = {
  law: "read, check and show the law",
  dataset: "list, show, profile, generate and shred datasets",
  receipt: "show and verify receipts",
  log: "start, show and verify the ledger",
  evidence: "keep the documents a request rests on",
  recipient: "keep the keys of recipients",
  recall: "call back what was sent",
  copies: "follow the copies of what was sent",
  witness: "sign checkpoints for others",
  key: "make, show and rotate keys",
};

/** Every command by its full name. One line each; the order within a group is the order shown. */
export const REGISTRY: Readonly<Record<string, Entry>> = {
  "law check": { summary: "validate the law and run its tables", group: "Rules", load: () => import("./commands/law-check.ts") },
  "law show": {
    summary: "list the instruments, or print one in plain words",
    group: "Rules",
    load: () => import("./commands/law-show.ts"),
  },
  "law new": { summary: "begin an instrument from a template with blanks", group: "Rules", load: () => import("./commands/law-new.ts") },
  "law fmt": { summary: "give law files their one form", group: "Rules", load: () => import("./commands/law-fmt.ts") },
  "law html": {
    summary: "write the law as pages to read, print and publish",
    group: "Rules",
    load: () => import("./commands/law-html.ts"),
  },
  "law schema": {
    summary: "the JSON Schema of front matter, for editors",
    group: "Rules",
    load: () => import("./commands/law-schema.ts"),
  },
  "law docket": { summary: "the days on which the law in force changed", group: "Rules", load: () => import("./commands/law-docket.ts") },
  "law enter": { summary: "enter law into use, signed and logged", group: "Rules", load: () => import("./commands/law-enter.ts") },
  "law review": { summary: "read a rule beside its echo, and sign for it", group: "Rules", load: () => import("./commands/law-review.ts") },
  "law replay": { summary: "make a recorded decision again", group: "Rules", load: () => import("./commands/law-replay.ts") },
  "law sign": { summary: "read a change of law and sign it", group: "Rules", load: () => import("./commands/law-sign.ts") },
  "law diff": {
    summary: "what one law does that another does not, before it does it",
    group: "Rules",
    load: () => import("./commands/law-diff.ts"),
  },
  "law reach": {
    summary: "chains of permitted steps that end where a bar protects",
    group: "Rules",
    load: () => import("./commands/law-reach.ts"),
  },
  decide: { summary: "may this record go there, for that, on that day?", group: "Decide", load: () => import("./commands/decide.ts") },
  when: { summary: "one question over a span of days", group: "Decide", load: () => import("./commands/when.ts") },
  matrix: { summary: "states down, kinds of data across, on one day", group: "Decide", load: () => import("./commands/matrix.ts") },
  init: { summary: "make a workspace", group: "Run", load: () => import("./commands/init.ts") },
  intake: { summary: "take submissions, tables and sidecars in", group: "Data", load: () => import("./commands/intake.ts") },
  "dataset list": { summary: "list what was taken in", group: "Data", load: () => import("./commands/dataset-list.ts") },
  "dataset show": {
    summary: "show a month's submissions and row classes",
    group: "Data",
    load: () => import("./commands/dataset-show.ts"),
  },
  "dataset profile": {
    summary: "draft a catalogue from a table of your own",
    group: "Data",
    load: () => import("./commands/dataset-profile.ts"),
  },
  "dataset generate": {
    summary: "write T-MSIS files of people who do not exist",
    group: "Data",
    load: () => import("./commands/dataset-generate.ts"),
  },
  plan: { summary: "what a request gets, what it does not, and why", group: "Disclose", load: () => import("./commands/plan.ts") },
  release: { summary: "do exactly what a plan says, sealed and logged", group: "Disclose", load: () => import("./commands/release.ts") },
  open: { summary: "open a sealed package for its recipient", group: "Disclose", load: () => import("./commands/open.ts") },
  "receipt verify": {
    summary: "verify a receipt offline, step by step",
    group: "Disclose",
    load: () => import("./commands/receipt-verify.ts"),
  },
  verify: { summary: "verify a receipt offline, step by step", group: "Prove", load: () => import("./commands/verify.ts") },
  "receipt show": { summary: "print what a receipt says", group: "Disclose", load: () => import("./commands/receipt-show.ts") },
  "log show": { summary: "print the ledger's entries", group: "Prove", load: () => import("./commands/log-show.ts") },
  "log verify": { summary: "recompute the ledger from its entries up", group: "Prove", load: () => import("./commands/log-verify.ts") },
  shred: { summary: "destroy the key of one package, and log it", group: "Undo", load: () => import("./commands/shred.ts") },
  "dataset shred": {
    summary: "destroy the key of one submission or sidecar, and log it",
    group: "Undo",
    load: () => import("./commands/dataset-shred.ts"),
  },
  demo: { summary: "the whole story in six short steps", group: "Run", load: () => import("./commands/demo.ts") },
  "key sign": {
    summary: "sign a status source, an aid-code map or handles",
    group: "Run",
    load: () => import("./commands/key-sign.ts"),
  },
  "key new": { summary: "make a recipient's or a signer's key pair", group: "Run", load: () => import("./commands/key-new.ts") },
  doctor: { summary: "look whether writ can work here", group: "Run", load: () => import("./commands/doctor.ts") },
  completion: { summary: "print a completion script for bash or zsh", group: "Run", load: () => import("./commands/completion.ts") },
  version: { summary: "print the version", group: "Run", load: () => import("./commands/version.ts") },
};
