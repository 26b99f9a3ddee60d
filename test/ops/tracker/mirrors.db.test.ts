import { expect, onTestFinished, test } from "vitest";
import { createTracker } from "../../../src/tracker/index.ts";
import { mirrored } from "../../support/mirrored.ts";
import { recordIn, recordsIn } from "../../support/payload.ts";
import { connectionTo, privateRedis, REST_TOKEN, restFront } from "../../support/private-redis.ts";
import { makeTwoMachines } from "../../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../../support/workspace.ts";

const issuesOf = async (workspace: TestWorkspace) => recordsIn(await workspace.json(["list", "--all", "--limit", "0"]));

test("two machines that both mirror one store, and exchange their trackers, have one issue of each task", async () => {
  const machines = await makeTwoMachines({ prefix: "mir" });
  onTestFinished(() => machines.remove());
  const { ann, bob, push } = machines;
  const url = await privateRedis();
  const env = { REDIS_URL: url };
  const tracker = createTracker({ connection: connectionTo(url) });
  await tracker.create({ title: "Before" });
  await ann.bd(["tracker", "setup", "--statuses"], { env });
  // A copy of a tracker is not let in by what was said of the first.
  expect(await bob.bd(["tracker", "sync"], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not set up"),
  });
  await bob.bd(["tracker", "setup", "--statuses"], { env });
  const sync = async (workspace: TestWorkspace) => recordIn(await workspace.json(["tracker", "sync"], { env }));
  // Both compare everything first, and so make an issue of the same task.
  expect(await sync(ann)).toMatchObject({ issues_created: 1 });
  expect(await sync(bob)).toMatchObject({ issues_created: 1 });
  const { task } = await tracker.create({ title: "Between" });
  await sync(bob);
  await sync(ann);
  await push(ann);
  const pulled = await bob.bd(["dolt", "pull"], { env });
  expect(pulled).toMatchObject({ code: 0 });
  await push(bob);
  expect(await ann.bd(["dolt", "pull"], { env })).toMatchObject({ code: 0 });
  // The tracker knows no shorter time than a second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await tracker.update(task.id, { status: "done" });
  for (const workspace of [ann, bob, ann]) await sync(workspace);
  await push(ann);
  await bob.bd(["dolt", "pull"], { env });
  await sync(bob);
  for (const workspace of [ann, bob]) {
    const issues = await issuesOf(workspace);
    expect(issues.map(({ title, status }) => `${String(title)} ${String(status)}`).toSorted()).toEqual([
      "Before open",
      "Between closed",
    ]);
  }
  expect((await tracker.list()).tasks).toHaveLength(2);
});

test("two machines that mirror a store each, and exchange their trackers, bring tasks from one store to the other", async () => {
  const machines = await makeTwoMachines({ prefix: "far" });
  onTestFinished(() => machines.remove());
  const { ann, bob, push } = machines;
  const urls = [await privateRedis(), await privateRedis()] as const;
  const [near, far] = urls.map((url) => createTracker({ connection: connectionTo(url) }));
  const sync = async (workspace: TestWorkspace, url: string) => {
    expect(await workspace.bd(["tracker", "sync"], { env: { REDIS_URL: url } })).toMatchObject({ code: 0 });
  };
  for (const [workspace, url] of [
    [ann, urls[0]],
    [bob, urls[1]],
  ] as const) {
    await workspace.bd(["tracker", "setup", "--statuses"], { env: { REDIS_URL: url } });
    await sync(workspace, url);
  }
  await near?.create({ title: "From the near store" });
  await sync(ann, urls[0]);
  await push(ann);
  expect(await bob.bd(["dolt", "pull"])).toMatchObject({ code: 0 });
  await sync(bob, urls[1]);
  expect((await far?.list())?.tasks).toMatchObject([{ title: "From the near store" }]);
});

test("two trackers of one store each have issues of all tasks, and those of the other's issues", async () => {
  const one = await mirrored();
  const other = await testWorkspace();
  const sync = () => other.json(["tracker", "sync"], { env: one.env });
  expect(await other.bd(["tracker", "setup", "--statuses"], { env: one.env })).toMatchObject({ code: 0 });
  await one.json("create", "From one");
  await other.json(["create", "From other"]);
  for (const round of [1, 2]) expect([round, await one.sync(), await sync()]).toBeDefined();
  await one.tracker.update((await one.tasks()).get("From one")?.id ?? "", { priority: "urgent" });
  await one.sync();
  await sync();
  await one.sync();
  for (const workspace of [one.workspace, other]) {
    const issues = await issuesOf(workspace);
    expect(issues.map(({ title, priority }) => `${String(title)} ${String(priority)}`).toSorted()).toEqual([
      "From one 0",
      "From other 2",
    ]);
  }
});

test("two mirrors of one tracker at once double nothing and lose nothing", async () => {
  const { tracker, bd, json, issues, tasks } = await mirrored();
  await Promise.all(Array.from({ length: 40 }, (_, n) => tracker.create({ title: `Task ${n}` })));
  for (let n = 0; n < 4; n += 1) await json("create", `Issue ${n}`);
  const done = await Promise.all([1, 2, 3].map(() => bd("tracker", "sync")));
  expect(done.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, ""]));
  expect((await issues()).size).toBe(44);
  expect((await tracker.list()).tasks).toHaveLength(44);
  expect(recordsIn(await json("list", "--all", "--limit", "0"))).toHaveLength(44);
  expect((await tasks()).size).toBe(44);
});

test("a store over REST is mirrored in the same way, and its token is nowhere to be seen", async () => {
  const front = await restFront(await privateRedis());
  const workspace = await testWorkspace();
  const env = { KV_REST_API_URL: front.url, KV_REST_API_TOKEN: REST_TOKEN };
  const said: string[] = [];
  const bd = async (...args: string[]) => {
    const { code, stdout, stderr } = await workspace.bd(args, { env });
    said.push(stdout, stderr);
    return { code, stdout };
  };
  const tracker = createTracker({ env });
  await tracker.create({ title: "From the web", status: "review" });
  await workspace.json(["create", "From bd"]);
  expect((await bd("tracker", "setup", "--statuses")).stdout).toContain("over REST");
  expect((await bd("tracker", "sync")).stdout).toBe("issues: 1 new; tasks: 1 new\n");
  await tracker.create({ title: "Later" });
  expect((await bd("tracker", "status")).stdout).toMatch(/Tasks {4}1 to be brought over\n {2}\S+ {2}since /);
  expect((await bd("tracker", "sync")).stdout).toBe("issues: 1 new\n");
  expect((await bd("tracker", "verify")).stdout).toBe("Tasks and issues are the same\n");
  const wrong = await workspace.bd(["tracker", "sync"], { env: { ...env, KV_REST_API_TOKEN: "not-the-token" } });
  said.push(wrong.stdout, wrong.stderr);
  expect(wrong).toMatchObject({ code: 5, stderr: expect.stringContaining("refused the login") });
  expect(said.join("\n")).not.toMatch(new RegExp(`${REST_TOKEN}|not-the-token|${front.url}`));
});

test("a token that may only read can't be mirrored, and that is said", async () => {
  const front = await restFront(await privateRedis());
  const workspace = await testWorkspace();
  const env = { KV_REST_API_URL: front.url, KV_REST_API_READ_ONLY_TOKEN: REST_TOKEN };
  expect(await workspace.bd(["tracker", "setup", "--no-statuses"], { env })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("may only be read"),
  });
});

test("what a mirror has taken and not brought over, the next one brings over", async () => {
  const { tracker, sync, issues, json, workspace } = await mirrored();
  await sync();
  await tracker.create({ title: "Taken" });
  const [{ value: project } = {}] = await workspace.sql("SELECT value FROM metadata WHERE `key` = '_project_id'");
  const read = ["XREADGROUP", "GROUP", `bd-${String(project)}`, "a dead one", "STREAMS", tracker.keys.log, ">"];
  const taken = await tracker.connection.send(read);
  expect(taken).not.toBeNull();
  expect(await json("tracker", "status")).toMatchObject({ lag: 1, tasks_waiting: [{ since: expect.any(String) }] });
  await sync();
  expect([...(await issues()).keys()]).toEqual([]);
  // A minute of silence.
  const id = String((await tracker.changesSince("")).at(-1)?.entry);
  await tracker.connection.send([
    "XCLAIM",
    tracker.keys.log,
    `bd-${String(project)}`,
    "a dead one",
    "0",
    id,
    "IDLE",
    "61000",
    "JUSTID",
  ]);
  await sync();
  expect([...(await issues()).keys()]).toEqual(["Taken"]);
});
