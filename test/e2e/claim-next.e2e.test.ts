import { afterAll, beforeAll, expect, test } from "vitest";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "cl" });
  await plantIssues(
    workspace,
    [
      { id: "cl-taken", priority: 0, assignee: "bob" },
      { id: "cl-held", priority: 0 },
      { id: "cl-first", title: "First", priority: 1 },
      { id: "cl-second", title: "Second", priority: 2 },
      { id: "cl-bug", title: "A bug", priority: 3, issue_type: "bug" },
    ],
    ["cl-held blocks cl-second"],
  );
});
afterAll(() => workspace.remove());

test("takes the most urgent ready issue that nobody has, in one commit of the actor", async () => {
  const claimed = await workspace.json(["ready", "--claim", "--session", "s1"]);

  expect(claimed).toEqual([
    {
      id: "cl-first",
      title: "First",
      status: "in_progress",
      priority: 1,
      issue_type: "task",
      assignee: "tester",
      created_at: "2026-01-01T00:00:00Z",
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      dependency_count: 0,
      dependent_count: 0,
      comment_count: 0,
    },
  ]);
  const [event] = await workspace.sql(
    "SELECT event_type, actor, old_value, new_value FROM events WHERE issue_id = 'cl-first'",
  );
  expect(event).toMatchObject({
    event_type: "claimed",
    actor: "tester",
    new_value: '{"assignee":"tester","status":"in_progress","session":"s1"}',
  });
  expect(JSON.parse(String(event?.["old_value"]))).toMatchObject({ id: "cl-first", title: "First", status: "open" });
  const [newest, before] = await workspace.sql("SELECT message, committer FROM dolt_log LIMIT 2");
  expect(newest).toMatchObject({ message: expect.stringMatching(/^bd: claim cl-first\n/), committer: "tester" });
  expect(before).toMatchObject({ message: "planted" });
  expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
});

test("obeys the filters, says what it took, and what it leaves when nothing fits", async () => {
  const taken = await workspace.bd(["ready", "--claim", "--type", "bug", "--sort", "oldest"]);
  expect(taken).toMatchObject({ code: 0, stdout: "✓ Claimed cl-bug — A bug\n" });

  const nothing = await workspace.bd(["ready", "--claim", "--type", "bug"]);
  expect(nothing).toMatchObject({ code: 0, stdout: "✨ No ready work to claim: 1 in progress (tester 1)\n" });
  expect(await workspace.json(["ready", "--claim", "--type", "bug"])).toEqual([]);
  expect(await workspace.sql("SELECT message FROM dolt_log LIMIT 1")).toMatchObject([
    { message: expect.stringMatching(/^bd: claim cl-bug\n/) },
  ]);
});

test("is refused in read-only mode", async () => {
  const { code, stderr } = await workspace.bd(["ready", "--claim", "--readonly"]);

  expect(code).toBe(1);
  expect(stderr).toContain("read-only");
});

test("finds the one that is ready behind a hundred that are not", async () => {
  const other = await testWorkspace({ prefix: "deep" });
  const waiting = Array.from({ length: 101 }, (_, index) => ({ id: `deep-w${index}`, priority: 0 }));
  await plantIssues(
    other,
    [...waiting, { id: "deep-last", priority: 4 }],
    waiting.map(({ id }) => `${id} blocks deep-last`),
  );

  expect(await other.json(["ready", "--claim"])).toMatchObject([{ id: "deep-last", status: "in_progress" }]);
});

test("of processes that claim at once under one name, each gets another issue", async () => {
  const race = await testWorkspace({ prefix: "race" });
  await plantIssues(
    race,
    [1, 2, 3].map((number) => ({ id: `race-${number}` })),
  );

  const answers = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const { stdout } = await race.spawn(["ready", "--claim", "--json"]).done;
      const payload: unknown = JSON.parse(stdout);
      return Array.isArray(payload) ? payload.map((issue: { id: string }) => issue.id) : [];
    }),
  );

  expect(answers.flat().toSorted()).toEqual(["race-1", "race-2", "race-3"]);
  expect(await race.sql("SELECT COUNT(*) AS n FROM dolt_log WHERE message LIKE 'bd: claim race-%'")).toMatchObject([
    { n: 3 },
  ]);
});
