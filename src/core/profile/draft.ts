import type { ElementType, DateForm, TableEncoding } from "../catalog/catalogue.ts";
import { DATE_FORMS } from "../catalog/catalogue.ts";
import type { ColumnTally } from "./column-tally.ts";
import { distinctBand, shareOf } from "./column-tally.ts";
import type { FileProfile } from "./file-profile.ts";
import type { ColumnGuess } from "./guess.ts";
import { guessColumn } from "./guess.ts";
import type { NameClues, NameGuess } from "./name-clue.ts";
import { guessByName, wordsOf } from "./name-clue.ts";

/** One column as it is drafted. */
export type DraftColumn = ColumnGuess & {
  readonly name: string;
  readonly type: ElementType;
  readonly written?: DateForm;
  /** What its values are, in a word or two. */
  readonly kind: string;
  /** Such as `97 %`. */
  readonly filled: string;
  /** How many different values, as a band. */
  readonly distinct: string;
};

/** A catalogue that nobody has confirmed yet. */
export type Draft = {
  readonly dataset: string;
  readonly encoding: TableEncoding;
  readonly rows: number;
  readonly malformed: number;
  readonly passedOver: number;
  /** The column that may name the person. */
  readonly person?: string;
  readonly resource?: string;
  readonly columns: readonly DraftColumn[];
};

export function draftOf(dataset: string, profile: FileProfile, clues: NameClues): Draft {
  const context = wordsOf(profile.resource ?? "");
  const named = profile.columns.map(({ name }) => guessByName(name, context, clues));
  const columns = profile.columns.map(({ name, tally }, at) => draftColumn(name, tally, profile.rows, named[at]));
  const person = personColumn(profile, named);
  const { encoding, rows, malformed, passedOver = 0, resource } = profile;
  return {
    dataset,
    encoding,
    rows,
    malformed,
    passedOver,
    columns,
    ...(person === undefined ? {} : { person }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function draftColumn(name: string, tally: ColumnTally, rows: number, named: NameGuess | undefined): DraftColumn {
  const guess = guessColumn(named, tally);
  return { name, ...guess, ...typeOf(tally, guess.category), filled: shareText(tally.filled, rows), distinct: distinctBand(tally) };
}

/** Categories whose numbers are quantities; other numbers are names of something and stay text. */
const QUANTITIES = new Set(["financial", "income"]);

/** WHY only where every value has it: a value that does not fit its type costs its whole record at intake. */
function typeOf(tally: ColumnTally, category: string): Pick<DraftColumn, "type" | "written" | "kind"> {
  if (tally.filled === 0) return { type: "text", kind: "empty" };
  const form = DATE_FORMS.find((one) => shareOf(tally, one) === 1);
  if (form !== undefined) return { type: "date", kind: `dates ${form}`, ...(form === DATE_FORMS[0] ? {} : { written: form }) };
  const [whole, amounts] = [shareOf(tally, "integer"), shareOf(tally, "amount")];
  if (whole === 1) return { type: QUANTITIES.has(category) ? "integer" : "text", kind: "whole numbers" };
  if (whole + amounts === 1) return { type: QUANTITIES.has(category) ? "cents" : "text", kind: "amounts" };
  return { type: "text", kind: shareOf(tally, "text") >= 0.3 ? "sentences" : "text" };
}

function shareText(filled: number, rows: number): string {
  if (rows === 0 || filled === 0) return "0 %";
  // WHY not rounded up: 100 % says that none is missing, which a person's column needs.
  return filled < rows / 100 ? "under 1 %" : `${Math.floor((100 * filled) / rows)} %`;
}

/** Of the columns that may name the person, one that is always there, by a strong clue if there is one. */
function personColumn({ columns, rows }: FileProfile, named: readonly (NameGuess | undefined)[]): string | undefined {
  const able = columns.flatMap(({ name, tally }, at) => {
    const clue = named[at];
    return clue?.person === true && rows > 0 && tally.filled === rows ? [{ name, strong: clue.strong }] : [];
  });
  return (able.find(({ strong }) => strong) ?? able[0])?.name;
}
