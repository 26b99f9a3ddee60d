import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { BdError } from "../../../src/errors.ts";
import { applyMigrations, listAppliedVersions } from "../../../src/store/migrate/apply-migrations.ts";
import type { MigrationConnection } from "../../../src/store/migrate/migration-connection.ts";
import { parseMigration } from "../../../src/store/migrate/parse-migration.ts";
import type { Migration } from "../../../src/store/migrate/read-migrations.ts";
import { runMigration } from "../../../src/store/migrate/run-migration.ts";
import { type PrivateDolt, startPrivateDolt } from "../../support/private-dolt.ts";
import {
  commitMessages,
  createDatabase,
  MIGRATIONS,
  openDatabase,
  type TestDatabase,
  tableDefinitions,
  tablesAtHead,
  viewDefinitions,
} from "./test-database.ts";

const OPTIONS = { author: "Ada <ada@example.test>", say: () => {} };

let dolt: PrivateDolt;
let schema32: Record<string, string>;
let views32: unknown[];
let databases = 0;

beforeAll(async () => {
  dolt = await startPrivateDolt();
  const reference = await createDatabase(dolt, "beads_reference");
  await applyMigrations(reference, MIGRATIONS, OPTIONS);
  schema32 = await tableDefinitions(reference);
  views32 = await viewDefinitions(reference);
  await reference.end();
}, 60_000);

afterAll(async () => {
  await dolt.stop();
});

/** A fresh database at a version that our own first files made. */
async function databaseAt(version: number): Promise<TestDatabase> {
  databases += 1;
  const database = await createDatabase(dolt, `beads_test-${databases}`);
  onTestFinished(async () => database.end());
  if (version > 0) await applyMigrations(database, MIGRATIONS.slice(0, version), OPTIONS);
  return database;
}

/** Rows as users have them, committed. */
async function addRows(database: TestDatabase): Promise<void> {
  await database.query(
    "INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, updated_at) VALUES ('x-1', 'One', 'a;\nb', '', '', '', '2026-01-02 03:04:05'), ('x-2', 'Two', '', '', '', '', '2026-01-02 03:04:05')",
  );
  await database.query("INSERT INTO dependencies (issue_id, depends_on_id, created_by) VALUES ('x-2', 'x-1', 'ada')");
  await database.query("INSERT INTO labels VALUES ('x-1', 'urgent')");
  await database.query("INSERT INTO comments (issue_id, author, text) VALUES ('x-1', 'ada', 'hello')");
  await database.query(
    "INSERT INTO config VALUES ('issue_prefix', 'x'), ('compact_batch_size', '99') ON DUPLICATE KEY UPDATE value = '99'",
  );
  await database.query("INSERT INTO metadata VALUES ('_project_id', 'p'), ('last_sync_peer', 't')");
  await database.query("CALL DOLT_COMMIT('-Am', 'rows')");
  await database.query("COMMIT");
}

/** What `addRows` wrote, as every version shows it. */
async function rowsOf(database: TestDatabase) {
  return {
    issues: await database.query("SELECT id, title, description, updated_at FROM issues ORDER BY id"),
    edges: await database.query("SELECT * FROM dependencies"),
    labels: await database.query("SELECT * FROM labels"),
    comments: await database.query("SELECT * FROM comments"),
    config: await database.query(
      "SELECT * FROM config WHERE `key` IN ('issue_prefix', 'compact_batch_size') ORDER BY `key`",
    ),
    metadata: await database.query("SELECT * FROM metadata ORDER BY `key`"),
  };
}

async function headHash(database: TestDatabase): Promise<unknown> {
  return (await database.column("SELECT DOLT_HASHOF('HEAD')"))[0];
}

function migration(version: number, name: string, text: string): Migration {
  return { version, name, ...parseMigration(text) };
}

/** A connection that is lost after so many statements. */
function dyingAfter(statements: number, database: TestDatabase): MigrationConnection {
  let left = statements;
  return {
    query: async (sql, parameters) => {
      left -= 1;
      if (left < 0) throw new BdError("unavailable", "CONNECTION_LOST", "the connection was lost");
      return database.query(sql, parameters);
    },
  };
}

const BROKEN = [
  ...MIGRATIONS,
  migration(33, "0033_break_all", "CREATE TABLE half (id INT PRIMARY KEY);\nALTER TABLE nowhere ADD COLUMN x INT;"),
];

describe("applyMigrations", { timeout: 60_000 }, () => {
  test("says which migration it applies and returns them", async () => {
    const database = await databaseAt(30);
    const said: string[] = [];

    const applied = await applyMigrations(database, MIGRATIONS, { ...OPTIONS, say: (line) => said.push(line) });

    expect(applied.map(({ version }) => version)).toEqual([31, 32]);
    expect(said).toEqual(["applying 0031_add_wisp_event_date_index", "applying 0032_drop_applied_at"]);
  });

  test.each([15, 22, 26, 31])("brings a database of version %i to schema 32 and keeps its rows", async (version) => {
    const database = await databaseAt(version);
    await addRows(database);
    const rows = await rowsOf(database);

    await applyMigrations(database, MIGRATIONS, OPTIONS);

    expect(await tableDefinitions(database)).toEqual(schema32);
    expect(await viewDefinitions(database)).toEqual(views32);
    expect(await rowsOf(database)).toEqual(rows);
    expect(await listAppliedVersions(database)).toEqual(MIGRATIONS.map((one) => one.version));
    expect((await commitMessages(database)).slice(0, 2)).toEqual([`bd migrate: schema ${version} to 32`, "rows"]);
    expect(await database.query("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("stops tracking the tables of one machine and moves their keys out of the history", async () => {
    const database = await databaseAt(15);
    await database.query("INSERT INTO metadata VALUES ('tip_x', '1'), ('bd_version', '1.0.3'), ('tipping', '2')");
    await database.query("INSERT INTO config VALUES ('jira.last_sync', '3'), ('last_sync', '4')");
    await database.query("CALL DOLT_COMMIT('-Am', 'rows')");
    const before = await tablesAtHead(database);

    await applyMigrations(database, MIGRATIONS, OPTIONS);

    expect(before).toContain("repo_mtimes");
    expect(await tablesAtHead(database)).not.toContain("repo_mtimes");
    expect(await database.query("SELECT * FROM repo_mtimes")).toEqual([]);
    expect(await database.query("SELECT * FROM local_metadata ORDER BY `key`")).toEqual([
      { key: "bd_version", value: "1.0.3" },
      { key: "jira.last_sync", value: "3" },
      { key: "tip_x", value: "1" },
    ]);
    expect(await database.column("SELECT `key` FROM metadata")).toEqual(["tipping"]);
    expect(await database.column("SELECT `key` FROM config WHERE `key` LIKE '%last%'")).toEqual(["last_sync"]);
  });

  test("drops applied_at where the Go program recorded it", async () => {
    const database = await databaseAt(31);
    await database.query("ALTER TABLE schema_migrations ADD COLUMN applied_at DATETIME DEFAULT CURRENT_TIMESTAMP");
    await database.query("CALL DOLT_COMMIT('-Am', 'as the peer had it')");

    await applyMigrations(database, MIGRATIONS, OPTIONS);

    expect(await tableDefinitions(database)).toEqual(schema32);
  });

  test("does nothing the second time", async () => {
    const database = await databaseAt(32);
    const head = await headHash(database);

    const applied = await applyMigrations(database, MIGRATIONS, OPTIONS);

    expect(applied).toEqual([]);
    expect(await headHash(database)).toBe(head);
  });

  test("may run every file again without harm", async () => {
    const database = await databaseAt(32);
    await addRows(database);
    await database.query("INSERT INTO wisps (id, title) VALUES ('x-wisp-1', 'W')");
    await database.query("INSERT INTO repo_mtimes (repo_path, jsonl_path, mtime_ns) VALUES ('/r', '/j', 1)");
    await database.query("COMMIT");
    const rows = await rowsOf(database);

    for (const one of MIGRATIONS) await runMigration(database, one);
    await database.query("COMMIT");

    expect(await tableDefinitions(database)).toEqual(schema32);
    expect(await viewDefinitions(database)).toEqual(views32);
    expect(await rowsOf(database)).toEqual(rows);
    expect(await database.column("SELECT id FROM wisps")).toEqual(["x-wisp-1"]);
    expect(await database.column("SELECT repo_path FROM repo_mtimes")).toEqual(["/r"]);
    expect(await database.query("SELECT * FROM dolt_status")).toEqual([]);
  });

  test.each([6, 9, 15, 22, 24, 27, 40, 48, 60, 70, 80, 100])(
    "goes on where a run was killed after %i statements, once its leftovers are committed",
    async (statements) => {
      const { name } = await databaseAt(0);
      const killed = await openDatabase(dolt, name);
      const run = applyMigrations(dyingAfter(statements, killed), MIGRATIONS, OPTIONS);
      await expect(run).rejects.toMatchObject({ kind: "unavailable", code: "MIGRATION_FAILED", hint: "bd migrate" });
      await killed.end();
      const next = await openDatabase(dolt, name);
      onTestFinished(async () => next.end());
      await next.query("CALL DOLT_COMMIT('-Am', 'bd-recovery', '--skip-empty')");

      await applyMigrations(next, MIGRATIONS, OPTIONS);

      expect(await tableDefinitions(next)).toEqual(schema32);
      expect(await viewDefinitions(next)).toEqual(views32);
      expect(await listAppliedVersions(next)).toHaveLength(32);
      expect(await next.query("SELECT * FROM dolt_status")).toEqual([]);
      expect(await tablesAtHead(next)).toHaveLength(19);
    },
  );

  test("lets ten runners at once apply each migration once", async () => {
    const { name } = await databaseAt(0);
    const runners = await Promise.all(Array.from({ length: 10 }, async () => openDatabase(dolt, name)));
    onTestFinished(async () => {
      await Promise.all(runners.map(async (runner) => runner.end()));
    });

    const applied = await Promise.all(
      runners.map(async (runner) => {
        await runner.query("SELECT GET_LOCK(?, 60)", [`${name}:write`]);
        const mine = await applyMigrations(runner, MIGRATIONS, OPTIONS);
        await runner.query("SELECT RELEASE_LOCK(?)", [`${name}:write`]);
        return mine.length;
      }),
    );

    const after = await openDatabase(dolt, name);
    onTestFinished(async () => after.end());
    expect(applied.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 32]);
    expect(await tableDefinitions(after)).toEqual(schema32);
    expect(await commitMessages(after)).toEqual(["bd init: schema 32", "Initialize data repository"]);
  });

  test("makes the ignored tables of a clone, and no commit", async () => {
    const database = await databaseAt(32);
    const remote = `file://${join(dolt.home, "remote")}`;
    await database.query("CALL DOLT_REMOTE('add', 'origin', ?)", [remote]);
    await database.query("CALL DOLT_PUSH('origin', 'main')");
    await database.query("CALL DOLT_CLONE(?, 'beads_clone')", [remote]);
    const clone = await openDatabase(dolt, "beads_clone");
    onTestFinished(async () => clone.end());
    const before = Object.keys(await tableDefinitions(clone));

    const applied = await applyMigrations(clone, MIGRATIONS, OPTIONS);

    expect(before).not.toContain("wisps");
    expect(applied).toEqual([]);
    expect(await tableDefinitions(clone)).toEqual(schema32);
    expect(await clone.query("SELECT * FROM dolt_status")).toEqual([]);
    expect(await headHash(clone)).toBe(await headHash(database));
  });

  test("migrates a clone whose ignored tables are missing", async () => {
    const database = await databaseAt(22);
    for (const table of ["wisps", "wisp_labels", "wisp_dependencies", "wisp_events", "wisp_comments"])
      await database.query(`DROP TABLE ${table}`);

    await applyMigrations(database, MIGRATIONS, OPTIONS);

    expect(await tableDefinitions(database)).toEqual(schema32);
  });
});

describe("applyMigrations that can't", { timeout: 60_000 }, () => {
  test.each([15, 26, 32])("puts a database of version %i back as it was", async (version) => {
    const database = await databaseAt(version);
    await addRows(database);
    await database.query("INSERT INTO repo_mtimes (repo_path, jsonl_path, mtime_ns) VALUES ('/r', '/j', 1)");
    if (version >= 20) await database.query("INSERT INTO wisps (id, title) VALUES ('x-wisp-1', 'W')");
    await database.query("CALL DOLT_COMMIT('-Am', 'more rows', '--skip-empty')");
    await database.query("COMMIT");
    const before = {
      tables: await tablesAtHead(database),
      rows: await rowsOf(database),
      head: await headHash(database),
    };

    const error = await applyMigrations(database, BROKEN, OPTIONS).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      kind: "schema",
      code: "MIGRATION_FAILED",
      message: "statement 2 of migration 0033_break_all failed (table not found: nowhere); the database is as it was",
      hint: "bd migrate",
      details: {
        migration: "0033_break_all",
        statement: 2,
        sql: "ALTER TABLE nowhere ADD COLUMN x INT",
        outcome: "undone",
      },
    });
    expect(await database.query("SELECT * FROM dolt_status")).toEqual([]);
    expect(await tablesAtHead(database)).toEqual(before.tables);
    expect(await rowsOf(database)).toEqual(before.rows);
    expect(await headHash(database)).toBe(before.head);
    expect((await listAppliedVersions(database)).at(-1)).toBe(version);
    expect(await database.column("SELECT repo_path FROM repo_mtimes")).toEqual(["/r"]);
    if (version >= 20) expect(await database.column("SELECT id FROM wisps")).toEqual(["x-wisp-1"]);
    await applyMigrations(database, MIGRATIONS, OPTIONS);
    expect(await tableDefinitions(database)).toEqual(schema32);
  });

  test("leaves an empty database empty", async () => {
    const database = await databaseAt(0);

    const run = applyMigrations(database, BROKEN, OPTIONS);

    await expect(run).rejects.toThrow("the database is as it was");
    expect(await tableDefinitions(database)).toEqual({});
    expect(await database.query("SELECT * FROM dolt_status")).toEqual([]);
    expect(await database.query("SELECT * FROM dolt_ignore")).toEqual([]);
    expect(await commitMessages(database)).toEqual(["Initialize data repository"]);
  });

  test("refuses a working set with somebody's uncommitted changes, and keeps them", async () => {
    const database = await databaseAt(31);
    await database.query("INSERT INTO config VALUES ('theirs', '1')");
    await database.query("COMMIT");

    const run = applyMigrations(database, MIGRATIONS, OPTIONS);

    await expect(run).rejects.toMatchObject({
      kind: "unavailable",
      code: "WORKING_SET_DIRTY",
      details: { tables: ["config"] },
    });
    expect(await database.column("SELECT value FROM config WHERE `key` = 'theirs'")).toEqual(["1"]);
    expect(await listAppliedVersions(database)).toHaveLength(31);
  });

  test("refuses a newer schema", async () => {
    const database = await databaseAt(32);

    const run = applyMigrations(database, MIGRATIONS.slice(0, 31), OPTIONS);

    await expect(run).rejects.toMatchObject({ kind: "schema", code: "SCHEMA_NEWER", details: { have: 32, want: 31 } });
  });

  test("refuses tables that no recorded version made, and leaves them alone", async () => {
    const database = await databaseAt(0);
    await database.query("CREATE TABLE issues (id INT PRIMARY KEY)");
    await database.query("CALL DOLT_COMMIT('-Am', 'theirs')");

    const run = applyMigrations(database, MIGRATIONS, OPTIONS);

    await expect(run).rejects.toMatchObject({
      kind: "schema",
      code: "SCHEMA_UNRECORDED",
      details: { tables: ["issues"] },
    });
    expect(Object.keys(await tableDefinitions(database))).toEqual(["issues"]);
  });
});
