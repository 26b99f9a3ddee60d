import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { commitChanges } from "../support/commit-changes.ts";
import { connectForeign, leaveUncommitted, startForeignProgram } from "../support/foreign-programs.ts";
import { inLanes } from "../support/in-lanes.ts";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "fw" });
});
afterAll(() => workspace.remove());

/** Creates by 16 processes at once, each under an actor of its own; gives the exit codes and what they said. */
function createMany(name: string, count: number) {
  return inLanes(
    16,
    Array.from({ length: count }, (_, n) => async () => {
      const actor = `${name}${n}`;
      const args = ["create", `Issue of ${actor}`, "--id", `fw-${actor}`, "--actor", actor];
      const result = await workspace.spawn(args).done;
      return { actor, ...result };
    }),
  );
}

/** Every write that exited 0 is there, in one commit of its own; of those that gave up, nothing is. */
async function expectWhole(results: Awaited<ReturnType<typeof createMany>>): Promise<void> {
  for (const { code, stderr } of results) if (code !== 0) expect({ code, stderr }).toMatchObject({ code: 5 });
  const done = results.filter(({ code }) => code === 0).map(({ actor }) => actor);
  const actors = new Set(results.map(({ actor }) => actor));
  expect(done.length).toBeGreaterThan(results.length / 2);
  const commits = (await commitChanges(workspace)).filter(({ committer }) => actors.has(committer));
  expect(commits.map(({ committer }) => committer).toSorted()).toEqual(done.toSorted());
  for (const { committer, changes } of commits)
    expect(changes).toEqual([`+event fw-${committer} created by ${committer}`, `+issue fw-${committer}`]);
}

test("beside a program that never makes Dolt commits, every write is whole and nothing foreign is in our commits", async () => {
  const foreign = await startForeignProgram(workspace, { key: "foreign.plain", commits: false, pauseMs: 40 });
  const results = await createMany("plain", 48);
  const changes = await foreign.stop();

  await expectWhole(results);
  expect(results.map(({ stderr }) => stderr).join("")).toContain(
    "committed what another program had left uncommitted in config (as bd-recovery)",
  );
  expect(await workspace.sql("SELECT value FROM config WHERE `key` = 'foreign.plain'")).toEqual([
    { value: String(changes) },
  ]);
  const foreignCommits = (await commitChanges(workspace)).filter((commit) => commit.changes.includes("table config"));
  expect(new Set(foreignCommits.map(({ committer }) => committer))).toEqual(new Set(["tester", "bd-recovery"]));
});

test("beside a program that makes Dolt commits without our lock, no write is lost or doubled", async () => {
  const foreign = await startForeignProgram(workspace, { key: "foreign.commits", commits: true, pauseMs: 20 });
  const results = await createMany("beside", 48);
  const changes = await foreign.stop();

  await expectWhole(results);
  expect(changes).toBeGreaterThan(0);
  expect(await workspace.sql("SELECT value FROM config WHERE `key` = 'foreign.commits'")).toEqual([
    { value: String(changes) },
  ]);
});

test("claims beside both kinds of programs have one winner each", async () => {
  const ids = Array.from({ length: 24 }, (_, n) => `fw-c${n}`);
  const lines = ids.map((id) => JSON.stringify({ id, title: id, status: "open", priority: 0, issue_type: "task" }));
  await workspace.json(["import", "-"], { stdin: lines.join("\n") });
  const foreign = await Promise.all([
    startForeignProgram(workspace, { key: "foreign.plain", commits: false, pauseMs: 60 }),
    startForeignProgram(workspace, { key: "foreign.commits", commits: true, pauseMs: 60 }),
  ]);

  const results = await inLanes(
    16,
    ids.map((_, n) => () => workspace.spawn(["ready", "--claim", "-p", "0", "--json", "--actor", `agent${n}`]).done),
  );
  await Promise.all(foreign.map((program) => program.stop()));

  for (const { code, stderr } of results) expect([0, 5], stderr).toContain(code);
  const winners = results.flatMap(({ code }, n) => (code === 0 ? [`agent${n}`] : []));
  expect(winners.length).toBeGreaterThan(ids.length / 2);
  const holders = await workspace.sql("SELECT assignee FROM issues AS OF 'HEAD' WHERE assignee LIKE 'agent%'");
  expect(holders.map(({ assignee }) => String(assignee)).toSorted()).toEqual(winners.toSorted());
  const commits = (await commitChanges(workspace)).filter(({ committer }) => committer.startsWith("agent"));
  expect(commits.map(({ committer }) => committer).toSorted()).toEqual(winners.toSorted());
});

test("a program that leaves changes again and again ends a command with exit 5, and nothing is written", async () => {
  const foreign = await connectForeign(workspace);
  onTestFinished(() => foreign.end());
  let left = 0;
  const proxy = await startScriptedProxy(workspace.port, async (flight) => {
    if (!flight.includes("GET_LOCK")) return;
    left += 1;
    await leaveUncommitted(foreign, "foreign.always", left);
  });
  onTestFinished(() => proxy.close());
  const env = { BEADS_DOLT_SERVER_PORT: String(proxy.port), BEADS_ACTOR: "beaten" };

  const { code, stderr } = await workspace.bd(["create", "Never", "--id", "fw-never"], { env });

  expect(code).toBe(5);
  expect(stderr).toContain("Error: another program keeps leaving uncommitted changes in config; nothing was written\n");
  expect(stderr).toContain("Hint: bd dolt status\n");
  expect(await workspace.sql("SELECT id FROM issues WHERE id = 'fw-never'")).toEqual([]);
  expect((await commitChanges(workspace)).filter(({ committer }) => committer === "beaten")).toEqual([]);
});
