import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "dbs" });
  await workspace.json(["create", "One", "--id", "dbs-1"]);
});
afterAll(() => workspace.remove());

const WRITES = [
  ["create", "X"],
  ["update", "dbs-1", "-p", "0"],
  ["close", "dbs-1"],
  ["label", "add", "dbs-1", "x"],
  ["comment", "dbs-1", "Hello"],
  ["import", "-"],
  ["config", "set", "custom.x", "1"],
  ["ready", "--claim"],
];
const READS = [["list"], ["show", "dbs-1"], ["ready"], ["stats"], ["export"]];
const stdin = '{"id":"dbs-9","title":"X"}';

describe("a database that is not there", () => {
  beforeAll(() => workspace.grant("beads_nowhere"));

  test.each([...READS, ...WRITES])("exits 4 and is not made: bd %s %s", async (...line) => {
    await expectRefused(
      workspace,
      [...line, "--db", "beads_nowhere"],
      {
        exit: 4,
        code: "NO_DATABASE",
        message: `the server at 127.0.0.1:${workspace.port} has no database 'beads_nowhere'`,
        hint: "bd init --database=beads_nowhere",
      },
      { stdin },
    );
    expect(await workspace.sql("SHOW DATABASES LIKE 'beads_nowhere'")).toEqual([]);
  });
});

test("a database without a tracker exits 4", async () => {
  await expectRefused(workspace, ["list", "--db", "information_schema"], {
    exit: 4,
    code: "NO_TRACKER",
    message: "database 'information_schema' holds no issue tracker",
    hint: "bd init --database=information_schema",
  });
});

describe("a database of another project", () => {
  let other: TestWorkspace;
  let project: string;

  beforeAll(async () => {
    other = await makeWorkspace({ prefix: "dbs-other" });
    project = String((await workspace.sql("SELECT value FROM metadata WHERE `key` = '_project_id'"))[0]?.["value"]);
  });
  afterAll(() => other.remove());

  test.each([...READS, ...WRITES, ["init"]])("is neither read nor written: bd %s %s", async (...line) => {
    const path = join(other.dir, ".beads/metadata.json");
    const { project_id: expected } = recordIn(JSON.parse(readFileSync(path, "utf8")));
    await expectRefused(
      workspace,
      line,
      {
        exit: 4,
        code: "OTHER_PROJECT",
        message: `database '${workspace.database}' belongs to project ${project}, but this workspace to ${String(expected)}`,
        hint: "bd where",
        details: { database: workspace.database, found: project, expected },
      },
      { stdin, cwd: misdirected(other, workspace.database) },
    );
  });
});

/** Makes the workspace name a database that is not its own. */
function misdirected(other: TestWorkspace, database: string): string {
  const path = join(other.dir, ".beads/metadata.json");
  const metadata = recordIn(JSON.parse(readFileSync(path, "utf8")));
  writeFileSync(path, JSON.stringify({ ...metadata, dolt_database: database }));
  return other.dir;
}

/** Runs statements of another program, in one transaction. */
async function elsewhere(...statements: readonly string[]): Promise<void> {
  const { port, database } = workspace;
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

describe("an older schema", () => {
  beforeEach(async () => {
    await elsewhere("DELETE FROM schema_migrations WHERE version > 30", "CALL DOLT_COMMIT('-Am', 'older')");
    return () => elsewhere("CALL DOLT_RESET('--hard', 'HEAD~1')", "COMMIT");
  });

  test("is named with both versions and the command that brings it up; nothing reads or writes it", async () => {
    for (const line of [...READS, ...WRITES]) {
      await expectRefused(
        workspace,
        line,
        {
          exit: 7,
          code: "SCHEMA_OLDER",
          message: `database '${workspace.database}' has schema 30, this program needs 32`,
          hint: "bd migrate",
          details: { found: 30, needed: 32 },
        },
        { stdin },
      );
    }
  });
});

describe("a newer schema", () => {
  beforeEach(async () => {
    await elsewhere("INSERT INTO schema_migrations (version) VALUES (33)", "CALL DOLT_COMMIT('-Am', 'newer')");
    return () => elsewhere("CALL DOLT_RESET('--hard', 'HEAD~1')", "COMMIT");
  });

  test("can be read", async () => {
    expect(await workspace.json(["list"])).toMatchObject([{ id: "dbs-1" }]);
    for (const line of READS) expect(await workspace.bd(line), line.join(" ")).toMatchObject({ code: 0, stderr: "" });
  });

  test("is never written: exit 7 with both versions", async () => {
    for (const line of WRITES) {
      await expectRefused(
        workspace,
        line,
        {
          exit: 7,
          code: "SCHEMA_NEWER",
          message: `database '${workspace.database}' has schema 33, this program knows 32: nothing was written`,
          hint: "bd version",
          details: { found: 33, known: 32 },
        },
        { stdin },
      );
    }
  });

  test("is not migrated down", async () => {
    await expectRefused(workspace, ["migrate"], {
      exit: 7,
      code: "SCHEMA_NEWER",
      message: `database '${workspace.database}' has schema 33, this bd knows up to 32; nothing was changed`,
      hint: "bd version",
      details: { have: 33, want: 32 },
    });
  });
});
