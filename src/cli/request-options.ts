import { nearestHint } from "../core/base/nearest.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { FACETS } from "../core/law/vocabulary.ts";
import type { Command, OptionValues } from "./command.ts";
import { text } from "./law-room.ts";

/** The flags that describe a request; the facets come from the vocabulary's own list. */
export const REQUEST_OPTIONS: Command["options"] = {
  from: { type: "string" },
  to: { type: "string" },
  purpose: { type: "string" },
  action: { type: "string" },
  origin: { type: "string" },
  population: { type: "string" },
  field: { type: "string" },
  evidence: { type: "string", multiple: true },
  employer: { type: "string", multiple: true },
  "record-system": { type: "string" },
  ...Object.fromEntries(FACETS.map((facet) => [facet, { type: "string" as const }])),
};

/** The flags as a scenario row; several kinds of evidence, or employers, may also be given as one comma-separated value. */
export function requestRow(values: OptionValues): Record<string, unknown> {
  const listed = (key: string): readonly string[] =>
    [values[key] ?? []].flat().flatMap((words) => (typeof words === "string" ? words.split(",") : []));
  const plain = ["from", "to", "purpose", "action", "origin", "population", "field", ...FACETS];
  const said = plain.flatMap((key) => {
    const value = text(values[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  const system = text(values["record-system"]);
  return {
    ...Object.fromEntries(said),
    evidence: listed("evidence"),
    employers: listed("employer"),
    ...(system === undefined ? {} : { recordSystem: system }),
  };
}

export const REQUEST_HELP = `  --from PARTY        who gives the record          --to PARTY          who receives it
  --purpose WORD      what for                      --field CATEGORY    kind of data
  --origin STATE      state that submitted it       --population WORD   default any
  --evidence KIND     may repeat                    --action WORD       disclose (default), view, use
  --employer PARTY    may repeat: whom else the receiving person serves; what bars any of them bars
  --funding WORD  --special WORD  --applicant WORD  --record-system WORD`;

/** Words said in a flag, each one of a list; every other is refused with the nearest known one. */
export function knownWords(said: readonly string[], known: readonly string[], what: string, listedIn: string): readonly string[] {
  const wrong = said.filter((word) => !known.includes(word));
  if (wrong.length === 0) return said;
  throw new ProblemError(
    ...wrong.map((word) => problem("E_WORD", `unknown ${what} "${word}"`, { hint: nearestHint(word, known, listedIn) })),
  );
}
