import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { applyMigrations } from "../../src/store/migrate/apply-migrations.ts";
import { createDatabase, MIGRATIONS } from "../store/migrate/test-database.ts";
import { GO_MADE_DATABASE, unpackGoMade } from "../support/go-made.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { asRoot } from "../support/roles.ts";
import { commitBySql } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const T1 = { date: "2026-02-01T00:00:00" };

/** A folder beside the project's, for somebody who wants to join it. */
function newcomer(workspace: TestWorkspace): string {
  const folder = join(workspace.home, "newcomer");
  mkdirSync(folder, { recursive: true });
  return folder;
}

const PLANTS: readonly (readonly [key: string, ...statements: string[]])[] = [
  ["trigger:steal", "CREATE TRIGGER steal BEFORE INSERT ON comments FOR EACH ROW SET NEW.text = 'stolen'"],
  ["procedure:steal", "CREATE PROCEDURE steal() SELECT 1"],
  ["event:steal", "CREATE EVENT steal ON SCHEDULE EVERY 1 YEAR DO DELETE FROM labels"],
  ["view:steal", "CREATE VIEW steal AS SELECT * FROM issues"],
  ["view:ready_issues", "CREATE OR REPLACE VIEW ready_issues AS SELECT * FROM issues WHERE FALSE"],
  ["column:issues.x", "ALTER TABLE issues ADD COLUMN x INT AS (priority + 1) STORED"],
  ["constraint:issues.never", "ALTER TABLE issues ADD CONSTRAINT never CHECK (priority > 0)"],
  ["ignore:bd_%", "INSERT INTO dolt_ignore VALUES ('bd_%', 1)"],
  ["query:q", "INSERT INTO dolt_query_catalog VALUES ('q', 1, 'q', 'DROP TABLE issues', '')"],
];

test.each(PLANTS.map(([key, ...statements]) => ({ key, statements })))(
  "whoever joins a database that holds $key is told, and nothing is written, until it is let in by name",
  async ({ key, statements }) => {
    const owner = await testWorkspace();
    await commitBySql(owner, statements, T1);
    const [before] = await owner.sql("SELECT DOLT_HASHOF('HEAD') AS head");
    const cwd = newcomer(owner);
    const init = ["init", "--database", owner.database, "--json"];

    for (const flags of [[], ["--accept", "trigger:other"]]) {
      const { code, stdout } = await owner.bd([...init, ...flags], { cwd });
      expect({ code, error: JSON.parse(stdout) }).toMatchObject({
        code: 1,
        error: {
          code: "DATABASE_HAS_CODE",
          error: expect.stringMatching(
            new RegExp(`^database '${owner.database}' holds what can execute .*; nothing was joined`),
          ),
          hint: "bd init --help",
          details: { code: expect.arrayContaining([expect.objectContaining({ name: key.split(":")[1] })]) },
        },
      });
    }
    expect(existsSync(`${cwd}/.beads`)).toBe(false);
    expect(await owner.sql("SELECT DOLT_HASHOF('HEAD') AS head")).toEqual([before]);

    expect(await owner.json([...init.slice(0, -1), "--accept", key], { cwd })).toMatchObject({ outcome: "joined" });
    // Who belongs to the project already is asked nothing.
    expect(await owner.json(["init"])).toMatchObject({ outcome: "unchanged" });
  },
);

test("an empty database, made for this project, may hold none either", async () => {
  const workspace = await makeWorkspace({ initialised: false, login: "root" });
  onTestFinished(() => workspace.remove());
  await asRoot(workspace.port, async (admin) => {
    await admin.query(`CREATE DATABASE \`${workspace.database}\``);
    await admin.query(`USE \`${workspace.database}\``);
    await admin.query("CREATE PROCEDURE steal() SELECT 1");
  });
  const init = ["init", "--database", workspace.database, "--prefix", "x", "--json"];

  expect(JSON.parse((await workspace.bd(init)).stdout)).toMatchObject({ code: "DATABASE_HAS_CODE" });
  expect(await workspace.sql("SHOW TABLES")).toEqual([]);
  expect((await workspace.bd([...init, "--accept", "procedure:steal"])).code).toBe(0);
});

test("what leads Dolt elsewhere is let in by no flag", async () => {
  const owner = await testWorkspace();
  await commitBySql(owner, ["INSERT INTO dolt_nonlocal_tables VALUES ('dolt_schemas', 'main', '', 'immediate')"], T1);
  const accept = ["--accept", "table:dolt_nonlocal_tables"];

  const { stdout } = await owner.bd(["init", "--database", owner.database, ...accept, "--json"], {
    cwd: newcomer(owner),
  });

  expect(JSON.parse(stdout)).toMatchObject({
    code: "DATABASE_HAS_CODE",
    details: { blind: ["table:dolt_nonlocal_tables"] },
  });
});

test("a database of ours is joined without a word", async () => {
  const owner = await testWorkspace();
  const joined = await owner.bd(["init", "--database", owner.database, "-q"], { cwd: newcomer(owner) });
  expect(joined).toEqual({ code: 0, stdout: "", stderr: "" });
});

describe("on a server of the Go program", () => {
  let server: PrivateDolt;
  let workspace: TestWorkspace;

  beforeAll(async () => {
    server = await startPrivateDolt({ seed: unpackGoMade });
    workspace = await makeWorkspace({ initialised: false, port: server.port, login: "root" });
  });
  afterAll(async () => {
    await workspace.remove();
    await server.stop();
  });

  async function joined(database: string) {
    const cwd = join(workspace.home, database);
    mkdirSync(cwd);
    const { code, stderr } = await workspace.bd(["init", "--database", database], { cwd });
    return { code, stderr };
  }

  test("its database is joined without a word", async () => {
    expect(await joined(GO_MADE_DATABASE)).toEqual({ code: 0, stderr: "" });
  });

  test.each([7, 16, 17, 18, 24, 25, 26, 31])(
    "one of schema %i is, but for the note that it has to be migrated",
    async (version) => {
      const old = await createDatabase(server, `old_${version}`);
      await applyMigrations(old, MIGRATIONS.slice(0, version), { author: "a <a@example.test>", say: () => {} });
      await old.query("INSERT INTO config VALUES ('issue_prefix', 'old')");
      await old.query("COMMIT");
      await old.end();

      expect(await joined(old.name)).toEqual({
        code: 0,
        stderr: `the database has schema ${version}: run bd migrate before using it\n`,
      });
    },
  );

  test("a view of an older schema that no migration replaces is none of the tracker's", async () => {
    const old = await createDatabase(server, "planted");
    await applyMigrations(old, MIGRATIONS.slice(0, 26), { author: "a <a@example.test>", say: () => {} });
    for (const name of ["ready_issues", "blocked_issues"])
      await old.query(`CREATE OR REPLACE VIEW ${name} AS SELECT 1 AS a`);
    await old.query("COMMIT");
    await old.end();

    const { code, stderr } = await joined("planted");
    expect(code).toBe(1);
    expect(stderr).toContain("view:blocked_issues (added), view:ready_issues (added)");
  });
});
