import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { describe, expect, it } from "vitest";
import { freePort } from "../support/private-dolt.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const fresh = () => testWorkspace({ initialised: false });

function metadataOf(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, ".beads/metadata.json"), "utf8"));
}

function prefixOf({ database }: TestWorkspace): string {
  return database.slice("beads_".length);
}

function folderBeside({ dir }: TestWorkspace, name: string): string {
  const folder = join(dir, "..", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Changes the project that a folder's metadata.json names. */
function renameProject(folder: string, projectId: string): void {
  writeFileSync(join(folder, ".beads/metadata.json"), JSON.stringify({ ...metadataOf(folder), project_id: projectId }));
}

describe("bd init in a new folder", () => {
  it("makes the database, its project and the files, under the actor", async () => {
    const workspace = await fresh();
    const { code, stdout, stderr } = await workspace.bd(["init", "--prefix", prefixOf(workspace)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("bd initialized successfully!");
    expect(stdout).toContain(`  Database: ${workspace.database}\n`);

    const [{ value: projectId } = {}] = await workspace.sql("SELECT value FROM metadata WHERE `key` = '_project_id'");
    expect(metadataOf(workspace.dir)).toEqual({
      database: "dolt",
      backend: "dolt",
      dolt_mode: "server",
      // The port of the environment is one person's.
      dolt_server_port: 3307,
      dolt_database: workspace.database,
      project_id: projectId,
    });
    expect(await workspace.sql("SELECT value FROM config WHERE `key` = 'issue_prefix'")).toEqual([
      { value: prefixOf(workspace) },
    ]);
    const log = await workspace.sql(
      "SELECT SUBSTRING_INDEX(message, '\\n', 1) AS message, committer, email FROM dolt_log ORDER BY commit_order DESC LIMIT 2",
    );
    expect(log).toEqual([
      { message: "bd init", committer: "tester", email: "tester@example.test" },
      { message: "bd init: schema 32", committer: "tester", email: "tester@example.test" },
    ]);
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
    expect(existsSync(join(workspace.dir, ".beads/config.yaml"))).toBe(true);
    expect(existsSync(join(workspace.dir, "AGENTS.md"))).toBe(false);
  });

  it("is silent with --quiet and an object with --json", async () => {
    const workspace = await fresh();
    const prefix = prefixOf(workspace);
    expect(await workspace.bd(["init", "--prefix", prefix, "-q"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await workspace.json(["init"])).toEqual({
      outcome: "unchanged",
      path: join(workspace.dir, ".beads"),
      database: workspace.database,
      prefix,
      project_id: metadataOf(workspace.dir)["project_id"],
      host: "127.0.0.1",
      port: workspace.port,
      user: "root",
      issue_count: 0,
      schema_version: 1,
    });
  });

  it("imports the issues that lie in the folder where asked to, and is whole or nothing without them", async () => {
    const workspace = await fresh();
    const init = ["init", "--prefix", prefixOf(workspace), "--from-jsonl", "--json"];
    expect((await workspace.bd(init)).code).toBe(2);
    expect(existsSync(join(workspace.dir, ".beads"))).toBe(false);

    mkdirSync(join(workspace.dir, ".beads"));
    const line = {
      id: `${prefixOf(workspace)}-1`,
      title: "Imported",
      created_at: "2026-01-02T03:04:05Z",
      updated_at: "2026-01-02T03:04:05Z",
    };
    writeFileSync(join(workspace.dir, ".beads/issues.jsonl"), `${JSON.stringify(line)}\n`);
    expect(await workspace.json(init)).toMatchObject({ outcome: "created", imported: 1 });
    expect(await workspace.sql("SELECT id, title FROM issues")).toEqual([{ id: line.id, title: "Imported" }]);
  });

  it("says of a wizard's flag that it changes nothing", async () => {
    const workspace = await fresh();
    const flags = ["--team", "--skip-hooks", "--server", "--non-interactive"];
    const { code, stderr } = await workspace.bd(["init", "--prefix", prefixOf(workspace), ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "--team changes nothing: there are no wizards\n" });
  });

  it("brings to its end what an init that was cut off has left", async () => {
    const workspace = await fresh();
    const { database } = workspace;
    const other = await createConnection({ host: "127.0.0.1", port: workspace.port, user: "root" });
    await other.query(`CREATE DATABASE \`${database}\``);
    await other.query(`CREATE TABLE \`${database}\`.schema_migrations (version INT NOT NULL PRIMARY KEY)`);
    await other.query("COMMIT");
    await other.end();
    expect(await workspace.json(["init", "--prefix", prefixOf(workspace)])).toMatchObject({ outcome: "created" });
    expect(await workspace.sql("SELECT MAX(version) AS version FROM schema_migrations")).toEqual([{ version: 32 }]);
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  it("leaves no trace where no server answers", async () => {
    const workspace = await fresh();
    const { code, stderr } = await workspace.bd(["init", "--server-port", String(await freePort())]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^Hint: .*bd server start$/m);
    expect(existsSync(join(workspace.dir, ".beads"))).toBe(false);
  });

  it("refuses a database that holds something else", async () => {
    const workspace = await fresh();
    await workspace.bd(["init", "--prefix", prefixOf(workspace), "-q"]);
    const other = `${workspace.database}_plain`;
    await workspace.sql(`CREATE DATABASE \`${other}\``);
    await workspace.sql(`CREATE TABLE \`${other}\`.t (a INT PRIMARY KEY)`);
    const folder = folderBeside(workspace, "plain");
    const { code, stdout } = await workspace.bd(["init", "--database", other, "--json"], { cwd: folder });
    await workspace.sql(`DROP DATABASE \`${other}\``);
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 4, error: "NOT_A_TRACKER" });
    expect(existsSync(join(folder, ".beads"))).toBe(false);
  });
});

describe("bd init where there is a project already", () => {
  it("joins it from another folder, and adopts prefix and identity", async () => {
    const workspace = await testWorkspace();
    const folder = folderBeside(workspace, "clone");
    const { code, stdout } = await workspace.bd(["init", "--database", workspace.database], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("Joined the project that the database holds (0 issues)");
    expect(stdout).toContain(`Issue prefix: ${prefixOf(workspace)}`);
    expect(metadataOf(folder)).toEqual(metadataOf(workspace.dir));
  });

  it("joins nothing by the chance of a name: two folders called the same are two projects", async () => {
    const workspace = await testWorkspace();
    const folder = folderBeside(workspace, "namesake");
    const { code, stdout } = await workspace.bd(["init", "--prefix", prefixOf(workspace), "--json"], { cwd: folder });
    const { code: error, hint } = JSON.parse(stdout);
    expect({ code, error }).toEqual({ code: 4, error: "PROJECT_EXISTS" });
    expect(hint).toContain(`bd init --database=${workspace.database}`);
    expect(existsSync(join(folder, ".beads"))).toBe(false);
  });

  it("makes one project of four inits at once", async () => {
    const workspace = await fresh();
    const folders = ["a", "b", "c", "d"].map((name) => folderBeside(workspace, name));
    const runs = folders.map((cwd) => workspace.spawn(["init", "--database", workspace.database], { cwd }).done);
    const results = await Promise.all(runs);
    // On a busy machine one may wait long enough for the other to say so.
    const said = results.map(({ stderr }) => stderr.replace(/^waiting for the write lock of .*\n/, ""));
    expect(results.map(({ code }, index) => [code, said[index]])).toEqual(folders.map(() => [0, ""]));
    expect(new Set(folders.map((folder) => metadataOf(folder)["project_id"])).size).toBe(1);
    expect(await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log WHERE message LIKE 'bd init%'")).toEqual([{ n: 2 }]);
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  it("makes the database of a workspace again that has lost it, under the same identity", async () => {
    const workspace = await testWorkspace();
    const before = metadataOf(workspace.dir);
    await workspace.sql(`DROP DATABASE \`${workspace.database}\``);
    const { code, stderr } = await workspace.bd(["init"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(metadataOf(workspace.dir)).toEqual(before);
    expect(await workspace.json(["where"])).toMatchObject({ prefix: prefixOf(workspace) });
  });

  it("refuses another project's database with exit 4", async () => {
    const workspace = await testWorkspace();
    renameProject(workspace.dir, "another-project");
    const { code, stdout } = await workspace.bd(["init", "--json"]);
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 4, error: "OTHER_PROJECT" });
    expect(metadataOf(workspace.dir)["project_id"]).toBe("another-project");
  });

  it("refuses another prefix than the project has", async () => {
    const workspace = await testWorkspace();
    const folder = folderBeside(workspace, "clone");
    const args = ["init", "--database", workspace.database, "--prefix", "other", "--json"];
    const { code, stdout } = await workspace.bd(args, { cwd: folder });
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 4, error: "PREFIX_DIFFERS" });
    expect(existsSync(join(folder, ".beads"))).toBe(false);
  });

  it("refuses another database than the workspace belongs to", async () => {
    const workspace = await testWorkspace();
    const { code, stdout } = await workspace.bd(["init", "--database", "beads_elsewhere", "--json"]);
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 11, error: "WORKSPACE_EXISTS" });
  });

  it.each([
    [["--force"], 11],
    [["--reinit-local"], 11],
    [["--discard-remote"], 10],
    [["--destroy-token", "DESTROY-x"], 12],
  ])("never destroys it, not even with %j", async (flags, exitCode) => {
    const workspace = await testWorkspace();
    const { code, stderr } = await workspace.bd(["init", ...flags]);
    expect(code).toBe(exitCode);
    expect(stderr).toContain("never destroys");
    expect(await workspace.sql("SELECT COUNT(*) AS n FROM config WHERE `key` = 'issue_prefix'")).toEqual([{ n: 1 }]);
  });
});
