import { createTracker, type Task, type Tracker } from "../../src/tracker/index.ts";
import { recordIn, recordsIn } from "./payload.ts";
import { connectionTo, privateRedis } from "./private-redis.ts";
import type { BdResult } from "./run-bd.ts";
import { type TestWorkspace, testWorkspace } from "./workspace.ts";

/** A tracker of issues, and a task store that is mirrored in it; both go with the test. */
export interface Mirrored {
  readonly workspace: TestWorkspace;
  /** The store, as a web app has it. */
  readonly tracker: Tracker;
  /** What names the store in the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a line with the store in its environment. */
  readonly bd: (...args: string[]) => Promise<BdResult>;
  /** The same with `--json`; expects exit 0. */
  readonly json: (...args: string[]) => Promise<unknown>;
  /** `bd tracker sync`. */
  readonly sync: () => Promise<Record<string, unknown>>;
  /** All issues, closed ones too, by their titles. */
  readonly issues: () => Promise<ReadonlyMap<string, Record<string, unknown>>>;
  /** All tasks that lists show, by their titles. */
  readonly tasks: () => Promise<ReadonlyMap<string, Task>>;
}

export async function mirrored({ statuses = true } = {}): Promise<Mirrored> {
  const url = await privateRedis();
  const workspace = await testWorkspace();
  const tracker = createTracker({ connection: connectionTo(url) });
  const env = { REDIS_URL: url };
  const bd = (...args: string[]) => workspace.bd(args, { env });
  const json = (...args: string[]) => workspace.json(args, { env });
  const setup = await bd("tracker", "setup", statuses ? "--statuses" : "--no-statuses");
  if (setup.code !== 0) throw new Error(`bd tracker setup: ${setup.stderr}`);
  return {
    workspace,
    tracker,
    env,
    bd,
    json,
    sync: async () => recordIn(await json("tracker", "sync")),
    async issues() {
      const all = recordsIn(await json("list", "--all", "--limit", "0"));
      return new Map(all.map((issue) => [String(issue["title"]), issue]));
    },
    async tasks() {
      const { tasks } = await tracker.list();
      return new Map(tasks.map((task) => [task.title, task]));
    },
  };
}
