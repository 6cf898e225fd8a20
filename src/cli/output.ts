import type { Output } from "./command.ts";

/** The three things the line needs of a process; tests pass their own. */
export type Streams = {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Whether a passing line may be drawn on stderr. */
  readonly terminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const WIPE_LINE = "\r\u001B[2K";

/** Data to stdout, talk to stderr, each text a whole line. A drawn line is wiped before anything else is written. */
export function outputTo(streams: Streams, json: boolean): Output & { readonly wroteData: () => boolean } {
  let wrote = false;
  let drawn = false;
  const draw = (text: string): void => {
    if (text === "" && !drawn) return;
    streams.stderr.write(`${WIPE_LINE}${text}`);
    drawn = text !== "";
  };
  const line = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);
  return {
    json,
    interactive: streams.terminal,
    data(text): void {
      draw("");
      wrote = true;
      streams.stdout.write(line(text));
    },
    talk(text): void {
      draw("");
      streams.stderr.write(line(text));
    },
    ...(streams.terminal ? { draw } : {}),
    wroteData: () => wrote,
  };
}

/**
 * The streams of this process.
 * WHY: a reader that goes away (`writ matrix | head`) must not end a release half-way, so a broken pipe
 * drops what is still to be printed and lets the command finish with its own exit code.
 */
export function processStreams(): Streams {
  const forgiving = (stream: NodeJS.WriteStream): { write(text: string): unknown } => {
    let broken = false;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      broken = true;
    });
    return { write: (text) => (broken ? undefined : stream.write(text)) };
  };
  return {
    stdout: forgiving(process.stdout),
    stderr: forgiving(process.stderr),
    terminal: process.stderr.isTTY && process.env["TERM"] !== "dumb",
    environment: process.env,
  };
}
