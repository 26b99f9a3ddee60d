import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerEnvironment } from "../../src/server/server-environment.ts";

export interface TestEnvironment extends ServerEnvironment {
  /** What was said, in order. */
  readonly said: readonly string[];
  /** Every signal that was sent, in order. */
  readonly signalled: readonly number[];
  /** Removes the home directory and all in it. */
  remove(): void;
}

/** A home of its own and PATH, and nothing else of the person who runs the tests. */
export function testEnvironment(
  options: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly platform?: string;
    readonly arch?: string;
    readonly signal?: AbortSignal;
  } = {},
): TestEnvironment {
  const home = mkdtempSync(join(tmpdir(), "bd-home-"));
  const said: string[] = [];
  const signalled: number[] = [];
  return {
    env: { HOME: home, PATH: process.env.PATH, DOLT_DISABLE_EVENT_FLUSH: "true", ...options.env },
    home,
    platform: options.platform ?? process.platform,
    arch: options.arch ?? process.arch,
    pid: process.pid,
    say: (line) => said.push(line),
    kill: (pid, signal) => {
      signalled.push(pid);
      process.kill(pid, signal);
    },
    signal: options.signal,
    said,
    signalled,
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
