import { hostname } from "node:os";
import { readSetting, requireSetting } from "../../config/settings/decide-setting.ts";
import type { StatusPairs } from "../../core/task-mirror/status-map.ts";
import { BdError, command } from "../../errors.ts";
import { MirrorGroup } from "../../tracker/mirror-group.ts";
import { createTracker } from "../../tracker/redis/index.ts";
import { storeAddress } from "../../tracker/store-address.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import { TrackerError } from "../../tracker/tracker-error.ts";
import type { BaseContext } from "../context.ts";
import { statusWords } from "./status-words.ts";

/** The task store that the person's environment names, and how this workspace mirrors it. */
export interface TaskStore {
  readonly tracker: Tracker;
  readonly group: MirrorGroup;
  /** Who writes tasks, for those who read the stream. */
  readonly source: string;
  readonly pairs: StatusPairs;
  /** Of whose tasks alone there are issues here; undefined for all. */
  readonly project: string | undefined;
  /** Whether each question to the store costs a request over HTTP. */
  readonly isRest: boolean;
}

/**
 * Opens the store while `use` works with it. Throws BdError config NO_TASK_STORE, SETTING_INVALID, unavailable
 * TASK_STORE_FAILED, rejected TASK_STORE_READ_ONLY, conflict TASK_STORE_BUSY.
 */
export async function withTaskStore<T>(context: BaseContext, use: (store: TaskStore) => Promise<T>): Promise<T> {
  // Outside of a project there is nothing to mirror, and that is said first.
  context.workspace();
  const { env } = context.machine;
  const sources = await context.sources();
  const { database, endpoint, projectId } = await context.settings();
  const pairs = requireSetting("tracker.statuses", sources);
  const { kind } = told(() => storeAddress(env));
  const prefix = requireSetting("tracker.prefix", sources);
  const tracker = createTracker({ env, statuses: statusWords(sources), prefix, mirror: "off" });
  const name = `bd-${projectId ?? database ?? "beads"}`;
  const server = endpoint.socketPath ?? `${endpoint.host}:${endpoint.port}`;
  const group = new MirrorGroup(tracker, { name, consumer: `${hostname()} ${server} ${database ?? ""}` });
  try {
    const project = readSetting("tracker.project", sources);
    return await use({ tracker, group, source: name, pairs, project, isRest: kind === "rest" });
  } catch (error) {
    throw storeError(error);
  } finally {
    await tracker.close();
  }
}

function told<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw storeError(error);
  }
}

/** What went wrong with a store, in the words of bd. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof TrackerError)) return error;
  const { status, message } = error;
  if (status === 503) {
    return new BdError("config", "NO_TASK_STORE", message, { hint: command`bd tracker setup --help`, cause: error });
  }
  if (status === 403) return new BdError("rejected", "TASK_STORE_READ_ONLY", message, { cause: error });
  if (status === 409) return new BdError("conflict", "TASK_STORE_BUSY", message, { cause: error });
  return new BdError("unavailable", "TASK_STORE_FAILED", message, {
    hint: command`bd tracker setup --help`,
    cause: error,
  });
}

/**
 * Nobody's issues go into a store, and no tasks into a tracker, unless a person has said so, of this database and this
 * project of tasks. Throws BdError rejected TRACKER_NOT_SET_UP.
 */
export async function requireSetUp({ group, project = "" }: TaskStore): Promise<void> {
  const state = await group.state();
  if (state !== undefined && state.project === project) return;
  const named = (name: string) => (name === "" ? "all tasks" : `tasks of the project ${JSON.stringify(name)}`);
  const message =
    state === undefined
      ? "this tracker is not set up to be mirrored in the task store"
      : `this tracker was set up for ${named(state.project)}, and tracker.project says ${named(project)}`;
  throw new BdError("rejected", "TRACKER_NOT_SET_UP", message, { hint: command`bd tracker setup` });
}
