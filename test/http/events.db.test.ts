import { expect, test } from "vitest";
import { type ServerEvent, serverEvents, type TestServer, TOKEN, testServer } from "../support/http-server.ts";

/** Listens until it is told to end. */
async function listen(server: TestServer, query = "", headers: Record<string, string> = {}) {
  const ended = new AbortController();
  const response = await fetch(`${server.url}/api/events${query}`, {
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    signal: ended.signal,
  });
  const events = serverEvents(response);
  return {
    status: response.status,
    async next(): Promise<ServerEvent> {
      for (;;) {
        const { value, done } = await events.next();
        if (done === true || value === undefined) throw new Error("the stream has ended");
        if (value.event !== "heartbeat") return value;
      }
    },
    ended: async () => (await events.next()).done === true,
    close: () => ended.abort(),
  };
}

test("changes come as they happen, and whoever comes back hears what was missed", async () => {
  const server = await testServer({}, "sse");
  const first = await listen(server);
  const ready = await first.next();
  expect(ready).toMatchObject({ event: "ready", data: { cursor: ready.id } });
  await server.workspace.bd(["create", "One", "--id", "sse-1"]);
  const one = await first.next();
  expect(one).toMatchObject({ event: "change", data: { type: "created", issue_id: "sse-1", cursor: one.id } });
  first.close();

  await server.ask("PATCH", "/api/issues/sse-1", { title: "Uno" });
  await server.ask("POST", "/api/issues/sse-1/close", {});
  const again = await listen(server, `?since=${ready.id}`, { "last-event-id": one.id ?? "" });
  expect(await again.next()).toMatchObject({ event: "ready", id: one.id });
  expect(await again.next()).toMatchObject({ data: { type: "updated" } });
  expect(await again.next()).toMatchObject({ data: { type: "closed" } });
  await server.workspace.bd(["reopen", "sse-1"]);
  expect(await again.next()).toMatchObject({ data: { type: "reopened" } });
  again.close();
});

test("a listener hears what it asked for", async () => {
  const server = await testServer({}, "few");
  await server.workspace.bd(["create", "Mine", "--id", "few-1", "-l", "ui"]);
  const [byType, byLabel] = [await listen(server, "?types=closed&issues=few-1"), await listen(server, "?labels=ui")];
  await byType.next();
  await byLabel.next();
  for (const line of [
    ["create", "Other", "--id", "few-2"],
    ["close", "few-2"],
    ["update", "few-1", "--title", "Mine too"],
    ["close", "few-1"],
  ]) {
    await server.workspace.bd(line);
  }
  expect(await byType.next()).toMatchObject({ data: { type: "closed", issue_id: "few-1" } });
  expect(await byLabel.next()).toMatchObject({ data: { type: "updated", issue_id: "few-1" } });
  expect(await byLabel.next()).toMatchObject({ data: { type: "closed", issue_id: "few-1" } });
});

test("who asks for the head of a stream, or hangs up at once, is followed for no longer", async () => {
  const server = await testServer({}, "gone");
  const head = await fetch(`${server.url}/api/events`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  for (let n = 0; n < 20; n += 1) {
    const ended = new AbortController();
    const asked = fetch(`${server.url}/api/events`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: ended.signal,
    });
    if (n % 2 === 0) await asked;
    ended.abort();
    await asked.catch(() => {});
  }
  const listener = await listen(server);
  expect(await listener.next()).toMatchObject({ event: "ready" });
  await server.ask("POST", "/api/issues", { title: "Hello" });
  expect(await listener.next()).toMatchObject({ data: { title: "Hello" } });
});

test("a cursor that the history does not hold is one resync, a word that is none is refused", async () => {
  const server = await testServer({}, "lost");
  const lost = await listen(server, `?since=${"0".repeat(32)}`);
  await lost.next();
  expect(await lost.next()).toMatchObject({ event: "resync" });
  expect((await server.ask("GET", "/api/events?since=57")).status).toBe(400);
  expect((await server.ask("GET", "/api/events", undefined, { "last-event-id": "57" })).status).toBe(400);
});

test("a hundred events of one commit are not lost to a listener who reads slowly or stops in their midst", async () => {
  const server = await testServer({}, "bulk");
  const listener = await listen(server);
  await listener.next();
  const lines = Array.from({ length: 100 }, (_, n) => JSON.stringify({ id: `bulk-${n}`, title: `Issue ${n}` })).join(
    "\n",
  );
  await server.workspace.bd(["import", "-"], { stdin: lines });
  const half: ServerEvent[] = [];
  while (half.length < 50) half.push(await listener.next());
  listener.close();
  const rest = await listen(server, "", { "last-event-id": half.at(-1)?.id ?? "" });
  await rest.next();
  const others: ServerEvent[] = [];
  while (others.length < 50) others.push(await rest.next());
  expect(new Set([...half, ...others].map(({ data }) => data.issue_id)).size).toBe(100);
});

test("a thousand who listen in silence cost the database one connection, and each hears the next change", async () => {
  const server = await testServer({}, "crowd");
  const crowd: Awaited<ReturnType<typeof listen>>[] = [];
  while (crowd.length < 1000) crowd.push(...(await Promise.all(Array.from({ length: 100 }, () => listen(server)))));
  for (const one of crowd) expect((await one.next()).event).toBe("ready");
  const [connections] = await server.workspace.sql(
    `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db LIKE '${server.workspace.database}%'`,
  );
  expect(Number(connections?.["n"])).toBeLessThan(8);
  await server.ask("POST", "/api/issues", { title: "Hello" });
  const heard = await Promise.all(crowd.map((one) => one.next()));
  expect(new Set(heard.map(({ data }) => data.title))).toEqual(new Set(["Hello"]));
  for (const one of crowd) one.close();
}, 60_000);

test("when the server ends, streams end in order, and what runs is finished", async () => {
  const server = await testServer({}, "end");
  const listener = await listen(server);
  await listener.next();
  const made = Array.from({ length: 5 }, (_, n) => server.ask("POST", "/api/issues", { title: `Issue ${n}` }));
  await Promise.race(made);
  const stopped = server.stop();
  const answers = await Promise.allSettled(made);
  // Who had not been let in yet is turned away; what was begun is finished, and said.
  const done = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.status] : []));
  expect(new Set(done)).toEqual(new Set([201]));
  expect(await server.workspace.sql("SELECT COUNT(*) AS n FROM issues")).toEqual([{ n: done.length }]);
  let last = await listener.next().catch(() => undefined);
  while (last !== undefined) last = await listener.next().catch(() => undefined);
  await stopped;
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});
