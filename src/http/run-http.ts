import { openApp } from "../app/app.ts";
import type { Caller, HttpHearer, HttpOptions, Machine } from "../ops/caller.ts";
import { versionOf } from "../ops/version.ts";
import { serveHttp } from "./serve-http.ts";

/** Connections to the database that wait for the next request. */
const IDLE_SESSIONS = 4;

interface HttpProcess {
  readonly machine: Machine;
  /** For whom it serves. */
  readonly caller: Caller;
  /** The end of the process. */
  readonly signal: AbortSignal;
}

/** Serves HTTP in a process of its own, until that is told to end. Throws as `serveHttp`. */
export async function runHttp(
  { machine, caller, signal }: HttpProcess,
  options: HttpOptions,
  { onListening, onRequest }: HttpHearer,
): Promise<void> {
  const app = openApp(machine, { idleSessions: IDLE_SESSIONS });
  try {
    const serving = await serveHttp({ app, caller, version: versionOf(machine.packageRoot), onRequest }, options);
    onListening(serving.url);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await serving.stop();
  } finally {
    app.close();
  }
}
