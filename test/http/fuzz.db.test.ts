import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isForPrograms, OPERATIONS } from "../../src/ops/index.ts";
import { testServer } from "../support/http-server.ts";
import { privateRedis } from "../support/private-redis.ts";

const NAMES = OPERATIONS.filter(isForPrograms)
  .map(({ name }) => name)
  // They wait for what does not come, or for a remote.
  .filter((name) => !/^(?:change\.watch|dolt\.(?:push|pull|fetch|test)|sync\.run)$/.test(name));

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    2 ** 53,
    1e308,
    "",
    " ",
    "\0",
    "\u202e",
    "\ud800",
    "../../etc/passwd",
    "%00",
    "-h",
    "--json",
    "__proto__",
    "'; DROP TABLE issues; --",
    "x".repeat(70_000),
    [],
    {},
    [[]],
    { __proto__: null, a: { b: [] } },
  ),
  fc.string({ unit: "binary" }),
  fc.jsonValue(),
);

test("whatever is sent to an operation, a route or the tasks is answered, and never by a fault of ours", async () => {
  const { ask } = await testServer({}, undefined, { REDIS_URL: await privateRedis() });
  const { body } = await ask("POST", "/api/issues", { title: "One" });
  const members = [
    "id",
    "ids",
    "title",
    "text",
    "labels",
    "filter",
    "since",
    "prefix",
    "key",
    "value",
    "limit",
    "reason",
  ];
  const input = fc.oneof(odd, fc.dictionary(fc.constantFrom(...members), fc.oneof(odd, fc.constant([body.id]))));
  const faults: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES), input, async (name, value) => {
      const { status, body: answer } = await ask("POST", `/api/ops/${name}`, value ?? null).catch((error: unknown) => ({
        status: 599,
        body: String(error),
      }));
      if (status >= 500) faults.push({ name, value, status, answer });
    }),
    { numRuns: 600 },
  );
  const paths = [
    "/api/issues",
    `/api/issues/${body.id}`,
    "/api/issues/%2e%2e",
    "/api/tracker/tasks",
    "/api/tracker/tasks/x",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("POST", "PATCH", "PUT", "DELETE"),
      fc.constantFrom(...paths),
      input,
      async (method, path, value) => {
        const { status, body: answer } = await ask(method, path, value ?? null).catch((error: unknown) => ({
          status: 599,
          body: String(error),
        }));
        if (status >= 500) faults.push({ method, path, value, status, answer });
      },
    ),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths, "/api/events", "/api/tracker/events"),
      fc.dictionary(
        fc.constantFrom("limit", "cursor", "since", "sort", "statuses", "labels", "ready", "project"),
        fc.string(),
      ),
      async (path, query) => {
        const asked = `${path}?${new URLSearchParams(query).toString()}`;
        const { status, body: answer } = await ask("HEAD", asked).catch((error: unknown) => ({
          status: 599,
          body: String(error),
        }));
        if (status >= 500) faults.push({ asked, status, answer });
      },
    ),
    { numRuns: 300 },
  );
  expect(faults.slice(0, 5)).toEqual([]);
});
