import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitsMadeBy, doltCommits } from "../support/dolt-history.ts";
import { onlyRecordIn } from "../support/payload.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "cls" });
});
afterAll(() => ws.remove());

async function create(...args: readonly string[]): Promise<string> {
  const { stdout } = await ws.bd(["create", ...args, "--silent"]);
  return stdout.trim();
}

async function statusOf(id: string): Promise<unknown> {
  const [row] = await ws.sql("SELECT status FROM issues WHERE id = ?", [id]);
  return row?.["status"];
}

describe("bd close", () => {
  test("closes with the reason, in one commit under the actor", async () => {
    const id = await create("Fix login");

    let printed: unknown;
    const commits = await commitsMadeBy(ws, async () => {
      printed = await ws.json(["close", id, "-r", "fixed", "--session", "s1"]);
    });

    expect(printed).toMatchObject([
      { id, status: "closed", closed_at: expect.any(String), close_reason: "fixed", closed_by_session: "s1" },
    ]);
    expect(commits).toEqual([{ message: `bd: close ${id}`, author: "tester", email: "tester@example.test" }]);
    const events = await ws.sql("SELECT actor, new_value FROM events WHERE issue_id = ? AND event_type = 'closed'", [
      id,
    ]);
    expect(events).toEqual([{ actor: "tester", new_value: "fixed" }]);
  });

  test("closes several, with a reason of its own where none is given", async () => {
    const [one, two] = [await create("One"), await create("Two")];

    const { stdout } = await ws.bd(["close", one, two]);

    expect(stdout).toBe(`✓ Closed ${one} — One: Closed\n✓ Closed ${two} — Two: Closed\n`);
  });

  test("says so where an issue is closed already, and changes nothing", async () => {
    const id = await create("Done");
    await ws.json(["close", id, "-r", "first"]);

    let result = { code: -1, stdout: "", stderr: "" };
    const commits = await commitsMadeBy(ws, async () => {
      result = await ws.bd(["close", id, "-r", "second"]);
    });

    expect([result.code, result.stdout]).toEqual([0, `${id} — Done is already closed\n`]);
    expect(commits).toEqual([]);
    expect(await ws.json(["close", id])).toMatchObject([{ id, close_reason: "first" }]);
  });

  test("leaves blocked issues open unless forced, and closes those beside them", async () => {
    const blocker = await create("Blocker");
    const [blocked, free] = [await create("Blocked", "--deps", blocker), await create("Free")];

    const refused = await ws.bd(["close", blocked, free]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toBe(`✓ Closed ${free} — Free: Closed\n`);
    expect(refused.stderr).toContain(
      `cannot close ${blocked}: blocked by open issues [${blocker}] (use --force to override)`,
    );
    expect(await statusOf(blocked)).toBe("open");

    await ws.json(["close", blocked, "--force"]);
    expect(await statusOf(blocked)).toBe("closed");
  });

  test("closes a blocker and what it blocks together, in any order", async () => {
    const blocker = await create("Blocker");
    const blocked = await create("Blocked", "--deps", blocker);

    const commits = await commitsMadeBy(ws, () => ws.json(["close", blocked, blocker]));

    expect(commits.map(({ message }) => message)).toEqual([`bd: close ${blocked} ${blocker}`]);
  });

  test("leaves an epic with open children open", async () => {
    const epic = await create("Epic", "-t", "epic");
    const child = await create("Child", "--parent", epic);

    const { code, stdout } = await ws.bd(["close", epic, "--json"]);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "OPEN_CHILDREN",
      error: `cannot close epic ${epic}: 1 open child issue(s); close children first or use --force to override`,
      hint: `bd show ${child}`,
    });
  });

  test("says which children stay open, of whatever parent", async () => {
    const [epic, task] = [await create("Epic", "-t", "epic"), await create("Task")];
    for (const title of ["One", "Two"]) await create(title, "--parent", epic);
    await create("One", "--parent", task);
    const stderrOf = async (...args: readonly string[]) => (await ws.bd(["close", ...args])).stderr;
    expect(await stderrOf(epic, `${epic}.1`, "--force")).toBe(
      `1 child of ${epic} stayed open: bd list --parent=${epic}\n`,
    );
    expect(await stderrOf(task)).toBe(`1 child of ${task} stayed open: bd list --parent=${task}\n`);
    await ws.bd(["reopen", task]);
    expect(await stderrOf(task, `${task}.1`)).toBe("");
  });

  test("tells what became unblocked", async () => {
    const blocker = await create("First");
    const waiting = await create("Second", "--deps", blocker);
    const alone = await create("Alone");

    expect(await ws.json(["close", alone, "--suggest-next"])).toMatchObject({ closed: [{ id: alone }], unblocked: [] });
    expect(await ws.json(["close", blocker, "--suggest-next"])).toMatchObject({
      closed: [{ id: blocker }],
      unblocked: [{ id: waiting, title: "Second" }],
    });
  });

  test("claims the next ready issue in the same commit", async () => {
    const current = await create("Current", "-a", "tester");
    const next = await create("Next", "-p", "0");

    let printed: unknown;
    const commits = await commitsMadeBy(ws, async () => {
      printed = await ws.json(["close", current, "--claim-next"]);
    });

    expect(printed).toMatchObject({
      closed: [{ id: current, status: "closed" }],
      claimed: { id: next, status: "in_progress", assignee: "tester" },
    });
    expect(commits.map(({ message }) => message)).toEqual([`bd: close ${current}, claim ${next}`]);
  });

  test("takes the reason from a file, and from one place only", async () => {
    const id = await create("Reasoned");

    const twice = await ws.bd(["close", id, "-r", "a", "--reason-file", "-"], { stdin: "b" });
    const closed = onlyRecordIn(await ws.json(["close", id, "--reason-file", "-"], { stdin: "from a file\n" }));

    expect(twice.code).toBe(2);
    expect(closed).toMatchObject({ close_reason: "from a file" });
  });

  test.each([
    [["nosuch"], 3, "ISSUE_NOT_FOUND"],
    [["a", "b", "--suggest-next"], 2, "ONE_ISSUE_ONLY"],
    [["a", "-r", "x".repeat(65_536)], 2, "TEXT_TOO_LONG"],
  ])("refuses %o", async (args, exit, code) => {
    const before = await doltCommits(ws);

    const { code: got, stdout } = await ws.bd(["close", ...args, "--json"]);

    expect(got).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({ code });
    expect(await doltCommits(ws)).toEqual(before);
  });
});

describe("bd done", () => {
  test("takes the words after the ids as the reason", async () => {
    const [one, two] = [await create("One"), await create("Two")];

    const { stdout } = await ws.bd(["done", one, two, "well-tested", "at", "last"]);

    expect(stdout).toBe(`✓ Closed ${one} — One: well-tested at last\n✓ Closed ${two} — Two: well-tested at last\n`);
  });
});

describe("bd reopen", () => {
  test("opens again, clears what closing wrote, and keeps the reason as an event", async () => {
    const id = await create("Again");
    await ws.json(["close", id, "-r", "fixed"]);

    let printed: unknown;
    const commits = await commitsMadeBy(ws, async () => {
      printed = await ws.json(["reopen", id, "-r", "it came back"]);
    });

    expect(printed).toMatchObject([{ id, status: "open" }]);
    expect(await ws.sql("SELECT closed_at, close_reason, closed_by_session FROM issues WHERE id = ?", [id])).toEqual([
      { closed_at: null, close_reason: "", closed_by_session: "" },
    ]);
    expect(commits.map(({ message }) => message)).toEqual([`bd: reopen ${id}`]);
    const events = await ws.sql("SELECT event_type, comment FROM events WHERE issue_id = ? ORDER BY id", [id]);
    expect(events.slice(-2)).toEqual([
      { event_type: "reopened", comment: null },
      { event_type: "commented", comment: "it came back" },
    ]);
  });

  test("says so where an issue is open already", async () => {
    const id = await create("Open");

    const { code, stdout, stderr } = await ws.bd(["reopen", id]);

    expect([code, stdout, stderr]).toEqual([0, "", `${id} is already open\n`]);
  });
});

describe("bd update --status closed obeys what guards bd close", () => {
  test.each([
    ["an open blocker", "guard-b", "BLOCKED"],
    ["an open child", "guard-e", "OPEN_CHILDREN"],
    ["a pinned issue", "guard-p", "PINNED"],
  ])("%s", async (_what, id, code) => {
    const workspace = await guardedWorkspace();
    const closed = await workspace.bd(["close", id, "--json"]);
    const updated = await workspace.bd(["update", id, "--status", "closed", "--json"]);
    expect(JSON.parse(updated.stdout)).toEqual(JSON.parse(closed.stdout));
    expect({ exit: updated.code, ...JSON.parse(updated.stdout) }).toMatchObject({ exit: 1, code });
  });

  test("what may be closed is, with a reason; one that may not stops no other", async () => {
    const workspace = await guardedWorkspace();
    const { code, stdout } = await workspace.bd(["update", "guard-a", "guard-e", "--status", "closed", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ id: "guard-a", status: "closed", close_reason: "Closed" }]);
    expect(await workspace.json(["show", "guard-e"])).toMatchObject([{ status: "open" }]);
  });

  test("the order of the names does not matter", async () => {
    const workspace = await guardedWorkspace();
    await workspace.json(["update", "guard-b", "guard-a", "--status", "closed"]);
    expect(await workspace.json(["show", "guard-b"])).toMatchObject([{ status: "closed" }]);
  });
});

/** guard-b waits for guard-a, the epic guard-e has an open child, guard-p is pinned. */
async function guardedWorkspace(): Promise<TestWorkspace> {
  const workspace = await testWorkspace({ prefix: "guard" });
  for (const name of ["a", "b", "p"]) await workspace.json(["create", name, "--id", `guard-${name}`]);
  await workspace.json(["create", "e", "--id", "guard-e", "-t", "epic"]);
  await workspace.json(["create", "child", "--parent", "guard-e"]);
  await workspace.json(["dep", "add", "guard-b", "guard-a"]);
  await workspace.json(["update", "guard-p", "--status", "pinned"]);
  return workspace;
}
