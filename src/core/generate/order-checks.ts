import { nearestHint } from "../base/nearest.ts";
import type { Catalogue } from "../catalog/catalogue.ts";
import { MOST_PEOPLE } from "./fictitious.ts";
import { FILE_KINDS, isFileKind } from "./file-kind.ts";
import type { CountedOrder, GenerationOrder, PlannedFile } from "./plan.ts";
import type { StatePopulation } from "./state-population.ts";

/** Takes one thing wrong with an order, and what would be right. */
export type Refuse = (message: string, hint: string) => number;

const TRANSACTIONS: ReadonlySet<string> = new Set(["C", "R", "U"]);
const DICTIONARY = "2.4";

export function plannedFiles({ files }: GenerationOrder, catalogues: readonly Catalogue[], refuse: Refuse): readonly PlannedFile[] {
  const words = files.includes("all") ? FILE_KINDS : files;
  if (new Set(words).size !== words.length) refuse("a file is named twice", "name each file once");
  if (words.length === 0) refuse("no file is named", `the files are ${FILE_KINDS.join(", ")}, or all`);
  return words.flatMap((kind) => {
    if (!isFileKind(kind)) {
      refuse(`"${kind}" is not a file`, nearestHint(kind, FILE_KINDS, "writ dataset generate --help"));
      return [];
    }
    const catalogue = catalogues.find(({ dataset, version }) => dataset === `tmsis/${kind}` && version === DICTIONARY);
    if (catalogue === undefined) refuse(`there is no catalogue of tmsis/${kind} ${DICTIONARY}`, "install writ again");
    return catalogue === undefined ? [] : [{ kind, catalogue }];
  });
}

export function checkStates({ states, ssnStates }: GenerationOrder, populations: readonly StatePopulation[], refuse: Refuse): void {
  const known = populations.map(({ state }) => state);
  for (const word of states)
    if (!known.includes(word)) refuse(`"${word}" is not a state`, nearestHint(word, known, "catalog/tmsis/population.csv"));
  if (new Set(states).size !== states.length) refuse("a state is named twice", "name each state once");
  for (const word of ssnStates)
    if (!states.includes(word)) refuse(`"${word}" is not among the states`, `the states are ${states.join(",")}`);
}

export function checkSegments({ segments }: GenerationOrder, files: readonly PlannedFile[], refuse: Refuse): void {
  const known = files.flatMap(({ catalogue }) => catalogue.segments.map(({ id }) => id));
  for (const word of segments)
    if (!known.includes(word)) refuse(`"${word}" is not a segment`, nearestHint(word, known, "catalog/tmsis, and --files"));
}

export function checkForm({ encoding, lineEnd, transaction }: GenerationOrder, refuse: Refuse): void {
  if (encoding !== "FLF" && encoding !== "PSV") refuse(`"${encoding}" is not an encoding`, "write FLF or PSV");
  if (lineEnd !== "LF" && lineEnd !== "CRLF") refuse(`"${lineEnd}" is not a line end`, "write LF or CRLF");
  if (!TRANSACTIONS.has(transaction)) refuse(`"${transaction}" is not a transaction`, "write C, R or U");
}

export function checkNumbers({ people, states, sequence, transaction }: CountedOrder, refuse: Refuse): void {
  const most = MOST_PEOPLE;
  if (states.length === 0) refuse("no state is named", "name states by postal code, such as CA,NM");
  if (!Number.isSafeInteger(people) || people < states.length * 4 || people > most) {
    refuse("the number of people is out of range", `at least four a state, at most ${most}`);
  }
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 9999) refuse("the sequence number is out of range", "1 to 9999");
  if ((transaction === "C") !== (sequence === 1))
    refuse("a create has sequence 1, a replace or update 2 or more", "set --transaction and --sequence together");
}
