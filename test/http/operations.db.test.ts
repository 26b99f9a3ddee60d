import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { statusOf } from "../../src/http/http-errors.ts";
import { ISSUE_ROUTES } from "../../src/http/issue-routes.ts";
import { OPERATIONS } from "../../src/ops/index.ts";
import { TOKEN, testServer } from "../support/http-server.ts";

test("every operation that is not of this machine is served, and no other", async () => {
  const { ask } = await testServer({}, "ops");
  const { body } = await ask("GET", "/api/ops");
  const served = OPERATIONS.filter(({ access }) => access !== "machine").map(({ name }) => name);
  expect(body.map(({ name }: { name: string }) => name)).toEqual(served);
  for (const { name, access } of OPERATIONS) {
    const { status, body: answer } = await ask("POST", `/api/ops/${name}`, { "no such member": 1 });
    if (access === "machine") expect([status, answer.code], name).toEqual([404, "UNKNOWN_OPERATION"]);
    else expect([status, answer.code], name).toEqual([400, "BAD_INPUT"]);
  }
});

test("an operation's result stands in an envelope, with what failed and what is to be said", async () => {
  const { ask } = await testServer({}, "env");
  await ask("POST", "/api/issues", { title: "One", id: "env-1" });
  const shown = await ask("POST", "/api/ops/issue.show", { ids: ["env-1", "env-none"] });
  expect(shown).toMatchObject({
    status: 207,
    body: { data: [{ id: "env-1" }], failures: [{ item: "env-none", code: "ISSUE_NOT_FOUND" }] },
  });
  expect(await ask("POST", "/api/ops/issue.stats", { assigned_to_me: false })).toMatchObject({
    status: 200,
    body: { data: { summary: expect.anything() } },
  });
  expect(await ask("POST", "/api/ops/issue.stats", {})).toMatchObject({
    status: 400,
    body: { details: { field: "assigned_to_me" } },
  });
});

test("a long text comes as it is, line by line", async () => {
  const { ask, url } = await testServer({}, "text");
  for (const title of ["One", "Two"]) await ask("POST", "/api/issues", { title });
  const response = await fetch(`${url}/api/ops/data.export`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ all: true, include_memories: false }),
  });
  expect(response.headers.get("content-type")).toContain("application/x-ndjson");
  const lines = (await response.text()).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).title)).toEqual(expect.arrayContaining(["One", "Two"]));
});

test("the description is OpenAPI, has every route and operation, and every route is there", async () => {
  const { ask } = await testServer({}, "open");
  const { body } = await ask("GET", "/openapi.json");
  const { valid, errors } = await new Validator().validate(structuredClone(body));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  const operations = OPERATIONS.filter(({ access }) => access !== "machine").map(({ name }) => `/api/ops/${name}`);
  const routes = ISSUE_ROUTES.map(({ path }) => path.replaceAll(/:(\w+)/g, "{$1}"));
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining([...operations, ...routes]));
  const made = await ask("POST", "/api/issues", { title: "One", id: "open-1", labels: ["a"] });
  await ask("POST", "/api/issues", { title: "Two", id: "open-2" });
  expect(made.status).toBe(201);
  for (const [path, methods] of Object.entries<Record<string, object>>(body.paths)) {
    for (const method of Object.keys(methods)) {
      if (path === "/api/events" || path.startsWith("/api/ops/")) continue;
      const real = path.replace("{id}", "open-1").replace("{part}", path.includes("labels") ? "a" : "open-2");
      const { status, body: answer } = await ask(
        method.toUpperCase(),
        real,
        method === "get" || method === "delete" ? undefined : {},
      );
      // A body without what is needed is refused by the route itself.
      expect([200, 201, 400, 401, 404], `${method} ${path}: ${JSON.stringify(answer)}`).toContain(status);
      expect(answer?.code, `${method} ${path}`).not.toBe("NO_SUCH_ROUTE");
    }
  }
});

test("every kind of error has a status that says whose fault it is", () => {
  const kinds = [
    "rejected",
    "usage",
    "not-found",
    "config",
    "unavailable",
    "timeout",
    "conflict",
    "schema",
    "internal",
    "interrupted",
  ] as const;
  expect(Object.fromEntries(kinds.map((kind) => [kind, statusOf({ kind, code: "ANY" })]))).toEqual({
    rejected: 409,
    usage: 400,
    "not-found": 404,
    config: 500,
    unavailable: 503,
    timeout: 504,
    conflict: 409,
    schema: 500,
    internal: 500,
    interrupted: 503,
  });
});

test("who is well says so to everybody", async () => {
  const { url } = await testServer();
  const response = await fetch(`${url}/healthz`);
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
});
