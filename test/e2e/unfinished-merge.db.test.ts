import { createConnection } from "mysql2/promise";
import { beforeEach, expect, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { run } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeEach(async () => {
  workspace = await testWorkspace({ prefix: "um" });
  await run(workspace, ["create", "Fix the login", "--id", "um-1", "-q"]);
  await leaveMergeInConflict();
});

/** As a program that gives merges with conflicts to a person. */
async function leaveMergeInConflict(): Promise<void> {
  await inSql([
    "CALL DOLT_CHECKOUT('-b', 'side')",
    "UPDATE issues SET title = 'by the side' WHERE id = 'um-1'",
    "INSERT INTO labels VALUES ('um-1', 'side')",
    "CALL DOLT_COMMIT('-Am', 'side')",
    "CALL DOLT_CHECKOUT('main')",
    "UPDATE issues SET title = 'by main' WHERE id = 'um-1'",
    "CALL DOLT_COMMIT('-Am', 'main')",
    "SET dolt_allow_commit_conflicts = 1",
    "CALL DOLT_MERGE('side')",
    "COMMIT",
  ]);
}

async function inSql(statements: readonly string[]): Promise<void> {
  const { port, database } = workspace;
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    connection.destroy();
  }
}

/** The ways out in docs/federation.md, in their order. */
function documentedWays(): string[][] {
  const document = readDocuments().find(({ path }) => path === "docs/federation.md");
  return document === undefined ? [] : fencedBlocks(document, "sql");
}

test.each([
  ["a change", ["create", "Another"]],
  ["a push", ["dolt", "push"]],
  ["a pull", ["dolt", "pull"]],
  ["a dry pull", ["dolt", "pull", "--dry-run"]],
  ["a commit", ["dolt", "commit"]],
])("%s is refused in words, names the tables and leaves the merge as it is", async (_what, args) => {
  await inSql([`CALL DOLT_REMOTE('add', 'origin', 'file://${workspace.home}/remote')`]);
  const before = await workspace.sql("SELECT * FROM dolt_status ORDER BY table_name");

  const { code, stderr } = await workspace.bd(args);

  expect({ code, stderr }).toEqual({
    code: 6,
    stderr: "Error: another program left a merge with conflicts in issues; nothing was written\nHint: bd dolt status\n",
  });
  expect(await workspace.sql("SELECT * FROM dolt_status ORDER BY table_name")).toEqual(before);
});

test("the tables in conflict are in bd dolt status, and reading goes on", async () => {
  expect(await run(workspace, ["dolt", "status"])).toContain(
    "  Uncommitted: issues, labels\n" +
      "  Unfinished:  a merge by another program, in conflict in issues; nothing can be written\n",
  );
  expect(await workspace.json(["dolt", "status"])).toMatchObject({ unmerged_tables: ["issues"] });
  expect(await run(workspace, ["show", "um-1"])).toContain("by main");
});

test("the documented ways out end the merge, and changes go on", async () => {
  const [drop = [], keep = []] = documentedWays();
  await inSql(drop);
  await run(workspace, ["update", "um-1", "--priority", "0", "-q"]);
  expect(await workspace.sql("SELECT label FROM labels")).toEqual([]);

  await inSql(["SET dolt_allow_commit_conflicts = 1", "CALL DOLT_MERGE('side')", "COMMIT"]);
  await inSql(keep);
  const { code, stderr } = await workspace.bd(["update", "um-1", "--priority", "1", "-q"]);

  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await workspace.sql("SELECT title, priority, label FROM issues JOIN labels ON issue_id = id")).toEqual([
    { title: "by main", priority: 1, label: "side" },
  ]);
  expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
});
