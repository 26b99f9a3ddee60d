import { execFile } from "node:child_process";
import type { ServerEnvironment } from "./server-environment.ts";
import { interrupted, systemErrorCode } from "./system-error.ts";

export interface ToolCall {
  readonly path: string;
  readonly args: readonly string[];
  /** The whole environment of the tool; by default that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly timeoutMs?: number | undefined;
  /** Its standard input; empty by default. */
  readonly stdin?: string | undefined;
}

export type ToolResult =
  | {
      readonly kind: "ended";
      /** Undefined when a signal or the timeout ended it. */
      readonly exitCode: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** It could not be started; `reason` is a system error code such as `ENOENT`. */
  | { readonly kind: "unrunnable"; readonly reason: string };

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end. Throws only when Ctrl-C ends the wait (kind `interrupted`). */
export async function runTool(environment: ServerEnvironment, call: ToolCall): Promise<ToolResult> {
  environment.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...(call.env ?? environment.env) },
      timeout: call.timeoutMs ?? 0,
      signal: environment.signal,
      maxBuffer: MAX_OUTPUT_BYTES,
    };
    const child = execFile(call.path, call.args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: "ended", exitCode: 0, stdout, stderr });
      else if (error.name === "AbortError") reject(interrupted(`${call.path} was running`));
      else if (typeof error.code === "string") resolve({ kind: "unrunnable", reason: systemErrorCode(error) ?? "?" });
      else resolve({ kind: "ended", exitCode: error.code ?? undefined, stdout, stderr });
    });
    // A tool that ends without reading is told nothing; how it ended says enough.
    child.stdin?.on("error", () => {});
    child.stdin?.end(call.stdin ?? "");
  });
}

/** The last non-empty lines of a tool's output, for an error message. */
export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
}
