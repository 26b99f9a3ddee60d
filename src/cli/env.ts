import { v7 as uuidv7 } from "uuid";
import type { App } from "../app/app.ts";
import type { Machine, Place } from "../ops/caller.ts";
import type { LostDaemon } from "../rpc/lost-daemon.ts";
import type { Attempt } from "../store/session-types.ts";
import type { Terminal } from "./terminal.ts";

/** All that a command line needs of the outside world. */
export interface Env {
  readonly machine: Machine;
  readonly place: Place;
  readonly terminal: Terminal;
  /** The end of the command: Ctrl-C. */
  readonly signal: AbortSignal;
  /** A bd that runs already; else each line opens one for itself. */
  readonly app?: App | undefined;
  /** A daemon that runs the line for somebody else's process. */
  readonly host?: LineHost | undefined;
  /** The daemon that ran this line, and ended in the middle of it. */
  readonly lost?: LostDaemon | undefined;
  /** Why the line did not go through the daemon that is there. */
  readonly direct?: string | undefined;
}

export interface LineHost {
  /** Gives a line back that needs a process of its own, of which nothing was done. The exit code is nobody's. */
  readonly handBack: (why: string) => number;
  /** Hears of each change before it is sent to be committed, which waits for it. */
  readonly onCommitting: (attempt: Attempt) => Promise<void>;
}

/** What only a process knows, as values: `main.ts` takes them from its own, a test gives others. */
export interface ProcessFacts
  extends Omit<Machine, "clock" | "newId" | "timing">,
    Omit<Place, "remotePassword">,
    Omit<Env, "machine" | "place"> {
  /** The name of the user that the process runs as. Throws where the system knows none. */
  readonly login: () => string;
}

/** Secrets of the person's, which no child process is to inherit by accident. */
export const SECRET_VARIABLES = ["DOLT_REMOTE_PASSWORD"] as const;

/** The one way to make an `Env`: real time, real ids, and an environment without secrets. */
export function makeEnv({
  signal,
  terminal,
  app,
  host,
  lost,
  direct,
  login,
  cwd,
  home,
  zone,
  env: variables,
  ...facts
}: ProcessFacts): Env {
  const { DOLT_REMOTE_PASSWORD: remotePassword, ...env } = variables;
  return {
    machine: {
      ...facts,
      clock: () => new Date(),
      newId: () => uuidv7(),
      timing: { now: () => performance.now(), sleep, random: Math.random },
    },
    place: { cwd, home, zone, remotePassword, env: withUser(env, facts.platform, login) },
    signal,
    terminal,
    app,
    host,
    lost,
    direct,
  };
}

/** Containers and cron jobs have no USER; without the system's word, everybody there would be called `unknown`. */
function withUser(env: Place["env"], platform: string, login: () => string): Place["env"] {
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
