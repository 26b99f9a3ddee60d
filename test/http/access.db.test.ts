import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { namesOf } from "../../src/http/host-names.ts";
import { type TestServer, TOKEN, testServer } from "../support/http-server.ts";

interface Sent {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** A request with any header, which fetch would not send. */
function send(
  { url }: TestServer,
  {
    method = "GET",
    path = "/api/issues",
    headers = {},
    body,
  }: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({ host: hostname, port, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (piece) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const JSON_TYPE = { "content-type": "application/json" };

test.each<[string, number, string, Parameters<typeof send>[1]]>([
  ["no token", 401, "TOKEN_NEEDED", {}],
  ["another token", 401, "TOKEN_NEEDED", { headers: { authorization: "Bearer x" } }],
  ["a token of another form", 401, "TOKEN_NEEDED", { headers: { authorization: `Basic ${TOKEN}` } }],
  ["a token in the URL", 401, "TOKEN_NEEDED", { path: `/api/issues?token=${TOKEN}` }],
  ["a cookie that nobody was given", 401, "TOKEN_NEEDED", { headers: { cookie: `bd=${TOKEN}; bd-3380=${TOKEN}` } }],
  [
    "a name that was made to lead here (DNS rebinding)",
    421,
    "HOST_UNKNOWN",
    { headers: { ...AUTHORIZED, host: "evil.example.test" } },
  ],
  ["our name with another port", 421, "HOST_UNKNOWN", { headers: { ...AUTHORIZED, host: "127.0.0.1:1" } }],
  ["another page", 403, "CROSS_ORIGIN", { headers: { ...AUTHORIZED, origin: "https://evil.example.test" } }],
  ["a page without an origin", 403, "CROSS_ORIGIN", { headers: { ...AUTHORIZED, origin: "null" } }],
  [
    "a page of another port of this host",
    403,
    "CROSS_ORIGIN",
    { headers: { ...AUTHORIZED, origin: "http://127.0.0.1:3000" } },
  ],
  [
    "a request that another site caused",
    403,
    "CROSS_ORIGIN",
    { headers: { ...AUTHORIZED, "sec-fetch-site": "cross-site" } },
  ],
  [
    "a request that a neighbour caused",
    403,
    "CROSS_ORIGIN",
    { headers: { ...AUTHORIZED, "sec-fetch-site": "same-site" } },
  ],
  [
    "a form's POST",
    415,
    "NOT_JSON",
    { method: "POST", headers: { ...AUTHORIZED, "content-type": "text/plain" }, body: '{"title":"x"}' },
  ],
  [
    "a POST that hides its form",
    415,
    "NOT_JSON",
    {
      method: "POST",
      headers: { ...AUTHORIZED, "content-type": "text/plain; application/json" },
      body: '{"title":"x"}',
    },
  ],
  ["a POST of no type", 415, "NOT_JSON", { method: "POST", headers: AUTHORIZED }],
  ["a body that is no JSON", 400, "BAD_INPUT", { method: "POST", headers: { ...AUTHORIZED, ...JSON_TYPE }, body: "{" }],
  [
    "10 MB",
    413,
    "BODY_TOO_LARGE",
    {
      method: "POST",
      headers: { ...AUTHORIZED, ...JSON_TYPE, "transfer-encoding": "chunked" },
      body: `{"title":"${"x".repeat(10_000_000)}"}`,
    },
  ],
  ["a question that preflights ask", 415, "NOT_JSON", { method: "OPTIONS", headers: AUTHORIZED }],
  ["a path that leads up", 404, "", { path: "/api/../../etc/passwd", headers: AUTHORIZED }],
  ["an encoded path that leads up", 404, "", { path: "/api/issues/..%2f..%2fetc%2fpasswd", headers: AUTHORIZED }],
  ["an id that is no text", 404, "", { path: "/api/issues/%ff%fe", headers: AUTHORIZED }],
  [
    "an operation on this machine",
    404,
    "UNKNOWN_OPERATION",
    { method: "POST", path: "/api/ops/server.start", headers: { ...AUTHORIZED, ...JSON_TYPE }, body: "{}" },
  ],
  [
    "an operation on files",
    404,
    "UNKNOWN_OPERATION",
    { method: "POST", path: "/api/ops/data.merge-files", headers: { ...AUTHORIZED, ...JSON_TYPE }, body: "{}" },
  ],
  [
    "an operation by the name of what every object has",
    404,
    "UNKNOWN_OPERATION",
    { method: "POST", path: "/api/ops/constructor", headers: { ...AUTHORIZED, ...JSON_TYPE }, body: "{}" },
  ],
])("%s: %i", async (_what, status, code, asked) => {
  const server = await testServer();
  const sent = await send(server, asked);
  expect(sent.status).toBe(status);
  expect(JSON.parse(sent.text)).toMatchObject({
    error: expect.any(String),
    code: code === "" ? expect.any(String) : code,
  });
  expect(sent.text).not.toContain(TOKEN);
  expect(sent.headers["access-control-allow-origin"]).toBeUndefined();
  expect(await server.workspace.sql("SELECT COUNT(*) AS n FROM issues")).toEqual([{ n: 0 }]);
});

test("a browser shows the token once, and is known by a cookie from then on", async () => {
  const server = await testServer();
  const own = { origin: server.url, "sec-fetch-site": "same-origin" };
  expect(
    await send(server, {
      method: "POST",
      path: "/api/session",
      headers: { ...own, ...JSON_TYPE },
      body: '{"token":"x"}',
    }),
  ).toMatchObject({ status: 401 });
  const session = await send(server, {
    method: "POST",
    path: "/api/session",
    headers: { ...own, ...JSON_TYPE },
    body: JSON.stringify({ token: TOKEN }),
  });
  expect(session.status).toBe(204);
  const [cookie = ""] = session.headers["set-cookie"] ?? [];
  expect(cookie).toMatch(/^bd-\d+=[\w-]{43}; Path=\/api; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(TOKEN);
  const [pair = ""] = cookie.split(";");
  expect((await send(server, { headers: { ...own, cookie: pair } })).status).toBe(200);
  const foreign = { origin: "https://evil.example.test", "sec-fetch-site": "cross-site" };
  expect((await send(server, { headers: { ...foreign, cookie: pair } })).status).toBe(403);
});

test("pages may not frame, run or load anything that is answered", async () => {
  const server = await testServer();
  const title = `<script>alert(1)</script>\u001b]0;x\u0007\u202e`;
  const made = await server.ask("POST", "/api/issues", { title });
  const { headers, text } = await send(server, { path: `/api/issues/${made.body.id}`, headers: AUTHORIZED });
  expect(headers["content-type"]).toBe("application/json");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["cache-control"]).toBe("no-store");
  expect(JSON.parse(text).title).toBe(title);
});

/** What comes back to bytes, until the other side hangs up or so many milliseconds are over. */
function raw({ url }: TestServer, bytes: string, ms: number): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = "";
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on("data", (piece) => (text += piece));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

test("a body that never comes ends with 408, and nobody else waits for it", async () => {
  const server = await testServer();
  const { host } = new URL(server.url);
  const slow = Array.from({ length: 50 }, () =>
    raw(
      server,
      `POST /api/issues HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      40_000,
    ),
  );
  expect((await server.ask("GET", "/api/issues")).status).toBe(200);
  for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
}, 60_000);

test("rubbish and headers without end are refused", async () => {
  const server = await testServer();
  expect(await raw(server, "hello\r\n\r\n", 5000)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(server, `GET / HTTP/1.1\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, 5000)).toMatch(/^HTTP\/1\.1 431 /);
  expect((await server.ask("GET", "/api/issues")).status).toBe(200);
});

test.each([
  ["127.0.0.1", [], ["127.0.0.1:3380", "localhost:3380", "[::1]:3380"], ["evil:3380", "127.0.0.1"]],
  ["192.0.2.7", [], ["192.0.2.7:3380"], ["localhost:3380"]],
  ["::1", ["Board.example.test"], ["[::1]:3380", "board.example.test", "board.example.test:3380"], ["example.test"]],
])("bound to %s with the names %j, it is reached under those alone", (host, names, known, unknown) => {
  const hosts = namesOf({ host, port: 3380, names });
  expect(known.filter((name) => !hosts.has(name))).toEqual([]);
  expect(unknown.filter((name) => hosts.has(name))).toEqual([]);
});
