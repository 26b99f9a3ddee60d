import { createConnection } from "mysql2/promise";
import { describe, expect, it } from "vitest";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** Runs statements of another program, in one transaction. */
async function elsewhere({ port, database }: TestWorkspace, statements: readonly string[]): Promise<void> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

const OTHER_SCHEMA = "CALL DOLT_COMMIT('-Am', 'other schema')";
const OLDER = ["DELETE FROM schema_migrations WHERE version = 32", OTHER_SCHEMA];
const NEWER = ["INSERT INTO schema_migrations (version) VALUES (33)", OTHER_SCHEMA];

describe("bd migrate", () => {
  it("says that the current schema needs nothing, and commits nothing", async () => {
    const workspace = await testWorkspace();
    const before = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
    expect((await workspace.bd(["migrate"])).stdout).toBe(
      `Database ${workspace.database} has schema 32; nothing to do\n`,
    );
    expect(await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log")).toEqual(before);
  });

  it("names what is pending, then applies it in one commit; other commands wait for it", async () => {
    const workspace = await testWorkspace();
    await elsewhere(workspace, OLDER);
    const older = await workspace.bd(["list"]);
    expect(older.code).toBe(7);
    expect(older.stderr).toContain("Hint: bd migrate");

    const pending = [expect.stringMatching(/^0032_/)];
    const dryRun = await workspace.json(["migrate", "--dry-run"]);
    expect(dryRun).toEqual({
      database: workspace.database,
      have: 31,
      want: 32,
      dry_run: true,
      pending,
      schema_version: 1,
    });
    expect(await workspace.json(["migrate"])).toMatchObject({ have: 31, want: 32, applied: pending });
    expect(await workspace.sql("SELECT message, committer FROM dolt_log ORDER BY commit_order DESC LIMIT 1")).toEqual([
      { message: "bd migrate: schema 31 to 32", committer: "tester" },
    ]);
    expect((await workspace.bd(["list"])).code).toBe(0);
  });

  it("commits what others left apart, before it begins", async () => {
    const workspace = await testWorkspace();
    await elsewhere(workspace, [...OLDER, "INSERT INTO config VALUES ('custom.left', 'over')", "COMMIT"]);
    const { code, stderr } = await workspace.bd(["migrate"]);
    expect(code).toBe(0);
    expect(stderr).toContain("as bd-recovery");
    expect(await workspace.sql("SELECT committer FROM dolt_log ORDER BY commit_order DESC LIMIT 2")).toEqual([
      { committer: "tester" },
      { committer: "bd-recovery" },
    ]);
  });

  it("makes the tables again that Dolt ignores and a clone lacks", async () => {
    const workspace = await testWorkspace();
    await elsewhere(workspace, ["DROP TABLE wisp_labels", "COMMIT"]);
    expect((await workspace.bd(["migrate"])).code).toBe(0);
    expect(await workspace.sql("SELECT * FROM wisp_labels")).toEqual([]);
  });

  it("refuses a schema newer than this program with exit 7", async () => {
    const workspace = await testWorkspace();
    await elsewhere(workspace, NEWER);
    const { code, stdout } = await workspace.bd(["migrate", "--json"]);
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ code: "SCHEMA_NEWER", details: { have: 33, want: 32 } });
  });
});
