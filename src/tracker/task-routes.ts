import { hostVariables } from "./store-address.ts";
import { taskEvents } from "./task-events.ts";
import type { Tracker } from "./tracker.ts";
import { TrackerError } from "./tracker-error.ts";

/** As Next.js calls a route handler, and anything else that knows Web requests. */
export type TaskHandler = (
  request: Request,
  context?: { readonly params: Promise<{ readonly id: string }> | { readonly id: string } },
) => Promise<Response>;

export interface TaskRouteOptions {
  readonly tracker: Tracker;
  /** Who may: false, or an answer of its own, refuses. Without it writes are refused in production. */
  readonly authorize?:
    | ((request: Request, access: "read" | "write") => boolean | Response | Promise<boolean | Response>)
    | undefined;
  /** Let everybody write, in production too. */
  readonly public?: boolean | undefined;
  /** Default: NODE_ENV is `production`. */
  readonly isProduction?: boolean | undefined;
  /** How long a stream of events lasts, in milliseconds, before it ends by itself; default 50 s. */
  readonly streamMs?: number | undefined;
}

export interface TaskRoutes {
  readonly tasks: { readonly GET: TaskHandler; readonly POST: TaskHandler };
  readonly task: { readonly GET: TaskHandler; readonly PATCH: TaskHandler; readonly DELETE: TaskHandler };
  readonly events: { readonly GET: TaskHandler };
}

const MOST_BYTES = 1024 * 1024;

/** `/api/tracker/tasks`, `/api/tracker/tasks/ID` and `/api/tracker/events`, as functions of Web requests. */
export function createTaskRoutes(options: TaskRouteOptions): TaskRoutes {
  const { tracker } = options;
  const route = (
    access: "read" | "write",
    failure: string,
    answer: (request: Request, id: string) => Promise<Response>,
  ): TaskHandler => {
    return async (request, context) => {
      try {
        const refusal = await refusalOf(request, access, options);
        if (refusal !== undefined) return refusal;
        const { id = "" } = (await context?.params) ?? {};
        return await answer(request, id);
      } catch (error) {
        return failed(error, failure);
      }
    };
  };
  return {
    tasks: {
      GET: route("read", "Failed to fetch tasks", async (request) => {
        const asked = new URL(request.url).searchParams;
        const limit = asked.get("limit");
        const { tasks, cursor } = await tracker.list({
          project: projectIn(asked),
          limit: limit === null ? undefined : Number(limit),
          cursor: asked.get("cursor") ?? undefined,
        });
        return json(tasks, { headers: cursor === undefined ? {} : { "x-next-cursor": cursor } });
      }),
      POST: route("write", "Failed to create task", async (request) => {
        const body = await bodyOf(request);
        const project = projectIn(new URL(request.url).searchParams);
        const { task, etag } = await tracker.create(project === undefined ? body : { project, ...body });
        return json(task, { status: 201, headers: { etag: `"${etag}"` } });
      }),
    },
    task: {
      GET: route("read", "Failed to fetch task", async (_request, id) => {
        const { task, etag } = await tracker.get(id);
        if (task.deletedAt !== undefined) throw new TrackerError(404, "Task not found");
        return json(task, { headers: { etag: `"${etag}"` } });
      }),
      PATCH: route("write", "Failed to update task", async (request, id) => {
        const { task, etag } = await tracker.update(id, await bodyOf(request), { ifMatch: wanted(request) });
        return json(task, { headers: { etag: `"${etag}"` } });
      }),
      DELETE: route("write", "Failed to delete task", async (request, id) => {
        if (new URL(request.url).searchParams.get("purge") === "true") await tracker.purge(id);
        else await tracker.remove(id, { ifMatch: wanted(request) });
        return json({ success: true });
      }),
    },
    events: {
      GET: route("read", "Failed to fetch events", async (request) => taskEvents(tracker, request, options.streamMs)),
    },
  };
}

async function refusalOf(
  request: Request,
  access: "read" | "write",
  options: TaskRouteOptions,
): Promise<Response | undefined> {
  const { authorize, isProduction = productionHere() } = options;
  if (authorize === undefined) {
    if (access === "read" || options.public === true || !isProduction) return undefined;
    return json({ error: "Nobody may write: createTaskRoutes was given no authorize" }, { status: 403 });
  }
  const answer = await authorize(request, access);
  if (answer === true) return undefined;
  return answer instanceof Response ? answer : json({ error: "Not allowed" }, { status: 403 });
}

function productionHere(): boolean {
  return hostVariables()["NODE_ENV"] === "production";
}

/** `all` is no project. */
function projectIn(asked: URLSearchParams): string | undefined {
  const project = asked.get("project");
  return project === null || project === "" || project === "all" ? undefined : project;
}

async function bodyOf(request: Request): Promise<object> {
  const text = await request.text();
  if (text.length > MOST_BYTES) throw new TrackerError(400, "The body is too long");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new TrackerError(400, "The body is no JSON object");
}

function wanted(request: Request): string | undefined {
  const header = request.headers.get("if-match");
  if (header === null || header.trim() === "*") return undefined;
  return /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(header)?.[1] ?? header;
}

function failed(error: unknown, failure: string): Response {
  if (!(error instanceof TrackerError) || error.status === 500) return json({ error: failure }, { status: 500 });
  const { status, message, field, current } = error;
  return json({ error: message, ...(field && { field }), ...(current !== undefined && { task: current }) }, { status });
}

function json(
  value: unknown,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: Record<string, string> } = {},
): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}
