import { expect, test } from "vitest";
import { createTracker } from "../../../src/tracker/index.ts";
import { mirrored } from "../../support/mirrored.ts";
import { recordIn } from "../../support/payload.ts";
import { connectionTo } from "../../support/private-redis.ts";

test("tasks become issues, and issues tasks, with all that both have in common", async () => {
  const { json, tracker, sync, issues, tasks } = await mirrored();
  await tracker.create({
    title: "From the web",
    description: "a page",
    status: "in-progress",
    priority: "urgent",
    assignedTo: "ann",
    agentCodeName: "fox",
    project: "shop",
  });
  await json("create", "From bd", "-p", "3", "-l", "agent:owl,project:shop", "-d", "text", "-a", "bob");
  expect(await sync()).toMatchObject({ issues_created: 1, tasks_created: 1 });

  expect((await issues()).get("From the web")).toMatchObject({
    description: "a page",
    status: "in_progress",
    priority: 0,
    assignee: "ann",
    issue_type: "task",
    labels: ["agent:fox", "project:shop"],
  });
  expect((await tasks()).get("From bd")).toMatchObject({
    description: "text",
    status: "todo",
    priority: "low",
    assignedTo: "bob",
    agentCodeName: "owl",
    project: "shop",
  });
  const [issue, task] = [(await issues()).get("From the web"), (await tasks()).get("From the web")];
  expect(task?.issue).toBe(issue?.["id"]);
  expect(issue?.["external_ref"]).toBe(`tracker:${task?.id}`);
  expect(await sync()).toMatchObject({ issues_created: 0, issues_changed: 0, tasks_created: 0, tasks_changed: 0 });
});

/** A task and its issue, which are the same. */
async function pair(title = "One") {
  const both = await mirrored();
  const { task } = await both.tracker.create({ title });
  await both.sync();
  const issue = String((await both.issues()).get(title)?.["id"]);
  return { ...both, task: task.id, issue };
}

test("a field that was changed on one side goes to the other, and what nobody changed stays", async () => {
  const { json, tracker, sync, issues, tasks, task, issue } = await pair();
  await tracker.update(task, { status: "review", priority: "high", agentCodeName: "fox" });
  await json("update", issue, "--title", "Two", "--assignee", "ann", "--add-label", "mine");
  expect(await sync()).toMatchObject({ issues_changed: 1, tasks_changed: 1 });
  expect((await issues()).get("Two")).toMatchObject({
    status: "review",
    priority: 1,
    assignee: "ann",
    labels: ["agent:fox", "mine"],
  });
  expect((await tasks()).get("Two")).toMatchObject({ status: "review", priority: "high", assignedTo: "ann" });
  await tracker.update(task, { assignedTo: null, agentCodeName: null });
  await json("update", issue, "--description", "text");
  await sync();
  expect((await issues()).get("Two")).toMatchObject({ description: "text", labels: ["mine"] });
  expect((await issues()).get("Two")).not.toHaveProperty("assignee");
  expect((await tasks()).get("Two")).toMatchObject({ description: "text" });
});

test("of one field that both sides changed the later change counts, whoever is asked first", async () => {
  const { json, tracker, sync, issues, tasks, task, issue } = await pair();
  await tracker.update(task, { title: "Web first", priority: "low" });
  await later();
  await json("update", issue, "--title", "Bd later");
  await later();
  await tracker.update(task, { priority: "urgent" });
  await sync();
  expect((await issues()).get("Bd later")).toMatchObject({ priority: 0 });
  expect((await tasks()).get("Bd later")).toMatchObject({ priority: "urgent" });
});

test("what a task has no word for is never written back", async () => {
  const { json, tracker, sync, issues, tasks } = await mirrored();
  const made = new Map<string, string>();
  for (const [title, ...words] of [
    ["Backlog", "update", "-p", "4"],
    ["Blocked", "update", "--status", "blocked"],
    ["Deferred", "defer"],
  ] as const) {
    const id = String(recordIn(await json("create", title))["id"]);
    const [verb, ...flags] = words;
    await json(verb, id, ...flags);
    made.set(title, id);
  }
  await sync();
  const shown = await tasks();
  expect(shown.get("Backlog")).toMatchObject({ priority: "low", status: "todo" });
  expect(shown.get("Blocked")).toMatchObject({ status: "todo" });
  expect(shown.get("Deferred")).toMatchObject({ status: "todo" });
  for (const title of made.keys()) await tracker.update(shown.get(title)?.id ?? "", { description: "by the web" });
  await sync();
  const now = await issues();
  expect(now.get("Backlog")).toMatchObject({ priority: 4, description: "by the web" });
  expect(now.get("Blocked")).toMatchObject({ status: "blocked", description: "by the web" });
  expect(now.get("Deferred")).toMatchObject({ status: "deferred", description: "by the web" });
});

test("a deleted task closes its issue, a purged one deletes it, and a deleted issue deletes its task", async () => {
  const { json, bd, tracker, sync, issues, tasks } = await mirrored();
  for (const title of ["Deleted", "Purged", "Gone"]) await tracker.create({ title });
  await sync();
  const [known, ids] = [await tasks(), await issues()];
  const idOf = (title: string) => String(ids.get(title)?.["id"]);
  await tracker.remove(known.get("Deleted")?.id ?? "");
  await tracker.purge(known.get("Purged")?.id ?? "");
  await json("delete", idOf("Gone"), "--force");
  expect(await sync()).toMatchObject({ issues_changed: 1, issues_deleted: 1, tasks_changed: 1 });
  expect((await issues()).get("Deleted")).toMatchObject({ status: "closed", close_reason: "deleted in tracker" });
  expect([...(await issues()).keys()]).toEqual(["Deleted"]);
  expect([...(await tasks()).keys()]).toEqual([]);

  await json("restore", idOf("Gone"));
  await json("restore", idOf("Purged"));
  await json("reopen", idOf("Deleted"));
  await sync();
  expect([...(await tasks()).keys()].toSorted()).toEqual(["Deleted", "Gone", "Purged"]);
  expect((await tasks()).get("Deleted")).toMatchObject({ status: "todo" });
  expect((await bd("tracker", "verify")).stdout).toBe("Tasks and issues are the same\n");
});

test("a status that the project does not have is in progress here, and stays what it is there", async () => {
  const { tracker, sync, issues, tasks } = await mirrored({ statuses: false });
  await tracker.create({ title: "One", status: "review" });
  await sync();
  expect((await issues()).get("One")).toMatchObject({ status: "in_progress" });
  await sync();
  expect((await tasks()).get("One")).toMatchObject({ status: "review" });
});

test("a task that the tracker has no place for is left alone, said, and taken when it is mended", async () => {
  const { json, bd, tracker, sync, issues } = await mirrored();
  const text = { id: "odd", title: "Odd", status: "someday", priority: "high", createdAt: "x", updatedAt: "x" };
  await tracker.connection.send(["SET", tracker.keys.task("odd"), JSON.stringify(text)]);
  await tracker.create({ title: "Sound" });
  await json("tracker", "verify", "--fix");
  expect([...(await issues()).keys()]).toEqual(["Sound"]);
  expect((await bd("tracker", "status")).stdout).toMatch(/Left {5}task odd since \S+: the status "someday" is none of/);
  await tracker.update("odd", { status: "done" });
  await sync();
  expect((await issues()).get("Odd")).toMatchObject({ status: "closed", priority: 1 });
  expect((await bd("tracker", "status")).stdout).not.toContain("Left");
});

test("tasks of before, and of programs that know nothing of us, are found when everything is compared", async () => {
  const { json, bd, tracker, sync, issues } = await pair();
  const old = { id: "old", title: "Old", status: "todo", priority: "low", createdAt: "2020-01-02T03:04:05.678Z" };
  await tracker.connection.send(["SET", tracker.keys.task("old"), JSON.stringify(old)]);
  expect(await sync()).toMatchObject({ issues_created: 0 });
  const verified = await bd("tracker", "verify", "--json");
  expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([1, { unknown_tasks: ["old"] }]);
  await json("tracker", "verify", "--fix");
  expect((await issues()).get("Old")).toMatchObject({ created_at: "2020-01-02T03:04:05Z" });
});

test("what is no task, or none that a tracker can hold, stops nothing", async () => {
  const { json, tracker, issues } = await mirrored();
  const planted = [
    ["a/b", { id: "a/b", title: "Slash" }],
    ["other", { id: "one", title: "Another's" }],
    ["list", []],
    ["late", { id: "late", title: "Late", status: "todo", priority: "low", updatedAt: "9999-01-01T00:00:00Z" }],
    ["odd", { id: "odd", title: { a: 1 }, status: "todo", priority: "low" }],
    ["long", { id: "long", title: "x".repeat(501), status: "todo", priority: "low" }],
    ["half", { id: "half", title: "\ud800", status: "todo", priority: "low" }],
  ] as const;
  for (const [id, value] of planted) {
    await tracker.connection.send(["SET", tracker.keys.task(id), JSON.stringify(value)]);
  }
  await tracker.connection.send(["SET", tracker.keys.task("rubbish"), "{"]);
  await json("tracker", "sync");
  expect([...(await issues()).keys()]).toEqual(["Late"]);
  const id = String((await issues()).get("Late")?.["id"]);
  await json("update", id, "--title", "Later");
  await json("tracker", "sync");
  await json("tracker", "verify", "--fix");
  expect([...(await issues()).keys()]).toEqual(["Later"]);
  expect(await json("tracker", "status")).toMatchObject({
    dead_letters: expect.arrayContaining(["odd", "long", "half"].map((one) => expect.objectContaining({ id: one }))),
  });
});

test("a stream that has lost entries leads to one comparison of everything", async () => {
  const { json, tracker, sync, issues, tasks, task } = await pair();
  await tracker.update(task, { title: "Changed" });
  await tracker.create({ title: "New" });
  await tracker.connection.send(["XTRIM", tracker.keys.log, "MAXLEN", "0"]);
  await json("create", "Here");
  await tracker.create({ title: "Newer" });
  await sync();
  expect([...(await issues()).keys()].toSorted()).toEqual(["Changed", "Here", "New", "Newer"]);
  expect([...(await tasks()).keys()].toSorted()).toEqual(["Changed", "Here", "New", "Newer"]);
});

test("a project that numbers its issues numbers those of tasks, too", async () => {
  const { json, tracker, sync, issues, workspace } = await mirrored();
  await json("config", "set", "issue_id_mode", "counter");
  await json("create", "First");
  for (const title of ["Second", "Third"]) await tracker.create({ title });
  await sync();
  await json("create", "Fourth");
  const prefix = workspace.database.slice("beads_".length);
  const ids = [...(await issues()).values()].map(({ id }) => String(id)).toSorted();
  expect(ids).toEqual([1, 2, 3, 4].map((number) => `${prefix}-${number}`));
});

test("a comparison of everything, and a task that another program has written, undo no change of another field", async () => {
  const { json, bd, tracker, sync, issues, tasks, task, issue } = await pair();
  const write = async (fields: object) => {
    const text = String(await tracker.connection.send(["GET", tracker.keys.task(task)]));
    const written = JSON.stringify({ ...JSON.parse(text), ...fields, updatedAt: new Date().toISOString() });
    await tracker.connection.send(["SET", tracker.keys.task(task), written]);
  };
  for (const [round, lose] of [
    ["gap", () => tracker.connection.send(["XTRIM", tracker.keys.log, "MAXLEN", "0"])],
    ["found", () => bd("tracker", "verify", "--fix")],
  ] as const) {
    await json("update", issue, "-a", `ann ${round}`, "-p", "0");
    await later();
    if (round === "gap") await tracker.update(task, { description: `web ${round}` });
    else await write({ description: `web ${round}` });
    await lose();
    await tracker.create({ title: `New ${round}` });
    await sync();
    expect((await issues()).get("One")).toMatchObject({
      assignee: `ann ${round}`,
      description: `web ${round}`,
      priority: 0,
    });
    expect((await tasks()).get("One")).toMatchObject({ assignedTo: `ann ${round}`, description: `web ${round}` });
  }
});

test("what both sides change while the first comparison is interrupted is kept on both", async () => {
  const { json, tracker, sync, issues, tasks, workspace } = await mirrored();
  await json("create", "From bd");
  const { task } = await tracker.create({ title: "From the web" });
  await sync();
  // As if the comparison had been killed before it said that it was done.
  const [{ value: project } = {}] = await workspace.sql("SELECT value FROM metadata WHERE `key` = '_project_id'");
  const key = tracker.keys.mirror(`bd-${String(project)}`);
  const fields = await tracker.connection.send(["HKEYS", key]);
  const names = (Array.isArray(fields) ? fields.map(String) : []).filter((name) => name.startsWith("compared:"));
  expect(names).toHaveLength(1);
  await tracker.connection.send(["HDEL", key, ...names]);
  const [fromBd, fromWeb] = [(await tasks()).get("From bd")?.id ?? "", task.id];
  const ids = await issues();
  for (const title of ["From bd", "From the web"]) await json("update", String(ids.get(title)?.["id"]), "-a", "ann");
  await later();
  for (const id of [fromBd, fromWeb]) await tracker.update(id, { priority: "urgent" });
  await later();
  for (const title of ["From bd", "From the web"]) await json("update", String(ids.get(title)?.["id"]), "-d", "text");
  await sync();
  for (const title of ["From bd", "From the web"]) {
    expect((await issues()).get(title)).toMatchObject({ assignee: "ann", priority: 0, description: "text" });
    expect((await tasks()).get(title)).toMatchObject({ assignedTo: "ann", priority: "urgent", description: "text" });
  }
});

test("closing goes past the rules of bd, which are told", async () => {
  const { json, tracker, sync, issues, tasks } = await mirrored();
  const first = String(recordIn(await json("create", "First"))["id"]);
  const second = String(recordIn(await json("create", "Second"))["id"]);
  await json("dep", "add", second, first);
  await sync();
  await tracker.update((await tasks()).get("Second")?.id ?? "", { status: "done" });
  const counts = await sync();
  expect(counts).toMatchObject({ past_rules: [{ id: second, why: expect.stringContaining("blocked by") }] });
  expect((await issues()).get("Second")).toMatchObject({ status: "closed" });
});

test("issues that get other ids stay the issues of their tasks", async () => {
  const { json, bd, sync, tasks, tracker } = await pair("From the web");
  await json("create", "From bd");
  await sync();
  const before = await tasks();
  await json("rename-prefix", "other");
  await sync();
  const after = await tasks();
  for (const title of ["From the web", "From bd"]) {
    expect(after.get(title)?.id).toBe(before.get(title)?.id);
    expect(after.get(title)?.issue).toMatch(/^other-/);
  }
  await tracker.update(after.get("From bd")?.id ?? "", { priority: "urgent" });
  await sync();
  expect((await bd("tracker", "verify")).stdout).toBe("Tasks and issues are the same\n");
});

test("nothing is mirrored that no person has set up", async () => {
  const { workspace, env, tracker } = await mirrored();
  await tracker.connection.send(["FLUSHALL"]);
  for (const words of [["sync"], ["verify"], ["verify", "--fix"]]) {
    const { code, stderr } = await workspace.bd(["tracker", ...words], { env });
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining("bd tracker setup")]);
    expect(code).not.toBe(0);
  }
  const nowhere = await workspace.bd(["tracker", "sync"]);
  expect(nowhere.stderr).toContain("No task store is configured: set KV_REST_API_URL");
});

test("of a project's tasks alone there are issues, where that is said", async () => {
  const { json, bd, tracker, sync, issues, tasks } = await mirrored();
  await json("config", "set", "tracker.project", "shop");
  // The project may say so, and whoever has set it up has not heard it.
  expect((await bd("tracker", "sync")).stderr).toContain(
    'set up for all tasks, and tracker.project says tasks of the project "shop"',
  );
  await json("tracker", "setup");
  await tracker.create({ title: "Ours", project: "shop" });
  await tracker.create({ title: "Theirs", project: "blog" });
  await json("create", "Here");
  await json("create", "Elsewhere", "-l", "project:blog");
  await sync();
  expect([...(await issues()).keys()].toSorted()).toEqual(["Elsewhere", "Here", "Ours"]);
  expect((await tasks()).get("Here")).toMatchObject({ project: "shop" });
  expect((await tasks()).has("Elsewhere")).toBe(false);
});

test("words of an application's own stand for statuses", async () => {
  const { json, env, sync, issues, tasks } = await mirrored();
  await json("config", "set", "tracker.statuses", "six");
  await json("tracker", "setup", "--statuses");
  const app = createTracker({
    connection: connectionTo(env["REDIS_URL"] ?? ""),
    statuses: ["todo", "in_progress", "needs-you", "review", "ready", "shipped"],
  });
  await app.create({ title: "One", status: "needs-you" });
  await sync();
  expect((await issues()).get("One")).toMatchObject({ status: "needs_you" });
  await json("close", String((await issues()).get("One")?.["id"]));
  await sync();
  expect((await tasks()).get("One")).toMatchObject({ status: "shipped" });
});

test("more tasks and issues than one batch holds are brought over whole", async () => {
  const { json, bd, tracker, sync, issues, tasks } = await mirrored();
  await Promise.all(Array.from({ length: 600 }, (_, at) => tracker.create({ title: `Task ${at}` })));
  expect(await sync()).toMatchObject({ issues_created: 600 });
  await Promise.all([...(await tasks()).values()].map(({ id }) => tracker.update(id, { priority: "urgent" })));
  expect(await sync()).toMatchObject({ issues_changed: 600 });
  expect([...(await issues()).values()].every(({ priority }) => priority === 0)).toBe(true);
  expect(await json("tracker", "verify")).toMatchObject({ differences: [], unknown_tasks: [] });
  expect((await bd("tracker", "status")).stdout).toBe(
    "Store    a Redis\nIssues   brought over\nTasks    brought over\n",
  );
});

/** Changes of one second have no order in the tracker. */
async function later(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1100));
}
