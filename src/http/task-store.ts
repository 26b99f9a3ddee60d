import type { Context } from "hono";
import { BdError } from "../errors.ts";
import type { Caller, HttpOptions } from "../ops/caller.ts";
import type { TaskHandler, TaskRoutes } from "../tracker/task-routes.ts";
import type { Service } from "./answer.ts";

/** The routes of the task store that the person's environment names. */
export interface TaskStore {
  /** Throws BdError not-found NO_SUCH_ROUTE. */
  answer(c: Context, service: Pick<Service, "leaving">): Promise<Response>;
  close(): Promise<void>;
}

interface OpenStore {
  readonly routes: TaskRoutes;
  close(): Promise<void>;
}

/** Nothing is loaded or opened before the first request; without a store, its answer is 503 and says what to set. */
export function taskStore(caller: Caller, options: HttpOptions["tasks"]): TaskStore {
  let opened: Promise<OpenStore> | undefined;
  return {
    async answer(c, { leaving }) {
      opened ??= openStore(caller, options);
      const { handler, id } = handlerFor(c, (await opened).routes);
      // A stream of events ends with the server, too.
      const request = new Request(c.req.raw, { signal: AbortSignal.any([c.req.raw.signal, leaving]) });
      return handler(request, { params: { id } });
    },
    close: async () => (await opened)?.close(),
  };
}

async function openStore({ env, readonly }: Caller, options: HttpOptions["tasks"]): Promise<OpenStore> {
  const [{ createTracker }, { createTaskRoutes }] = await Promise.all([
    import("../tracker/redis/index.ts"),
    import("../tracker/task-routes.ts"),
  ]);
  const tracker = createTracker({ env, ...options });
  const routes = createTaskRoutes({ tracker, authorize: (_request, access) => access === "read" || !readonly });
  return { routes, close: () => tracker.close() };
}

function handlerFor(c: Context, { tasks, task, events }: TaskRoutes): { handler: TaskHandler; id: string } {
  const [, what, id = ""] = /^\/api\/tracker\/(tasks|events)(?:\/([^/]+))?$/.exec(c.req.path) ?? [];
  const methods = what === "tasks" ? (id === "" ? tasks : task) : what === "events" && id === "" ? events : {};
  // Nobody reads what a stream would give.
  const method = c.req.method === "HEAD" && what === "tasks" ? "GET" : c.req.method;
  const handler = new Map<string, TaskHandler>(Object.entries(methods)).get(method);
  if (handler !== undefined) return { handler, id };
  throw new BdError("not-found", "NO_SUCH_ROUTE", `nothing is at ${c.req.method} ${c.req.path}`);
}
