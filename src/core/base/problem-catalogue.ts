/**
 * Every kind of problem, with the exit code it leads to:
 * 1 could not · 2 input refused · 20 not permitted · 21 a person is needed · 22 proof does not verify ·
 * 23 plan is stale · 24 recall late · 70 bug.
 */
export const PROBLEM_CATALOGUE = {
  E_USAGE: { exit: 2, title: "the command line is not understood" },
  E_WORD: { exit: 2, title: "a word is not in the vocabulary" },
  E_DATE: { exit: 2, title: "a date does not exist or is not written YYYY-MM-DD" },
  E_SHAPE: { exit: 2, title: "a document does not have the form its format asks for" },
  E_LAW: { exit: 2, title: "the law does not load" },
  E_REQUEST: { exit: 2, title: "a request is not well formed" },
  E_EVIDENCE: { exit: 2, title: "evidence is missing, expired or out of scope" },
  E_CATALOGUE: { exit: 2, title: "a catalogue is not well formed" },
  E_LAYOUT: { exit: 2, title: "a file does not have the layout it claims" },
  E_HEADER: { exit: 2, title: "a submission's header is wrong or disagrees with the file" },
  E_DUPLICATE: { exit: 2, title: "this was already taken in" },
  E_RULES: { exit: 2, title: "a submission breaks more rules than the policy allows" },
  E_DATASET: { exit: 2, title: "a dataset is unknown or damaged" },
  E_WORKSPACE: { exit: 2, title: "the folder is no writ workspace, or its settings are wrong" },
  E_PAST_DATE: { exit: 2, title: "a release takes no date but the clock's" },
  E_IO: { exit: 1, title: "a file could not be read or written" },
  E_BUSY: { exit: 1, title: "another writ process holds the lock" },
  E_DURABILITY: { exit: 1, title: "a write could not be made durable" },
  E_NOT_PERMITTED: { exit: 20, title: "the loaded law permits none of it" },
  E_SIGNER: { exit: 2, title: "a signature is nobody's who may sign, or is under another text" },
  E_SIGNATURES: { exit: 21, title: "a change of law lacks a signature" },
  E_WAITING: { exit: 21, title: "a change of law that opens has not waited" },
  E_UNENTERED: { exit: 21, title: "no law is entered that may be released on" },
  E_ALTERED_LAW: { exit: 22, title: "the law is not what was entered" },
  E_REVIEW: { exit: 21, title: "a person must review first" },
  E_PROOF: { exit: 22, title: "a proof does not verify" },
  E_LEDGER: { exit: 22, title: "the ledger does not verify" },
  E_TAMPERED: { exit: 22, title: "a sealed package was altered" },
  E_KEY: { exit: 1, title: "a key is missing, wrong or destroyed" },
  E_SHREDDED: { exit: 20, title: "a key was destroyed for good" },
  E_STALE: { exit: 23, title: "the plan no longer matches law, data, evidence or day" },
  E_INVARIANT: { exit: 2, title: "an invariant of the law does not hold" },
  E_DIAGRAM: { exit: 1, title: "the law is too large for one verdict diagram" },
  E_CHECK: { exit: 70, title: "the compiled extract disagrees with the verdict" },
  E_BUG: { exit: 70, title: "a defect in writ" },
} as const;

export type ProblemCode = keyof typeof PROBLEM_CATALOGUE;
