import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

/** A program to run. */
export interface Program {
  /** Default: this Node, and `args` begin with its script. */
  readonly executable?: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

const PROBE = join(import.meta.dirname, "usage-probe.cjs");

function failure(program: Program, code: number | null, stderr: string): Error {
  return new Error(`exit ${code} of node ${program.args.join(" ")}\n${stderr.trim()}`);
}

/** Whole-process wall time in ms. Output goes to /dev/null; a failing program throws. */
export async function timeOnce(program: Program): Promise<number> {
  const start = performance.now();
  const { executable = process.execPath } = program;
  const child = spawn(executable, program.args, { ...program, stdio: ["ignore", "ignore", "pipe"] });
  const stderr = text(child.stderr);
  const [code] = await once(child, "exit");
  const elapsed = performance.now() - start;
  if (code !== 0) throw failure(program, code, await stderr);
  return elapsed;
}

/** CPU and peak memory of one run of its own, because the probe would cost time in a timed one. */
export async function usageOnce(program: Program): Promise<Usage> {
  const args = ["--require", PROBE, ...program.args];
  const child = spawn(process.execPath, args, { ...program, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const { stderr: errors, stdio } = child;
  const report = stdio[3];
  if (errors === null || !(report instanceof Readable)) throw new Error("no pipe for the usage");
  const [usage, stderr, [code]] = await Promise.all([text(report), text(errors), once(child, "close")]);
  if (code !== 0) throw failure(program, code, stderr);
  const { cpuMicros, peakKb } = JSON.parse(usage);
  return { cpuMs: cpuMicros / 1000, peakMb: peakKb / 1024 };
}

/** Milliseconds of CPU that a process has used; Linux only. */
export async function cpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
