import { main } from "../src/cli/main.ts";

export type Printed = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs one command line in this process and keeps what it printed. */
export async function writ(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Printed> {
  let stdout = "";
  let stderr = "";
  const streams = {
    stdout: { write: (text: string) => void (stdout += text) },
    stderr: { write: (text: string) => void (stderr += text) },
    terminal: false,
    environment,
  };
  const code = await main(args, streams);
  return { code, stdout, stderr };
}
