import { afterAll, beforeAll, expect, test } from "vitest";
import { type CountingProxy, startCountingProxy } from "../support/counting-proxy.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;
let proxy: CountingProxy;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "trip" });
  proxy = await startCountingProxy({ targetPort: ws.port });
  for (const id of ["trip-a", "trip-b", "trip-c"]) await ws.json(["create", id, "--id", id, "-l", "x"]);
  await ws.json(["create", "Epic", "--id", "trip-e", "-t", "epic"]);
});
afterAll(async () => {
  await proxy.close();
  await ws.remove();
});

test.each([
  [4, ["show", "trip-a", "trip-b"]],
  [4, ["comments", "trip-a"]],
  [5, ["history", "trip-a"]],
  [4, ["label", "list", "trip-a"]],
  [4, ["label", "list-all"]],
  [7, ["update", "trip-a", "-p", "0", "--add-label", "y", "--remove-label", "x"]],
  [7, ["update", "trip-a", "--claim", "--session", "s"]],
  [7, ["update", "trip-a", "trip-b", "--parent", "trip-e"]],
  [4, ["update", "trip-a", "-p", "0"]],
  [7, ["label", "add", "trip-a", "trip-b", "z"]],
  [7, ["comment", "trip-a", "text"]],
  [7, ["comment", "edit", "trip-a", "words"]],
  [7, ["comment", "delete", "trip-a"]],
  [7, ["close", "trip-a", "trip-b", "--session", "s"]],
  [4, ["close", "trip-a"]],
  [7, ["close", "trip-c", "--suggest-next"]],
  [7, ["reopen", "trip-a"]],
  [7, ["create", "New", "--id", "trip-n"]],
  [11, ["undo"]],
  [11, ["undo"]],
  [5, ["delete", "trip-a", "trip-b"]],
  [8, ["delete", "trip-n", "trip-c", "--force"]],
  [7, ["create", "Child", "--parent", "trip-e"]],
])("at most %i round trips for bd %o", async (budget, args) => {
  proxy.reset();

  const { code, stderr } = await ws.bd(args, { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });

  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(proxy.counts()).toMatchObject({ connections: 1 });
  expect(proxy.counts().roundTrips).toBeLessThanOrEqual(budget);
});
