import type { ParseArgsConfig } from "node:util";

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command may write to: data on stdout, talk on stderr. */
export type Output = {
  readonly json: boolean;
  /** Whether stderr is a terminal, so that progress may be drawn. */
  readonly interactive: boolean;
  /** One piece of data; a line end is added where it is missing. */
  data(text: string): void;
  /** One line for the person at the keyboard. */
  talk(text: string): void;
  /** Redraws one passing line on the terminal; absent where there is none. An empty text wipes it. */
  readonly draw?: (text: string) => void;
};

export type CommandInput = {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
  readonly out: Output;
};

/** One command of the line. `run` returns the exit code; it throws ProblemError for refusals. */
export type Command = {
  /** As typed, such as `law check`. */
  readonly name: string;
  readonly summary: string;
  /** The whole help text: usage first, then options, then lines to paste. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** What follows the options: `FILE` must be there, `[DIR]` may, `PATH...` may repeat. Left out, the command judges for itself. */
  readonly operands?: readonly string[];
  run(input: CommandInput): Promise<number>;
};
