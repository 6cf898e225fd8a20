import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { errorCode } from "./disk.ts";

/** A process so named that no later process is mistaken for it. */
export type ProcessIdentity = {
  /** The machine, and on Linux the container: process ids of another one say nothing here. */
  readonly host: string;
  /** Which start of the machine; empty where that is not known. */
  readonly boot: string;
  readonly pid: number;
  /** When the process began, as the system tells it. */
  readonly started: string;
};

export function thisProcess(): ProcessIdentity {
  return { ...here(), pid: process.pid, started: startOf(process.pid) ?? "" };
}

/** Whether the process may still run. Says yes whenever it cannot tell: a lock is broken only for a process known to be gone. */
export function mayRun(owner: ProcessIdentity): boolean {
  const { host, boot } = here();
  if (owner.host.split(" ")[0] === host.split(" ")[0] && owner.boot !== boot) return false;
  if (owner.host !== host) return true;
  return startOf(owner.pid) === owner.started;
}

function here(): { readonly host: string; readonly boot: string } {
  const boot = textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  return { host: `${hostname()} ${textOf(() => readlinkSync("/proc/self/ns/pid"))}`.trim(), boot };
}

/** Undefined when there is no such process, or only its remains wait to be collected. */
function startOf(pid: number): string | undefined {
  if (process.platform === "linux") return startOnLinux(pid);
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    return line.trim().startsWith("Z") ? undefined : line.trim().replace(/^\S+\s+/, "");
  } catch {
    return isSignalled(pid) ? "unknown" : undefined;
  }
}

/** Fields after the name in parentheses: state first, start time the twentieth. */
function startOnLinux(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return isSignalled(pid) ? "unknown" : undefined;
  }
}

function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
