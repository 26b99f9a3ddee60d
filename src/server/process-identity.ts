import { readFile } from "node:fs/promises";
import { runTool } from "../host/child-process.ts";
import type { ServerEnvironment } from "./server-environment.ts";

/** Tells a process from a later one that got the same pid. */
export interface ProcessIdentity {
  /** When it started, in the words of the operating system: only good for comparing. */
  readonly startedAt: string;
  /** Its arguments, joined by spaces. */
  readonly commandLine: string;
}

/** Returns undefined when no such process runs; one that has ended and only waits for its parent does not count. */
export async function inspectProcess(
  environment: ServerEnvironment,
  pid: number,
): Promise<ProcessIdentity | undefined> {
  return environment.platform === "linux" ? inspectByProc(pid) : inspectByPs(environment, pid);
}

async function inspectByProc(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    return parseProcStat(stat, commandLine);
  } catch {
    return undefined; // ended before or while we read
  }
}

/** Exported for tests. `stat` and `cmdline` as in proc(5). */
export function parseProcStat(stat: string, commandLine: string): ProcessIdentity | undefined {
  // The second field is the program's name in parentheses, and a name may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const startTicks = fields[19];
  if (startTicks === undefined || state === "Z" || state === "X") return undefined;
  return { startedAt: startTicks, commandLine: commandLine.replaceAll("\0", " ").trim() };
}

async function inspectByPs(environment: ServerEnvironment, pid: number): Promise<ProcessIdentity | undefined> {
  const result = await runTool(environment, {
    path: "ps",
    args: ["-ww", "-o", "stat=,lstart=,command=", "-p", String(pid)],
    env: { LC_ALL: "C", TZ: "UTC" },
  });
  return result.kind === "ended" && result.exitCode === 0 ? parsePsLine(result.stdout) : undefined;
}

/** Exported for tests: `Ss   Sat Nov 21 08:44:45 2026 /path/to/program arguments`. */
export function parsePsLine(line: string): ProcessIdentity | undefined {
  const parts = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\d{4})\s+(.*)$/su.exec(line);
  const [, state, startedAt, commandLine] = parts ?? [];
  if (state === undefined || startedAt === undefined || commandLine === undefined) return undefined;
  if (state.startsWith("Z")) return undefined;
  return { startedAt: startedAt.replaceAll(/\s+/gu, " "), commandLine: commandLine.trim() };
}
