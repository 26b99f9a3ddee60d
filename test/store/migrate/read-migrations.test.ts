import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCHEMA_VERSION } from "../../../src/store/database-identity.ts";
import { readMigrations } from "../../../src/store/migrate/read-migrations.ts";
import { MIGRATIONS } from "./test-database.ts";

describe("readMigrations", () => {
  let directory = "";

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "bd-migrations-"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  test("reads our own files, one per version of the schema", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1));
  });

  test("gives version, name and statements in order, and leaves other files alone", async () => {
    await writeFile(join(directory, "0002_drop_a.sql"), "DROP TABLE IF EXISTS a;");
    await writeFile(join(directory, "0001_create_a.sql"), "-- @local\nCREATE TABLE a (id INT);");
    await writeFile(join(directory, "README.md"), "rules");

    expect(readMigrations(directory)).toEqual([
      { version: 1, name: "0001_create_a", local: true, statements: [{ sql: "CREATE TABLE a (id INT)" }] },
      { version: 2, name: "0002_drop_a", local: false, statements: [{ sql: "DROP TABLE IF EXISTS a" }] },
    ]);
  });

  test.each([
    [["0001_a.sql", "0003_b.sql"], "migration 0003_b stands where version 2 is expected"],
    [["0001_a.sql", "0001_b.sql"], "migration 0001_b stands where version 2 is expected"],
    [["1_a.sql"], "1_a.sql is not named NNNN_verb_object.sql"],
  ])("refuses the files %j", async (files, message) => {
    for (const file of files) await writeFile(join(directory, file), "SELECT 1;");

    expect(() => readMigrations(directory)).toThrow(
      expect.objectContaining({ kind: "internal", code: "MIGRATIONS_BROKEN", message }),
    );
  });

  test("names the file and line that break the rules", async () => {
    await writeFile(join(directory, "0001_a.sql"), "SELECT 1;\nSELECT 2");

    expect(() => readMigrations(directory)).toThrow(
      "migration 0001_a.sql can't be read: the end: the last statement has no ;",
    );
  });

  test("refuses a directory that is empty or missing", () => {
    expect(() => readMigrations(directory)).toThrow(`there are no migrations in ${directory}`);
    expect(() => readMigrations(join(directory, "nowhere"))).toThrow("can't be read");
  });
});
