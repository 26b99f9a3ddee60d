import { v7 as uuidv7 } from "uuid";
import type { Machine } from "../ops/context.ts";
import type { Host } from "../ops/open-context.ts";
import type { Terminal } from "./terminal.ts";

/** All that the command line needs of the outside world. */
export interface Env
  extends Omit<
    Host,
    "files" | "progress" | "note" | "detail" | "confirm" | "readonly" | "directory" | "database" | "actor" | "session"
  > {
  readonly terminal: Terminal;
}

/** What only a process knows, as values: `main.ts` takes them from its own, a test gives others. */
export interface ProcessFacts extends Omit<Machine, "remotePassword"> {
  /** The name of the user that the process runs as. Throws where the system knows none. */
  readonly login: () => string;
  /** The end of the command: Ctrl-C. */
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

/** Secrets of the person's, which no child process is to inherit by accident. */
export const SECRET_VARIABLES = ["DOLT_REMOTE_PASSWORD"] as const;

/** The one way to make an `Env`: real time, real ids, and an environment without secrets. */
export function makeEnv({ signal, terminal, login, ...machine }: ProcessFacts): Env {
  const { DOLT_REMOTE_PASSWORD: remotePassword, ...env } = machine.env;
  return {
    machine: { ...machine, env: withUser(env, machine.platform, login), remotePassword },
    clock: () => new Date(),
    newId: () => uuidv7(),
    timing: { now: () => performance.now(), sleep, random: Math.random },
    signal,
    terminal,
  };
}

/** Containers and cron jobs have no USER; without the system's word, everybody there would be called `unknown`. */
function withUser(env: Machine["env"], platform: string, login: () => string): Machine["env"] {
  if (env["USER"] || platform === "win32") return env;
  try {
    return { ...env, USER: login() };
  } catch {
    return env;
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
