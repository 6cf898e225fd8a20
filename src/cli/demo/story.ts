/** One command of the story, with how much of its output is worth a reader's time. */
export type Scene = {
  readonly argv: readonly string[];
  /** Which lines to show; the rest is there when the command is pasted. */
  readonly show?: RegExp;
  /** Said after the output. */
  readonly then?: string;
  /** The code the story relies on; any other ends it. */
  readonly exit?: number;
};

export type Step = { readonly title: string; readonly why: string; readonly scenes: readonly Scene[] };

const words = (line: string): readonly string[] => line.split(" ");

const WHEN =
  "when --from hhs-cms --to dhs-ice --purpose immigration-enforcement --origin CA --population unlawfully-present " +
  "--field address --evidence request-1360b --since 2025-06-01 --until 2026-06-30";
const EMERGENCY =
  "decide --from hospital --to state-medicaid --purpose emergency-claim-payment --origin TX --population unlawfully-present --field diagnosis";

const TAKEN = /^(taken in|people)/;
const PLANNED = /^(what-if|plan |permitted|withheld)|^ {11,}/;

/** The first five steps; the sixth needs what the fifth released. */
export const STORY: readonly Step[] = [
  {
    title: "Three states submit",
    why: "California, New Mexico and Texas hand in December 2025. New Mexico's Medicaid ids are Social Security numbers; its header says so.",
    scenes: [
      { argv: ["intake", "incoming/ca-eligible.flf", "incoming/nm-eligible.flf", "incoming/tx-eligible.flf"], show: TAKEN },
      {
        argv: ["intake", "--status", "incoming/status-source.csv", "--name", "dhs-status@2025-12", "--asserter", "dhs-uscis"],
        show: /^taken/,
      },
      ...["ca", "nm", "tx"].map((state) => ({ argv: ["intake", "--aid-codes", `incoming/${state}-aid-codes.csv`], show: /^taken/ })),
    ],
  },
  {
    title: "June 2025: everything is demanded",
    why: "Nothing is permitted, and the paragraphs say why; exit 20 tells a script the same.",
    scenes: [{ argv: ["plan", "requests/everything.yaml", "--on", "2025-06-10"], show: PLANNED, exit: 20 }],
  },
  {
    title: "One question over thirteen months",
    why: "The same question has different answers as policies end, orders take effect, expire and are paused.",
    scenes: [{ argv: words(WHEN) }],
  },
  {
    title: "What January 2026 left open",
    why: "In the plaintiff states six categories of exactly the people whose status somebody other than the recipient proves; never a whole file.",
    scenes: [
      {
        argv: ["plan", "requests/ice.yaml", "--on", "2026-01-07"],
        show: /^(what-if|permitted)|proven/,
        exit: 20,
        then: "From T-MSIS alone nobody: it proves nobody's status.",
      },
      {
        argv: ["plan", "requests/ice-proven.yaml", "--on", "2026-01-07"],
        show: /^(what-if|permitted)|^ {11}(CA|NM|TX)|header/,
        then: "With a status source: the proven people. New Mexico's id is withheld, as it is an SSN. A what-if: it cannot be released.",
      },
      {
        argv: ["plan", "requests/sent-that-week.yaml", "--on", "2026-01-07", "--exact"],
        show: /^(what-if|permitted)|^ {11}(CA|NM|TX)/,
        exit: 20,
        then: "A set like the one really sent that week, everybody's records in it, would not have passed: one unlawful row taints it.",
      },
    ],
  },
  {
    title: "Today: payment, and an oversight release",
    why: "Care is paid for whatever the patient's status, and oversight gets what it may have: planned, sealed, logged before the key is free.",
    scenes: [
      {
        argv: words(EMERGENCY),
        show: /^\d{4}|permits/,
      },
      { argv: ["plan", "requests/oig.yaml", "-o", "oig.plan"], show: PLANNED },
      { argv: ["release", "oig.plan"] },
    ],
  },
];

/** The sixth step, for the package the fifth left. */
export const undoing = (releaseId: string): Step => {
  const folder = `private/packages/${releaseId}`;
  const opening = (into: string): readonly string[] =>
    words(`open ${folder} --receipt ${folder}/receipt.json --identity private/hhs-oig.identity -o ${into}`);
  return {
    title: "Prove and undo",
    why: "The receipt convinces without trusting us; shredding ends every future opening and no past one.",
    scenes: [
      { argv: ["receipt", "verify", `${folder}/receipt.json`], show: /^\d/ },
      { argv: ["receipt", "verify", "flipped.json"], exit: 22, show: /broken|fails|not/, then: "One bit of the receipt flipped: refused." },
      { argv: opening("opened"), show: /ELG00002/ },
      { argv: ["shred", releaseId] },
      {
        argv: opening("opened-again"),
        exit: 20,
        then: "Nobody opens it again. The copy in opened/ is beyond recall; the ledger says who has it.",
      },
    ],
  };
};
