import { openGitIdentities } from "../config/git-identities.ts";
import type { SettingFiles } from "../config/settings/setting-files.ts";
import type { Caller, Machine } from "../ops/caller.ts";
import type { Attempt } from "../store/session-types.ts";
import type { Frame } from "./frame.ts";
import { framesOf } from "./frames-of.ts";
import { openNews } from "./news.ts";
import { runOperation } from "./run-operation.ts";
import { sessionPool } from "./session-pool.ts";

// For fronts that look into the settings before they call. The bundler makes one file of each import(): from here they come
// in the file that is loaded anyway.
export { settingFiles } from "../config/settings/setting-files.ts";
export { readFrontSettings } from "../config/settings/settings.ts";

/** A running bd: what every front (command line, socket, HTTP) calls. Any number of calls may run side by side. */
export interface App {
  readonly machine: Machine;
  /**
   * Runs an operation of `ops/index.ts`. The input is checked by its schema. An aborted signal ends it in order; with an
   * `Interruption` as reason, a second Ctrl-C is heard, too.
   */
  call(operation: string, input: unknown, from: Request): AsyncGenerator<Frame, void, void>;
  /** Somebody else has made a change, and says so: those who wait for one look at once. */
  tell(): void;
  /** Those who wait for changes are to look at once, here or elsewhere. */
  wake(): void;
  /** Closes the connections that are kept; calls that still run end by themselves. */
  close(): void;
}

export interface Request {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** The settings files, where the front has looked into them for this request. */
  readonly files?: SettingFiles | undefined;
  /** Hears of each change before it is sent to be committed, which waits for it. */
  readonly onCommitting?: ((attempt: Attempt) => Promise<void>) | undefined;
  /** The change that this request has made already, if it landed: then it fails with LANDED_BEFORE, and changes nothing. */
  readonly unanswered?: Attempt | undefined;
}

export interface AppOptions {
  /** How many idle connections of one kind (server, login, database) wait for the next call; 0 for one call and the end. */
  readonly idleSessions: number;
  /** Hears of each change that is made through it. */
  readonly onChange?: () => void;
}

export function openApp(machine: Machine, { idleSessions, onChange }: AppOptions): App {
  const sessions = sessionPool(idleSessions);
  const news = openNews(onChange);
  const gitIdentities = openGitIdentities(() => machine.clock().getTime());
  const own = { machine, sessions, news, gitIdentities };
  return {
    machine,
    call: (operation, input, { signal, ...request }) =>
      framesOf((ears, ended) => runOperation({ ...request, ...own, ears, signal: ended }, operation, input), signal),
    tell: () => news.tell(),
    wake: () => news.wake(),
    close: () => sessions.close(),
  };
}
