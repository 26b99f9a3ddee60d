import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { createTaskRoutes, type TaskRouteOptions, Tracker } from "../../src/tracker/index.ts";
import { serverEvents } from "../support/http-server.ts";
import { connectionTo, privateRedis } from "../support/private-redis.ts";

const URL_OF = "https://app.example.test/api/tracker";

async function routes(options: Partial<TaskRouteOptions> = {}) {
  const tracker = new Tracker({ connection: connectionTo(await privateRedis()) });
  const { tasks, task, events } = createTaskRoutes({ isProduction: false, ...options, tracker });
  const request = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    new Request(`${URL_OF}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const ask = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    const [, id] = /^\/tasks\/([^?]+)/.exec(path) ?? [];
    const asked = request(method, path, body, headers);
    const answer =
      id === undefined
        ? await (method === "POST" ? tasks.POST : tasks.GET)(asked)
        : await task[method === "POST" ? "PATCH" : method](asked, { params: Promise.resolve({ id }) });
    const said: ReturnType<typeof JSON.parse> = await answer.json();
    return { status: answer.status, headers: answer.headers, body: said };
  };
  return { tracker, ask, events, request };
}

test("the routes, shapes and errors are those that the application knows", async () => {
  const { ask } = await routes();
  expect(await ask("POST", "/tasks", {})).toMatchObject({ status: 400, body: { error: "Title is required" } });
  const made = await ask("POST", "/tasks?project=web", { title: "One", unknown: 1 });
  expect(made).toMatchObject({
    status: 201,
    body: { title: "One", status: "todo", priority: "medium", project: "web", activities: [] },
  });
  const path = `/tasks/${made.body.id}`;
  expect((await ask("GET", "/tasks?project=all")).body).toEqual([made.body]);
  expect((await ask("GET", "/tasks?project=other")).body).toEqual([]);
  expect(await ask("GET", path)).toMatchObject({ status: 200, body: made.body });
  expect(await ask("GET", "/tasks/none")).toMatchObject({ status: 404, body: { error: "Task not found" } });
  expect(await ask("PATCH", path, { status: "nonsense" })).toMatchObject({ status: 400, body: { field: "status" } });
  expect(await ask("PATCH", path, { description: "d", assignedTo: "ann" })).toMatchObject({
    body: { description: "d" },
  });
  expect((await ask("PATCH", path, { description: "" })).body).not.toHaveProperty("description");
  expect(await ask("PATCH", path, { title: "x" }, { "if-match": made.headers.get("etag") ?? "" })).toMatchObject({
    status: 412,
    body: { task: { assignedTo: "ann" } },
  });
  expect(await ask("DELETE", path)).toMatchObject({ status: 200, body: { success: true } });
  expect(await ask("GET", path)).toMatchObject({ status: 404 });
  expect(await ask("DELETE", "/tasks/none")).toMatchObject({ status: 404 });
  expect(await ask("DELETE", `${path}?purge=true`)).toMatchObject({ status: 200 });
});

test("a page says where the next one begins", async () => {
  const { ask } = await routes();
  for (const title of ["One", "Two", "Three"]) await ask("POST", "/tasks", { title });
  const first = await ask("GET", "/tasks?limit=2");
  expect(first.body).toHaveLength(2);
  const rest = await ask("GET", `/tasks?limit=2&cursor=${first.headers.get("x-next-cursor")}`);
  expect([...first.body, ...rest.body].map(({ title }: { title: string }) => title).toSorted()).toEqual([
    "One",
    "Three",
    "Two",
  ]);
  expect(rest.headers.get("x-next-cursor")).toBeNull();
  expect(await ask("GET", "/tasks?limit=many")).toMatchObject({ status: 400, body: { field: "limit" } });
});

test("in production nobody writes who was not let in", async () => {
  const open = await routes({ isProduction: true });
  expect((await open.ask("GET", "/tasks")).status).toBe(200);
  expect((await open.ask("POST", "/tasks", { title: "x" })).status).toBe(403);
  const all = await routes({ isProduction: true, public: true });
  expect((await all.ask("POST", "/tasks", { title: "x" })).status).toBe(201);
  const some = await routes({
    isProduction: true,
    authorize: (request, access) => access === "read" || request.headers.get("authorization") === "Bearer x",
  });
  expect((await some.ask("GET", "/tasks")).status).toBe(200);
  expect((await some.ask("POST", "/tasks", { title: "x" })).status).toBe(403);
  expect((await some.ask("POST", "/tasks", { title: "x" }, { authorization: "Bearer x" })).status).toBe(201);
});

test("a store that fails is no empty list, and says nothing of itself", async () => {
  const connection = {
    isReadOnly: false,
    send: () => Promise.reject(new Error("redis://secret@host")),
    close: async () => {},
  };
  const { tasks } = createTaskRoutes({ tracker: new Tracker({ connection }) });
  const answer = await tasks.GET(new Request(`${URL_OF}/tasks`));
  expect([answer.status, await answer.json()]).toEqual([500, { error: "Failed to fetch tasks" }]);
});

test("a page hears of changes as they happen, misses none when it comes back, and the stream ends by itself", async () => {
  const { ask, events, request } = await routes({ streamMs: 4000 });
  const listen = async (headers: Record<string, string> = {}) =>
    serverEvents(await events.GET(request("GET", "/events", undefined, headers)));
  const first = await listen();
  expect((await first.next()).value).toMatchObject({ event: "ready" });
  const { body } = await ask("POST", "/tasks", { title: "One\ndata: {}" });
  const { value: made } = await first.next();
  expect(made).toMatchObject({ event: "change", data: { kind: "created", task: { title: "One\ndata: {}" } } });
  await first.return();
  await ask("PATCH", `/tasks/${body.id}`, { status: "done" });
  const again = await listen({ "last-event-id": made?.id ?? "" });
  await again.next();
  expect((await again.next()).value).toMatchObject({ data: { kind: "updated", fields: ["status"] } });
  expect((await again.next()).done).toBe(true);
  const tooOld = await listen({ "last-event-id": "1-1" });
  expect((await tooOld.next()).value).toMatchObject({ event: "resync" });
  await tooOld.return();
  expect((await events.GET(request("GET", "/events?since=57"))).status).toBe(400);
}, 20_000);

test("it runs where there is no Node: in a bare context, bundled for no platform", async () => {
  const bundled = await build({
    entryPoints: [join(import.meta.dirname, "../../src/tracker/index.ts")],
    bundle: true,
    write: false,
    platform: "neutral",
    mainFields: ["module", "main"],
    format: "iife",
    globalName: "beads",
  });
  const [file] = bundled.outputFiles;
  // Only what browsers and edge functions have, too.
  const context = createContext({
    URL,
    URLSearchParams,
    Request,
    Response,
    Headers,
    TextEncoder,
    TextDecoder,
    ReadableStream,
    setTimeout,
    clearTimeout,
    AbortController,
    Event,
    EventTarget,
    AbortSignal,
    fetch,
    crypto,
    btoa,
    atob,
    console,
  });
  runInContext(file?.text ?? "", context);
  const error: unknown = runInContext(
    "beads.createTracker({ env: {} }).list().catch((error) => error.message)",
    context,
  );
  expect(await error).toContain("KV_REST_API_URL");
  const answer: unknown = runInContext(
    `const connection = { isReadOnly: false, send: async () => [], close: async () => {} };
     beads.createTaskRoutes({ tracker: beads.createTracker({ connection }) }).tasks.GET(new Request("${URL_OF}/tasks")).then((r) => r.text())`,
    context,
  );
  expect(await answer).toBe("[]");
});
