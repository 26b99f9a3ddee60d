import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { commitChanges } from "../support/commit-changes.ts";
import { inLanes } from "../support/in-lanes.ts";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "cd" });
  await workspace.json(["create", "Target", "--id", "cd-target"]);
});
afterAll(() => workspace.remove());

/** A write to four tables. */
const createArgs = (name: string) =>
  ["create", `Issue of ${name}`, "--id", `cd-${name}`, "--actor", name].concat([
    "-l",
    "one,two",
    "--deps",
    "blocks:cd-target",
  ]);

/** Of each actor either nothing is there, or all of it in one commit. */
async function expectAllOrNothing(actors: readonly string[]): Promise<void> {
  const commits = (await commitChanges(workspace)).filter(({ committer }) => actors.includes(committer));
  expect(new Set(commits.map(({ committer }) => committer)).size).toBe(commits.length);
  for (const { committer, changes } of commits)
    expect(changes).toEqual(
      expect.arrayContaining([`+issue cd-${committer}`, `+label cd-${committer} one`, `+label cd-${committer} two`]),
    );
  const creators = (await workspace.sql("SELECT created_by FROM issues")).map(({ created_by }) => String(created_by));
  expect(creators.filter((creator) => actors.includes(creator)).toSorted()).toEqual(
    commits.map(({ committer }) => committer).toSorted(),
  );
  expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
}

test("40 writers killed at random points leave no half change and hold nobody up", async () => {
  const actors = Array.from({ length: 40 }, (_, n) => `victim${n}`);

  const codes = await inLanes(
    4,
    actors.map((actor) => async () => {
      const { child, done } = workspace.spawn(createArgs(actor));
      const killing = setTimeout(() => child.kill("SIGKILL"), 40 + Math.random() * 260);
      const { code } = await done;
      clearTimeout(killing);
      return code;
    }),
  );

  const next = await workspace.bd(["create", "Next", "--actor", "next"], { env: { BEADS_DOLT_RETRY_MAX: "3s" } });
  expect(next.code, next.stderr).toBe(0);
  expect(codes.every((code) => code === 0 || code === 137)).toBe(true);
  await expectAllOrNothing(actors);
});

test.for([
  ["its first packet", "GET_LOCK"],
  ["the commit", "DOLT_COMMIT"],
  ["its last packet", "RELEASE_LOCK"],
])("a writer killed while it sends %s leaves all or nothing", async ([, moment]) => {
  const actor = `at${moment?.replace("_", "").toLowerCase()}`;
  const proxy = await startScriptedProxy(workspace.port, async (flight) => {
    if (!flight.includes(moment ?? "")) return;
    child.kill("SIGKILL");
    await done;
  });
  onTestFinished(() => proxy.close());
  const { child, done } = workspace.spawn(createArgs(actor), {
    env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
  });

  expect((await done).code).toBe(137);

  const next = await workspace.bd(["create", "Next"], { env: { BEADS_DOLT_RETRY_MAX: "3s" } });
  expect(next.code, next.stderr).toBe(0);
  await expectAllOrNothing([actor]);
});

test("a writer that is stopped with the lock in its hands is named by the one that waited for it, and can go on", async () => {
  const stopped = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  const proxy = await startScriptedProxy(workspace.port, async (flight) => {
    if (!flight.includes("DOLT_COMMIT")) return;
    child.kill("SIGSTOP");
    stopped.resolve();
    await resumed.promise;
  });
  onTestFinished(() => proxy.close());
  const { child, done } = workspace.spawn(createArgs("holder"), {
    env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
  });
  await stopped.promise;

  const waiting = await workspace.bd(createArgs("waiter"), { env: { BEADS_DOLT_RETRY_MAX: "3s" } });

  expect(waiting.code).toBe(5);
  expect(waiting.stderr).toMatch(
    /^waiting for the write lock of 'beads_cd' \(bd dolt status\)\nError: the write lock 'beads_cd:write' is held by connection \d+ \(agent-[\d-]+@.*\); gave up after 3 s, nothing was written; if its program is gone, an admin frees the lock by KILL \d+\nHint: bd dolt status\n$/,
  );
  child.kill("SIGCONT");
  resumed.resolve();
  expect((await done).code).toBe(0);
  await expectAllOrNothing(["holder", "waiter"]);
  expect(await workspace.sql("SELECT id FROM issues WHERE id IN ('cd-holder', 'cd-waiter')")).toEqual([
    { id: "cd-holder" },
  ]);
});

test("Ctrl-C before the commit exits 130 and writes nothing", async () => {
  const proxy = await startScriptedProxy(workspace.port, async (flight) => {
    if (!flight.includes("GET_LOCK")) return;
    child.kill("SIGINT");
    await done;
  });
  onTestFinished(() => proxy.close());
  const { child, done } = workspace.spawn(createArgs("early"), {
    env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
  });

  expect(await done).toEqual({ code: 130, stdout: "", stderr: "Error: interrupted; nothing was written\n" });
  expect(await workspace.sql("SELECT id FROM issues WHERE id = 'cd-early'")).toEqual([]);
});

test("Ctrl-C during the commit waits for it and says what was done", async () => {
  const proxy = await startScriptedProxy(workspace.port, (flight) => {
    if (flight.includes("DOLT_COMMIT")) child.kill("SIGINT");
  });
  onTestFinished(() => proxy.close());
  const { child, done } = workspace.spawn([...createArgs("late"), "--silent"], {
    env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
  });

  expect(await done).toMatchObject({ code: 0, stdout: "cd-late\n" });
  await expectAllOrNothing(["late"]);
});

test("a second Ctrl-C during a commit that nobody answers ends with what is known, and the log tells the rest", async () => {
  const proxy = await startScriptedProxy(workspace.port, (flight, wire) => {
    if (!flight.includes("DOLT_COMMIT")) return;
    wire.deafenClient();
    child.kill("SIGINT");
  });
  onTestFinished(() => proxy.close());
  const { child, done } = workspace.spawn(createArgs("twice"), {
    env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
  });
  child.stderr.once("data", () => child.kill("SIGINT"));

  const { code, stderr } = await done;

  expect(code).toBe(130);
  expect(stderr).toMatch(
    /^the change is being committed: waiting up to 10 s for the answer \(Ctrl-C again gives up\)$/m,
  );
  const told = /^Error: interrupted while committing; the outcome is unknown: .* operation_id ([0-9a-f-]{36})$/m;
  expect(stderr).toMatch(told);
  const log = await workspace.json(["dolt", "log"]);
  expect(log).toContainEqual(
    expect.objectContaining({ author: "twice", operation_id: told.exec(stderr)?.[1], message: "bd: create cd-twice" }),
  );
});
