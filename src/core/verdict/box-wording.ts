import type { RowClass } from "../catalog/row-class.ts";
import type { Vocabulary, Word } from "../law/vocabulary.ts";
import { ancestorsIn } from "../law/vocabulary.ts";
import type { Box } from "./diagram-box.ts";
import type { PointVerdict } from "./diagram.ts";
import { wordsOf } from "./diagram.ts";

type BoxDimension = keyof Box["words"];

const MOST_WORDS = 6;

/** A box in plain words: `address, phone of CA, for refugee: hhs-cms → dhs and all under it, disclose for removal; with letter`. */
export function boxText(box: Pick<Box, "words" | "evidence">, vocabulary: Vocabulary): string {
  const say = (dimension: BoxDimension): string => listText(box.words[dimension], dimension, vocabulary);
  const facets = (["population", "funding", "special", "applicant", "system"] as const)
    .filter((dimension) => box.words[dimension] !== undefined)
    .map((dimension) => `${dimension} ${say(dimension)}`);
  const { present, absent } = box.evidence;
  const evidence = [...present.map((kind) => `with ${kind}`), ...absent.map((kind) => `without ${kind}`)];
  const about = facets.length === 0 ? "" : ` (${facets.join("; ")})`;
  const shown = evidence.length === 0 ? "" : `, ${evidence.join(", ")}`;
  return `${say("field")} of ${say("origin")}${about}: ${say("discloser")} → ${say("recipient")}, ${say("action")} for ${say("purpose")}${shown}`;
}

/** The smallest box around several: every change lies in it, and much of it may be unchanged. */
export function hullOf(boxes: readonly Box[]): Pick<Box, "words" | "evidence"> {
  const dimensions = Object.keys(boxes[0]?.words ?? {}) as BoxDimension[];
  const bound = dimensions.filter((dimension) => boxes.every(({ words }) => words[dimension] !== undefined));
  const words = bound.map((dimension) => [dimension, [...new Set(boxes.flatMap((box) => box.words[dimension] ?? []))].sort()]);
  const inAll = (side: "present" | "absent"): readonly string[] =>
    (boxes[0]?.evidence[side] ?? []).filter((kind) => boxes.every(({ evidence }) => evidence[side].includes(kind)));
  return { words: Object.fromEntries(words) as Box["words"], evidence: { present: inAll("present"), absent: inAll("absent") } };
}

export const verdictText = ({ outcome, mask }: PointVerdict): string =>
  outcome === "masked" ? `masked (${mask})` : outcome === "no-authority" ? "no authority" : outcome;

function listText(words: readonly string[] | undefined, dimension: BoxDimension, vocabulary: Vocabulary): string {
  if (words === undefined) return dimension === "field" ? "anything" : dimension === "origin" ? "any state" : "any";
  const all = wordsOf(vocabulary, dimension);
  const missing = all.filter((word) => !words.includes(word));
  if (missing.length === 0) return "any";
  const branch = branchOf(words, dimension, vocabulary);
  if (branch !== undefined) return `${branch} and all under it`;
  if (missing.length <= 3 && missing.length < words.length) return `any but ${missing.join(", ")}`;
  return words.length <= MOST_WORDS ? words.join(", ") : `${words.slice(0, MOST_WORDS).join(", ")} and ${words.length - MOST_WORDS} more`;
}

/** The word that stands, with all below it, for just these words. */
function branchOf(words: readonly string[], dimension: BoxDimension, vocabulary: Vocabulary): string | undefined {
  if (words.length < 2) return undefined;
  const tree: readonly Word[] =
    dimension === "discloser" || dimension === "recipient"
      ? vocabulary.parties
      : dimension === "purpose"
        ? vocabulary.purposes
        : dimension === "field"
          ? vocabulary.fields
          : [];
  const inSpace = new Set(wordsOf(vocabulary, dimension));
  return words.find((root) => {
    const below = tree.filter(({ id }) => inSpace.has(id) && ancestorsIn(tree, id).has(root));
    return below.length === words.length && below.every(({ id }) => words.includes(id));
  });
}

/** People some of whose records may lie in the box: never fewer than there are, since somebody of whom little is known may be any of several. */
export function peopleIn(box: Box, classes: readonly RowClass[]): number {
  const may = (dimension: BoxDimension, leaves: readonly string[]): boolean =>
    box.words[dimension]?.some((word) => leaves.includes(word)) ?? true;
  return classes
    .filter(
      ({ facets }) =>
        may("origin", [facets.origin]) &&
        may("population", facets.population) &&
        may("funding", facets.funding) &&
        may("applicant", facets.applicant),
    )
    .reduce((sum, { people }) => sum + people, 0);
}
