import { expect, test } from "vitest";
import { serverEvents, TOKEN, testServer } from "../support/http-server.ts";
import { privateRedis } from "../support/private-redis.ts";

test("the tasks of a store are served beside the issues, for who shows the token", async () => {
  const { ask, url, stop } = await testServer({}, undefined, { REDIS_URL: await privateRedis() });
  const made = await ask("POST", "/api/tracker/tasks", { title: "One", status: "review" });
  expect(made).toMatchObject({ status: 201, body: { title: "One", status: "review" } });
  const path = `/api/tracker/tasks/${made.body.id}`;
  const etag = made.headers.get("etag") ?? "";
  expect(await ask("PATCH", path, { title: "Two" }, { "if-match": etag })).toMatchObject({ status: 200 });
  expect(await ask("PATCH", path, { title: "Three" }, { "if-match": etag })).toMatchObject({ status: 412 });
  expect(await ask("GET", "/api/tracker/tasks")).toMatchObject({ status: 200, body: [{ title: "Two" }] });

  const stream = await fetch(`${url}/api/tracker/events?since=0-0`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const heard: string[] = [];
  for await (const { event } of serverEvents(stream)) {
    heard.push(event);
    if (heard.length === 3) void stop();
  }
  expect(heard.slice(0, 3)).toEqual(["ready", "change", "change"]);
});

test("nobody writes tasks without the token, from another page, or where nothing may be changed", async () => {
  const env = { REDIS_URL: await privateRedis() };
  const open = await testServer({}, undefined, env);
  const looking = await testServer({ readonly: true }, undefined, env);
  const draft = { title: "One" };
  const json = { "content-type": "application/json" };
  const body = JSON.stringify(draft);
  const answers = [
    await fetch(`${open.url}/api/tracker/tasks`, { method: "POST", body, headers: json }),
    await open.ask("POST", "/api/tracker/tasks", draft, { origin: "https://evil.example" }),
    await open.ask("POST", "/api/tracker/tasks", draft, { "content-type": "text/plain" }),
    await looking.ask("POST", "/api/tracker/tasks", draft),
    await looking.ask("DELETE", "/api/tracker/tasks/one?purge=true"),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 403, 415, 403, 403]);
  expect((await looking.ask("GET", "/api/tracker/tasks")).body).toEqual([]);
});

test("what is no route, no method and no task is not found, and a store that is not there is said", async () => {
  const { ask } = await testServer({}, undefined, { REDIS_URL: await privateRedis() });
  const wrong = [
    "/api/tracker/tasks/a/b",
    "/api/tracker/task",
    "/api/tracker/events/1",
    "/api/tracker/tasks/..%2f..%2fx",
  ];
  for (const path of wrong) expect([path, (await ask("GET", path)).status]).toEqual([path, 404]);
  expect((await ask("PUT", "/api/tracker/tasks", {})).status).toBe(404);
  const none = await testServer();
  expect(await none.ask("GET", "/api/tracker/tasks")).toMatchObject({
    status: 503,
    body: { error: expect.stringContaining("KV_REST_API_URL") },
  });
});
