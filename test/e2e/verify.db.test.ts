import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitBySql, run, twoMachines } from "../support/two-machines.ts";
import { commitOn, createdEvent, findings, issueRow } from "../support/verification.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

describe("a sound database", () => {
  test("has no findings: created, edited, imported twice, moved by a pull, deleted and restored", async () => {
    const { ann, bob, push } = await twoMachines({ prefix: "vf" });
    const file = [
      {
        id: "vf-1",
        title: "Old",
        created_by: "zoe",
        created_at: "2025-01-01T10:00:00Z",
        comments: [{ text: "hi", author: "zoe" }],
      },
      { id: "vf-2", title: "Same", created_by: "zoe", created_at: "2025-01-01T10:00:00Z" },
      { id: "vf-3", title: "Same", created_by: "zoe", created_at: "2025-01-01T10:00:00Z", labels: ["x"] },
      { id: "vf-4", title: "Dateless" },
    ];
    const stdin = `${file.map((line) => JSON.stringify(line)).join("\n")}\n`;
    for (const one of [ann, bob]) {
      await one.json(["import", "-"], { stdin });
      await run(one, ["create", "Epic", "--id", "vf-e", "-t", "epic", "-q"]);
      await run(one, ["create", "Child", "--parent", "vf-e", "-q"]);
      await run(one, ["dep", "add", "vf-2", "vf-1", "-q"]);
      await run(one, ["update", "vf-1", "--title", "Edited", "--assignee", "ann", "-q"]);
    }
    await push(ann);
    await run(bob, ["dolt", "pull"]);
    await commitBySql(bob, ["DELETE FROM issues WHERE id = 'vf-3'"]);
    await push(bob);
    await run(ann, ["dolt", "pull"]);
    await run(ann, ["restore", "vf-3"]);

    for (const one of [ann, bob]) expect(await findings(one)).toEqual([]);
    expect(await run(ann, ["dolt", "verify"])).toMatch(/^✓ Nothing is mixed up: \d+ issues looked at\n$/);
  });
});

describe("rows and states", () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await makeWorkspace({ prefix: "vf" });
    await run(workspace, ["create", "One", "--id", "vf-1", "-q"]);
  });
  afterAll(() => workspace.remove());

  test.each([
    [
      "labels of an issue that is not there",
      ["INSERT INTO labels VALUES ('vf-9', 'a'), ('vf-9', 'b')"],
      ["DELETE FROM labels"],
      { kind: "dangling", items: ["vf-9"], message: "labels has 2 rows of vf-9, and there is no such issue" },
    ],
    [
      "comments of one",
      ["INSERT INTO comments (id, issue_id, author, text) VALUES ('c', 'vf-9', 'a', 't')"],
      ["DELETE FROM comments"],
      { kind: "dangling", items: ["vf-9"], message: "comments has 1 row of vf-9, and there is no such issue" },
    ],
    [
      "events of one",
      [createdEvent("vf-9", "ann", "2026-01-01 10:00:00")],
      ["DELETE FROM events WHERE issue_id = 'vf-9'"],
      { kind: "dangling", items: ["vf-9"], message: "events has 1 row of vf-9, and there is no such issue" },
    ],
    [
      "a dependency on one, and not those on something outside or on wisps",
      [
        "INSERT INTO dependencies (issue_id, depends_on_id, created_by) VALUES ('vf-1', 'vf-9', ''), ('vf-1', 'external:x:1', ''), ('vf-1', 'vf-wisp-1', '')",
        "INSERT INTO wisps (id, title, description, design, acceptance_criteria, notes) VALUES ('vf-wisp-1', 'w', '', '', '', '')",
      ],
      ["DELETE FROM dependencies", "DELETE FROM wisps"],
      { kind: "dangling", items: ["vf-1", "vf-9"], message: "vf-1 depends on vf-9, and there is no such issue" },
    ],
    [
      "an issue with two parents",
      [
        issueRow("vf-5", "Epic", "a", "2026-01-01 10:00:00"),
        issueRow("vf-6", "Child", "a", "2026-01-01 10:00:00"),
        "INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES ('vf-6', 'vf-1', 'parent-child', ''), ('vf-6', 'vf-5', 'parent-child', '')",
      ],
      ["DELETE FROM dependencies", "DELETE FROM issues WHERE id IN ('vf-5', 'vf-6')"],
      {
        kind: "parents",
        items: ["vf-6", "vf-1", "vf-5"],
        message: "vf-6 has 2 parents: vf-1, vf-5; take away what is wrong: bd dep remove vf-6 vf-5",
        next: "bd dep list vf-6",
      },
    ],
    [
      "an id that nobody can type",
      [issueRow("vf-\\n9", "Odd", "a", "2026-01-01 10:00:00")],
      ["DELETE FROM issues WHERE title = 'Odd'"],
      { kind: "id", items: ["vf-\n9"], next: "bd list --all --json" },
    ],
  ])("%s", async (_what, make, clean, finding) => {
    await commitBySql(workspace, ["SET foreign_key_checks = 0", ...make]);

    expect(await findings(workspace)).toMatchObject([finding]);
    await commitBySql(workspace, clean);
    expect(await findings(workspace)).toEqual([]);
  });

  test("a dependency that was meant for a deleted issue, and counts for another one under its id", async () => {
    await commitBySql(workspace, [
      "SET foreign_key_checks = 0",
      issueRow("vf-7", "Old", "ann", "2026-01-01 10:00:00"),
      "INSERT INTO dependencies (issue_id, depends_on_id, created_by, created_at) VALUES ('vf-1', 'vf-7', '', '2026-01-02 10:00:00')",
    ]);
    await commitBySql(workspace, ["SET foreign_key_checks = 0", "DELETE FROM issues WHERE id = 'vf-7'"]);
    await commitBySql(workspace, [issueRow("vf-7", "New", "ann", "2026-01-03 10:00:00")]);

    expect(await findings(workspace)).toMatchObject([
      {
        kind: "leftover",
        items: ["vf-1", "vf-7"],
        message:
          'vf-1 depends on vf-7 "New" since 2026-01-02 10:00:00, before that was made: "Old" was meant, which is deleted',
        known: [{ id: "vf-7", title: "Old" }],
        next: "bd dep remove vf-1 vf-7",
      },
    ]);
    await run(workspace, ["dep", "remove", "vf-1", "vf-7"]);
    expect(await findings(workspace)).toEqual([]);
  });

  test("a dependency and an event may be older than the issue, if nothing was deleted", async () => {
    const line = { id: "vf-8", title: "Tomorrow", created_by: "zoe", created_at: "2099-01-01T10:00:00Z" };
    await workspace.json(["import", "-"], { stdin: `${JSON.stringify(line)}\n` });
    await run(workspace, ["dep", "add", "vf-1", "vf-8", "-q"]);

    expect(await findings(workspace)).toEqual([]);
  });

  test("a trigger of somebody else's", async () => {
    const trigger = "CREATE TRIGGER evil BEFORE INSERT ON labels FOR EACH ROW SET NEW.label = 'x'";
    await commitBySql(workspace, [trigger]);

    expect(await findings(workspace)).toMatchObject([
      {
        kind: "code",
        items: ["trigger:evil"],
        message: expect.stringContaining(`trigger:evil is nothing that a tracker has: ${trigger}`),
      },
    ]);
    await commitBySql(workspace, ["DROP TRIGGER evil"]);
    expect(await findings(workspace)).toEqual([]);
  });

  test("what is in no commit", async () => {
    const other = await createConnection({
      host: "127.0.0.1",
      port: workspace.port,
      user: "root",
      database: workspace.database,
    });
    await other.query("INSERT INTO config VALUES ('custom.x', '1')");
    await other.query("COMMIT");

    expect(await findings(workspace)).toEqual([
      {
        kind: "uncommitted",
        items: ["config"],
        message: "changes in config are in no commit",
        known: [],
        next: "bd dolt commit",
      },
    ]);
    await run(workspace, ["dolt", "commit"]);
    await other.end();
    expect(await findings(workspace)).toEqual([]);
  });
});

test("a merge that another program left is named, with the rows that break a rule", async () => {
  const workspace = await testWorkspace({ prefix: "vf" });
  await run(workspace, ["create", "One", "--id", "vf-1", "-q"]);
  await workspace.sql("CALL DOLT_BRANCH('b')");
  await commitOn(workspace, "b", ["INSERT INTO labels VALUES ('vf-1', 'late')", "UPDATE issues SET title = 'Theirs'"]);
  await commitBySql(workspace, ["DELETE FROM issues"]);
  const other = await createConnection({
    host: "127.0.0.1",
    port: workspace.port,
    user: "root",
    database: workspace.database,
  });
  await other.query("SET dolt_allow_commit_conflicts = 1");
  await other.query("SET dolt_force_transaction_commit = 1");
  await other.query("CALL DOLT_MERGE('b')");
  await other.query("COMMIT");

  const found = await findings(workspace);

  expect(found).toMatchObject([
    { kind: "dangling", items: ["vf-1"] },
    { kind: "merge", items: ["issues", "labels"], next: "bd dolt status" },
    { kind: "violation", items: ["labels"], message: "labels has 1 row against a rule of the database" },
  ]);
  await other.end();
});
