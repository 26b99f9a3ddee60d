import { afterEach, beforeEach, expect, test } from "vitest";
import type { App } from "../../src/app/app.ts";
import { asRoot } from "../support/roles.ts";
import { call, callerIn, testApp } from "../support/test-app.ts";
import { commitBySql } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let app: App;
beforeEach(async () => {
  workspace = await testWorkspace({ prefix: "pool" });
  app = testApp({ idleSessions: 2 });
});
afterEach(() => app.close());

const LIST = { filter: {}, limit: 0, sort: "priority", reverse: false };
const list = (in_ = workspace) => call(app, callerIn(in_), "issue.list", LIST);
const create = (title: string, said = {}) =>
  call(app, callerIn(workspace, said), "issue.capture", {
    draft: { title },
    labels: [],
    deps: [],
    inherit_labels: false,
    force: false,
    dry_run: false,
  });

/** The connections that a workspace's login has open, with what they wait in. */
async function connections(of = workspace): Promise<{ id: number; database: string }[]> {
  const user = of.env["BEADS_DOLT_SERVER_USER"] ?? "";
  return asRoot(of.port, async (admin) => {
    const [rows] = await admin.query("SELECT id, db FROM information_schema.processlist WHERE user = ?", [user]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the driver can't know what a statement answers
    return (rows as { id: number; db: string }[]).map(({ id, db }) => ({ id, database: db }));
  });
}

test("calls one after the other share a connection, reads and writes", async () => {
  await create("One");
  const [first] = await connections();
  await list();
  await create("Two");
  expect(await connections()).toEqual([first]);
});

test("a session that comes back from a read holds no snapshot: the next user sees what others have committed", async () => {
  await list();
  await commitBySql(workspace, [
    "INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES ('pool-x', 'By SQL', '', '', '', '')",
  ]);
  expect((await list()).payload()).toMatchObject([{ id: "pool-x" }]);
});

test("calls side by side have a connection each, of which so many are kept", async () => {
  await Promise.all(["a", "b", "c", "d"].map((title) => create(title)));
  expect((await list()).payload()).toHaveLength(4);
  await expect.poll(async () => (await connections()).length).toBe(2);
});

test("an idle connection that the server ended is made anew", async () => {
  await create("One");
  const [first] = await connections();
  await asRoot(workspace.port, (admin) => admin.query(`KILL ${first?.id}`));
  await create("Two");
  expect((await list()).payload()).toHaveLength(2);
  expect(await connections()).not.toEqual([first]);
});

test("one whose user was interrupted in the middle of something is not kept", async () => {
  const stop = new AbortController();
  await asRoot(workspace.port, async (admin) => {
    await admin.query(`SELECT GET_LOCK('${workspace.database}:write', 5)`);
    const frames = app.call(
      "issue.update",
      { ids: ["pool-1"], priority: "0" },
      { caller: callerIn(workspace), signal: stop.signal },
    );
    const done = (async () => {
      for await (const frame of frames) if (frame.kind === "error") return frame.error;
      return undefined;
    })();
    await expect.poll(async () => (await connections()).length).toBeGreaterThan(0);
    stop.abort();
    expect(await done).toMatchObject({ kind: "interrupted" });
  });
  await expect.poll(() => connections()).toEqual([]);
});

test("databases, and logins to one database, share nothing", async () => {
  const other = await testWorkspace({ prefix: "poolb" });
  await create("One");
  await list(other);
  const root = {
    ...callerIn(workspace),
    env: { ...workspace.env, BEADS_DOLT_SERVER_USER: "root", BEADS_DOLT_PASSWORD: "" },
  };
  await call(app, root, "issue.list", LIST);
  expect((await connections()).map(({ database }) => database)).toEqual([workspace.database]);
  expect((await connections(other)).map(({ database }) => database)).toEqual([other.database]);
});

test("a closed bd keeps nothing", async () => {
  await create("One");
  app.close();
  await expect.poll(() => connections()).toEqual([]);
  await create("Two");
  await expect.poll(() => connections()).toEqual([]);
});
