import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantIssues } from "../support/planted-issues.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "ho" });
});
afterAll(() => workspace.remove());

const claimNext = (own: TestWorkspace, ...flags: string[]) => own.bd(["ready", "--claim", ...flags]);

describe("ready --claim", () => {
  test("gives what the session holds, then what is assigned to its actor, then what is nobody's", async () => {
    const own = await testWorkspace({ prefix: "nx" });
    await plantIssues(own, [
      { id: "nx-free", priority: 0, title: "Free" },
      { id: "nx-mine", priority: 3, title: "Mine", assignee: "tester" },
      { id: "nx-bobs", priority: 0, assignee: "bob" },
    ]);

    expect((await claimNext(own, "--session", "s1")).stdout).toBe("✓ Claimed nx-mine — Mine\n");
    const again = await claimNext(own, "--session", "s1");
    expect(again.stdout).toBe("✓ You hold already: nx-mine — Mine\n");
    expect(await claimNext(own, "--session", "s1", "--json")).toMatchObject({
      stdout: expect.stringContaining('"nx-mine"'),
      stderr: "You hold already: nx-mine — Mine\n",
    });
    expect((await claimNext(own, "--session", "s2")).stdout).toBe("✓ Claimed nx-free — Free\n");
    expect((await claimNext(own, "--session", "s3")).stdout).toBe(
      "✨ No ready work to claim: 1 assigned to others (bob 1), 2 in progress (tester 2)\n",
    );
    const commits = await own.sql("SELECT COUNT(*) AS n FROM dolt_log WHERE message LIKE 'bd: claim%'");
    expect(commits).toEqual([{ n: 2 }]);
    expect((await claimNext(own, "--session", "s1", "-l", "other")).stdout).toBe("✨ No ready work to claim\n");
  });

  test("gives what was reopened to whom it was assigned", async () => {
    const own = await testWorkspace({ prefix: "ro" });
    await own.json(["create", "Again", "--id", "ro-1"]);
    await own.json(["update", "ro-1", "--claim", "--session", "s1"]);
    await own.json(["close", "ro-1"]);
    await own.json(["reopen", "ro-1"]);

    expect((await claimNext(own, "--session", "s2")).stdout).toBe("✓ Claimed ro-1 — Again\n");
  });

  test("gives no epic while its children are open, unless it is asked for", async () => {
    const own = await testWorkspace({ prefix: "ep" });
    await plantIssues(
      own,
      [
        { id: "ep-e", issue_type: "epic", priority: 0 },
        { id: "ep-e.1", assignee: "bob" },
        { id: "ep-wait" },
        { id: "ep-late", defer_until: "2099-01-01 00:00:00" },
      ],
      ["ep-e.1 parent-child ep-e", "ep-wait blocks ep-e.1"],
    );

    const nothing =
      "No ready work to claim: 1 assigned to others (bob 1), 1 blocked, 1 deferred, 1 epics whose children are open (--type epic takes them)";
    expect((await claimNext(own)).stdout).toBe(`✨ ${nothing}\n`);
    expect(await claimNext(own, "--json")).toMatchObject({ code: 0, stdout: "[]\n", stderr: `${nothing}\n` });
    expect(await own.json(["ready", "--claim", "--type", "epic"])).toMatchObject([{ id: "ep-e" }]);
  });

  test("obeys words about the assignee", async () => {
    const own = await testWorkspace({ prefix: "as" });
    await plantIssues(own, [
      { id: "as-mine", assignee: "tester" },
      { id: "as-bobs", assignee: "bob" },
      { id: "as-free" },
    ]);

    expect((await claimNext(own, "-a", "bob")).stdout).toBe(
      "✨ No ready work to claim: 1 assigned to others (bob 1)\n",
    );
    expect(await own.json(["ready", "--claim", "-u"])).toMatchObject([{ id: "as-free" }]);
    expect(await own.json(["ready", "--claim", "--mine"])).toMatchObject([{ id: "as-mine" }]);
  });
});

describe("update --release", () => {
  test("makes the issue open and nobody's again, in a commit and an event", async () => {
    await workspace.json(["create", "Back", "--id", "ho-1"]);
    await workspace.json(["update", "ho-1", "--claim", "--session", "s1"]);

    await expectRefused(workspace, ["update", "ho-1", "--release", "--session", "s2"], {
      exit: 6,
      code: "ALREADY_CLAIMED",
      message: expect.stringContaining("cannot release ho-1"),
      hint: "bd show ho-1",
    });
    const [released] = [await workspace.json(["update", "ho-1", "--release", "--session", "s1"])];

    expect(released).toMatchObject([{ id: "ho-1", status: "open" }]);
    expect(JSON.stringify(released)).not.toContain("assignee");
    const [event] = await workspace.sql(
      "SELECT event_type, new_value FROM events WHERE issue_id = 'ho-1' ORDER BY created_at DESC, event_type DESC LIMIT 1",
    );
    expect(event).toMatchObject({ event_type: "status_changed", new_value: '{"assignee":null,"status":"open"}' });
    expect(await workspace.sql("SELECT message FROM dolt_log LIMIT 1")).toMatchObject([
      { message: expect.stringMatching(/^bd: release ho-1\n/) },
    ]);
    expect((await workspace.bd(["update", "ho-1", "--release", "--session", "s9"])).code).toBe(0);
    expect(await workspace.json(["update", "ho-1", "--claim", "--session", "s2"])).toMatchObject([{ id: "ho-1" }]);
  });
});

describe("update --steal", () => {
  test("takes an issue over, says from whom and since when, and leaves an event", async () => {
    await workspace.json(["create", "Theirs", "--id", "ho-2"]);
    const [held] = [await workspace.json(["update", "ho-2", "--claim", "--session", "s1", "--actor", "bob"])];
    expect(held).toMatchObject([{ assignee: "bob" }]);

    const { code, stderr } = await workspace.bd(["update", "ho-2", "--steal", "--session", "s2"]);

    expect(code).toBe(0);
    expect(stderr).toMatch(/^taken over: ho-2, which bob had since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/);
    expect(await workspace.json(["show", "ho-2"])).toMatchObject([{ assignee: "tester", status: "in_progress" }]);
    const events = await workspace.sql(
      "SELECT actor, new_value FROM events WHERE issue_id = 'ho-2' AND event_type = 'claimed'",
    );
    expect(events.map((event) => event["new_value"])).toContain(
      '{"assignee":"tester","status":"in_progress","session":"s2","taken_from":"bob"}',
    );
    expect((await workspace.bd(["update", "ho-2", "--claim", "--session", "s2"])).code).toBe(0);
    expect((await workspace.bd(["update", "ho-2", "--claim", "--session", "s1", "--actor", "bob"])).code).toBe(6);
  });

  test("with --release gives another's back", async () => {
    await workspace.json(["create", "Theirs", "--id", "ho-3"]);
    await workspace.json(["update", "ho-3", "--claim", "--actor", "bob"]);
    const { code, stderr } = await workspace.bd(["update", "ho-3", "--release", "--steal"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^released: ho-3, which bob had since /);
    expect(await workspace.json(["ready", "-u"])).toMatchObject([{ id: "ho-3" }]);
  });

  test.each([
    [["--claim", "--release"]],
    [["--claim", "-a", "bob"]],
    [["--steal", "-a", "bob"]],
    [["--release", "-a", "bob"]],
    [["--release", "-s", "open"]],
  ])("%j contradict each other", async (flags) => {
    const { code, stderr } = await workspace.bd(["update", "ho-2", ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain("contradict each other");
  });
});
