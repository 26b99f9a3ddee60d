import { describe, expect, onTestFinished, test } from "vitest";
import {
  createTaskRoutes,
  createTracker,
  SIX_STATUSES,
  Tracker,
  TrackerError,
  verifyTasks,
} from "../../src/tracker/index.ts";
import { createTracker as createTcp } from "../../src/tracker/redis/index.ts";
import type { StoreConnection } from "../../src/tracker/store-connection.ts";
import { connectionTo, privateRedis, REST_TOKEN, redisServer, restFront } from "../support/private-redis.ts";

interface Store {
  readonly tracker: Tracker;
  readonly redis: StoreConnection;
  /** How often the store was asked. */
  readonly asked: () => number;
}

async function overTcp(): Promise<Store> {
  const url = await privateRedis();
  const redis = connectionTo(url);
  let asked = 0;
  const counting: StoreConnection = {
    ...redis,
    send(command) {
      asked += 1;
      return redis.send(command);
    },
  };
  return { tracker: new Tracker({ connection: counting }), redis, asked: () => asked };
}

async function overRest(): Promise<Store> {
  const url = await privateRedis();
  const front = await restFront(url);
  const tracker = createTracker({ env: { KV_REST_API_URL: front.url, KV_REST_API_TOKEN: REST_TOKEN } });
  return { tracker, redis: connectionTo(url), asked: front.requests };
}

describe.each([
  { way: "over TCP", open: overTcp, many: 1000 },
  { way: "over REST, with the vendor's client", open: overRest, many: 100 },
])("a task store $way", ({ open, many }) => {
  test("keeps a task as it was said, byte for byte", async () => {
    const { tracker, redis } = await open();
    const said = { title: " 12345678901234567 ", description: "ü\u0000\"'\n🎉", project: "p", activities: [] };
    const { task, etag } = await tracker.create(said);
    expect(task).toMatchObject({
      title: "12345678901234567",
      description: said.description,
      status: "todo",
      priority: "medium",
    });
    expect(await tracker.get(task.id)).toEqual({ task, etag });
    expect(JSON.parse(String(await redis.send(["GET", `tracker:task:${task.id}`])))).toEqual(task);
    const { task: changed } = await tracker.update(task.id, { description: null, assignedTo: "ann", status: "done" });
    expect(changed).not.toHaveProperty("description");
    expect(changed).toMatchObject({ assignedTo: "ann", status: "done" });
    expect((await tracker.update(task.id, { assignedTo: "" })).task).not.toHaveProperty("assignedTo");
  });

  test("refuses what is no status or priority, and a change of what somebody else has changed", async () => {
    const { tracker } = await open();
    const { task, etag } = await tracker.create({ title: "One" });
    await expect(tracker.update(task.id, { status: "finished" })).rejects.toMatchObject({
      status: 400,
      field: "status",
    });
    await expect(tracker.update(task.id, { priority: 1 })).rejects.toMatchObject({ status: 400, field: "priority" });
    await expect(tracker.create({})).rejects.toMatchObject({
      status: 400,
      message: "Title is required",
      field: "title",
    });
    await tracker.update(task.id, { title: "Two" });
    await expect(tracker.update(task.id, { title: "Three" }, { ifMatch: etag })).rejects.toMatchObject({
      status: 412,
      current: { title: "Two" },
    });
    await expect(tracker.get("../../etc")).rejects.toMatchObject({ status: 404 });
  });

  test(`of two writers with ${many} changes each, none is lost`, async () => {
    const { tracker } = await open();
    const { task } = await tracker.create({ title: "One" });
    const writes = async (field: string) => {
      for (let n = 1; n <= many; n += 1) await tracker.update(task.id, { [field]: `${n}` });
    };
    await Promise.all([writes("assignedTo"), writes("agentCodeName")]);
    expect((await tracker.get(task.id)).task).toMatchObject({
      assignedTo: `${many}`,
      agentCodeName: `${many}`,
    });
    const changes = await tracker.changesSince("", 10 * many);
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * many + 1 }, (_, n) => n + 1));
    expect(changes.flatMap(({ fields }) => fields).filter((name) => name === "assignedTo")).toHaveLength(many);
  });

  test("the same request twice is one change", async () => {
    const { tracker } = await open();
    const [one, again] = [
      await tracker.create({ title: "One" }, { id: "t1", op: "op1" }),
      await tracker.create({ title: "One" }, { id: "t1", op: "op1" }),
    ];
    expect(again.task).toMatchObject({ id: one.task.id });
    await expect(tracker.create({ title: "Other" }, { id: "t1", op: "op2" })).rejects.toMatchObject({ status: 409 });
    await tracker.update("t1", { title: "Two" }, { op: "op3" });
    await tracker.update("t1", { title: "Two" }, { op: "op3" });
    expect(await tracker.changesSince("")).toHaveLength(2);
  });

  test("pages come newest first, of a project alone too, in two commands, whatever the clock says", async () => {
    const { tracker, asked } = await open();
    const now = new Tracker({ connection: tracker.connection, now: () => new Date("2026-01-01") });
    for (let n = 0; n < 30; n += 1)
      await (n % 2 === 0 ? now : tracker).create({ title: `${n}`, project: n % 3 === 0 ? "a:b" : "c" });
    const seen: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const before = asked();
      const page = await tracker.list({ limit: 7, cursor });
      expect(asked() - before).toBeLessThanOrEqual(2);
      seen.push(...page.tasks.map(({ title }) => title));
      cursor = page.cursor;
    }
    expect(seen).toHaveLength(30);
    expect(new Set(seen).size).toBe(30);
    expect((await tracker.list({ project: "a:b" })).tasks).toHaveLength(10);
    await expect(tracker.list({ limit: 0 })).rejects.toMatchObject({ status: 400, field: "limit" });
    await expect(tracker.list({ cursor: "x" })).rejects.toMatchObject({ status: 400, field: "cursor" });
  });

  test("a deleted task is left out and can be read; a purged one is gone; another project has it once", async () => {
    const { tracker, redis } = await open();
    const { task } = await tracker.create({ title: "One", project: "a" });
    await tracker.update(task.id, { project: "b" });
    expect((await tracker.list({ project: "a" })).tasks).toEqual([]);
    expect((await tracker.list({ project: "b" })).tasks).toHaveLength(1);
    await tracker.remove(task.id);
    expect((await tracker.list()).tasks).toEqual([]);
    expect((await tracker.get(task.id)).task).toMatchObject({ status: "done", deletedAt: expect.any(String) });
    await expect(tracker.update(task.id, { title: "x" })).rejects.toMatchObject({ status: 404 });
    await tracker.purge(task.id);
    await expect(tracker.get(task.id)).rejects.toMatchObject({ status: 404 });
    expect(await redis.send(["KEYS", "tracker:index*"])).toEqual([]);
    expect((await tracker.changesSince("")).map(({ kind }) => kind)).toEqual([
      "created",
      "updated",
      "deleted",
      "purged",
    ]);
  });

  test("what another program writes past it is found, taken in, and told", async () => {
    const { tracker, redis } = await open();
    const old = {
      id: "old-1",
      title: "Of the old application",
      status: "todo",
      priority: "high",
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
      own: [1.0, []],
    };
    const text = JSON.stringify(old);
    await redis.send(["SET", "tracker:task:old-1", text]);
    await redis.send(["SET", "tracker:project:p", "{}"]);
    const { task } = await tracker.create({ title: "Ours" });
    await redis.send(["SET", `tracker:task:${task.id}`, JSON.stringify({ ...task, title: "Theirs" })]);
    expect(await verifyTasks(tracker)).toEqual({ found: [task.id, "old-1"].toSorted(), stale: [] });
    await verifyTasks(tracker, { fix: true });
    expect(await verifyTasks(tracker)).toEqual({ found: [], stale: [] });
    expect((await tracker.list()).tasks.map(({ title }) => title)).toEqual(["Theirs", "Of the old application"]);
    expect(await redis.send(["GET", "tracker:task:old-1"])).toBe(text);
    expect((await tracker.changesSince("")).map(({ kind }) => kind)).toEqual(["created", "found", "found"]);
  });
});

test("ids without a task go from the indexes of projects, too", async () => {
  const { tracker, redis } = await overTcp();
  const { task } = await tracker.create({ title: "One", project: "shop" });
  await redis.send(["DEL", tracker.keys.task(task.id)]);
  expect(await verifyTasks(tracker, { fix: true })).toMatchObject({ stale: [task.id] });
  expect(await redis.send(["ZRANGE", tracker.keys.index("shop"), "0", "-1"])).toEqual([]);
  expect(await verifyTasks(tracker)).toEqual({ found: [], stale: [] });
});

test("tasks of no project stand in one index alone, whatever project they had", async () => {
  const { tracker, redis } = await overTcp();
  const { task } = await tracker.create({ title: "One", project: "shop" });
  await tracker.update(task.id, { project: null });
  expect(await redis.send(["KEYS", `${tracker.keys.index()}*`])).toEqual([tracker.keys.index()]);
  expect((await tracker.list()).tasks).toHaveLength(1);
  await tracker.update(task.id, { project: "shop" });
  expect((await tracker.list({ project: "shop" })).tasks).toHaveLength(1);
});

test("a store over TCP that is away is an error, not a wait, and is used again when it is back", async () => {
  const server = redisServer({ keeps: true });
  const tracker = createTcp({ env: { REDIS_URL: server.url } });
  onTestFinished(() => tracker.close());
  await expect(tracker.list()).rejects.toMatchObject({ status: 500, message: "The task store can't be reached" });
  await server.start();
  await tracker.create({ title: "One" });
  await server.crash();
  await expect(tracker.create({ title: "Two" })).rejects.toMatchObject({ status: 500 });
  await server.start();
  expect((await tracker.list()).tasks.map(({ title }) => title)).toEqual(["One"]);
});

describe("where the store is", () => {
  test.each([
    [{}, /KV_REST_API_URL.*REDIS_URL/],
    [{ KV_REST_API_URL: "https://x.example.test" }, /KV_REST_API_TOKEN/],
    [{ REDIS_URL: "redis://127.0.0.1:1" }, /beads\/tracker\/redis/],
  ])("%j: an error that says what to do, when it is first used, and nothing in memory", async (env, words) => {
    const tracker = createTracker({ env });
    await expect(tracker.list()).rejects.toThrow(words);
    await expect(tracker.create({ title: "x" })).rejects.toMatchObject({ status: 503 });
    const { tasks } = createTaskRoutes({ tracker });
    const answer = await tasks.GET(new Request("https://app.example.test/api/tracker/tasks"));
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringMatching(words)]);
  });

  test("a token for reading reads, and writes say why not", async () => {
    const url = await privateRedis();
    const front = await restFront(url);
    const tracker = createTracker({ env: { KV_REST_API_URL: front.url, KV_REST_API_READ_ONLY_TOKEN: REST_TOKEN } });
    expect((await tracker.list()).tasks).toEqual([]);
    await expect(tracker.create({ title: "x" })).rejects.toMatchObject({ status: 403 });
  });

  test("no error has the address or the token of the store", async () => {
    const rest = createTracker({ env: { KV_REST_API_URL: "http://127.0.0.1:1", KV_REST_API_TOKEN: "secret-token" } });
    const url = await privateRedis();
    const front = await restFront(url);
    const wrong = createTracker({ env: { KV_REST_API_URL: front.url, KV_REST_API_TOKEN: "secret-token" } });
    for (const tracker of [rest, wrong]) {
      const error = await tracker.list().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(TrackerError);
      expect(String(error)).not.toMatch(/secret-token|127\.0\.0\.1/);
    }
  }, 30_000);

  test("statuses are the application's own words", async () => {
    const tracker = createTcp({ env: { KV_URL: await privateRedis() }, statuses: SIX_STATUSES });
    const { task } = await tracker.create({ title: "One" });
    expect((await tracker.update(task.id, { status: "needs-you" })).task.status).toBe("needs-you");
    expect((await tracker.remove(task.id)).task.status).toBe("shipped");
    await tracker.close();
  });
});

test("a task to which another program gave another project stands there, and no longer in the old one", async () => {
  const { tracker, redis } = await overTcp();
  const { task } = await tracker.create({ title: "Moved", project: "a" });
  await redis.send(["SET", `tracker:task:${task.id}`, JSON.stringify({ ...task, project: "b" })]);
  await verifyTasks(tracker, { fix: true });
  expect((await tracker.list({ project: "a" })).tasks).toEqual([]);
  expect((await tracker.list({ project: "b" })).tasks).toHaveLength(1);
});
