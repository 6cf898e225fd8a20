import { constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pipe, PlainPipes, StoredFile, WrittenFile } from "../app/ports/data-vault.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { makePipes } from "./named-pipes.ts";
import { DatasetFileWriter } from "./dataset-file-writer.ts";

/** WHY several: starting a program takes longer than making all the pipes of an intake. */
const PIPES_AT_ONCE = 8;

/** Named pipes, mode 0600, in a folder of their own below the system's temporary folder. */
export async function openPlainPipes(): Promise<PlainPipes> {
  const folder = await mkdtemp(join(tmpdir(), "writ-pipe-"));
  let made = 0;
  const spare: string[] = [];
  const make = async (): Promise<string> => {
    if (spare.length === 0) {
      spare.push(...Array.from({ length: PIPES_AT_ONCE }, () => join(folder, String((made += 1)))));
      await makePipes(spare);
    }
    return spare.shift() ?? "";
  };
  return {
    folder,
    encrypted: async (file) => encryptedPipe(await make(), file),
    close: async () => rm(folder, { recursive: true, force: true }),
  };
}

/** WHY opened at once and without waiting: a writer then never waits for us, and our closing ends whatever it does. */
function encryptedPipe(path: string, file: StoredFile): Pipe<WrittenFile> {
  const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
  const state = { broken: false, aborted: false };
  const done = takeAll(socket, file, state);
  done.catch(() => {});
  const abort = (): void => {
    state.aborted = true;
    socket.destroy(new Error("aborted"));
  };
  return {
    path,
    done,
    abort,
    get broken() {
      return state.broken;
    },
  };
}

async function takeAll(socket: Socket, file: StoredFile, state: { broken: boolean; readonly aborted: boolean }): Promise<WrittenFile> {
  const writer = new DatasetFileWriter(file);
  let ended = false;
  try {
    for await (const chunk of socket) writer.feed(chunk as Uint8Array);
    ended = true;
    return writer.finish();
  } catch (error) {
    state.broken = !ended && !state.aborted;
    throw error instanceof ProblemError ? error : new ProblemError(notWritten(error));
  } finally {
    writer.discard();
    socket.destroy();
  }
}

function notWritten(error: unknown): ReturnType<typeof problem> {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  const said = code ?? (error instanceof RangeError ? error.message : "stopped");
  return problem("E_IO", `cannot write an encrypted file: ${said}`, { hint: "check the space left on the disk; nothing was stored" });
}
