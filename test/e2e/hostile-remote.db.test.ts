import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectRefused } from "../support/refused.ts";
import { startRemoteServer } from "../support/remote-server.ts";
import { commitBySql, run, type TwoMachines, twoMachines } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

const T1 = { date: "2026-02-01T00:00:00" };
const T2 = { date: "2026-02-02T00:00:00" };

/** What Ann plants, and the name that lets it in. */
const PLANTS: readonly (readonly [key: string, ...statements: string[]])[] = [
  ["trigger:steal", "CREATE TRIGGER steal BEFORE INSERT ON comments FOR EACH ROW SET NEW.text = 'stolen'"],
  ["procedure:steal", "CREATE PROCEDURE steal() SELECT 1"],
  ["event:steal", "CREATE EVENT steal ON SCHEDULE EVERY 1 SECOND DO DELETE FROM labels"],
  ["view:steal", "CREATE VIEW steal AS SELECT * FROM issues"],
  ["view:ready_issues", "CREATE OR REPLACE VIEW ready_issues AS SELECT * FROM issues WHERE FALSE"],
  ["view:ready_issues", "DROP VIEW ready_issues"],
  ["column:issues.x", "ALTER TABLE issues ADD COLUMN x INT AS (priority + 1) STORED"],
  ["column:issues.x", "ALTER TABLE issues ADD COLUMN x VARCHAR(99) DEFAULT (CONCAT('a', USER()))"],
  ["column:issues.x", "ALTER TABLE issues ADD COLUMN x INT NOT NULL"],
  ["column:issues.notes", "ALTER TABLE issues MODIFY notes VARCHAR(5) NOT NULL"],
  ["table:wisps", "CALL DOLT_ADD('--force', 'wisps')"],
  ["constraint:issues.never", "ALTER TABLE issues ADD CONSTRAINT never CHECK (priority > 0)"],
  ["index:issues.one", "ALTER TABLE issues ADD UNIQUE KEY one (title)"],
  ["constraint:labels.fk_labels_issue", "ALTER TABLE labels DROP FOREIGN KEY fk_labels_issue"],
  ["constraint:hold.h", "CREATE TABLE hold (i VARCHAR(255), CONSTRAINT h FOREIGN KEY (i) REFERENCES issues (id))"],
  ["column:hold.x", "CREATE TABLE hold (i INT PRIMARY KEY, x VARCHAR(40) DEFAULT (CONCAT('a', 'b')))"],
  ["ignore:bd_%", "INSERT INTO dolt_ignore VALUES ('bd_%', 1)"],
  ["ignore:wisp_%", "DELETE FROM dolt_ignore WHERE pattern = 'wisp_%'"],
  ["ignore:wisps", "UPDATE dolt_ignore SET ignored = 0 WHERE pattern = 'wisps'"],
  [
    "table:issues",
    "ALTER TABLE issues RENAME COLUMN notes TO tmp1",
    "ALTER TABLE issues RENAME COLUMN design TO notes",
    "ALTER TABLE issues RENAME COLUMN tmp1 TO design",
  ],
  ["query:q", "INSERT INTO dolt_query_catalog VALUES ('q', 1, 'q', 'DROP TABLE issues', '')"],
];

async function sides(prefix: string, diverged: boolean): Promise<TwoMachines> {
  const machines = await twoMachines({
    prefix,
    prepare: (ann) => run(ann, ["create", "One", "--id", `${prefix}-1`, "-q"]),
  });
  if (diverged) await commitBySql(machines.bob, [`UPDATE issues SET title = 'Mine' WHERE id = '${prefix}-1'`], T2);
  return machines;
}

async function plant(machines: TwoMachines, statements: readonly string[]): Promise<void> {
  await commitBySql(machines.ann, statements, T1);
  await machines.push(machines.ann);
}

test.each(PLANTS.map((one, index) => ({ index, key: one[0], statements: one.slice(1) })))(
  "a pull that would bring $key is refused before anything is merged, and named by a dry run",
  async ({ index, key, statements }) => {
    const machines = await sides(`hr${index}`, index % 2 === 1);
    await plant(machines, statements);
    const { bob } = machines;

    await expectRefused(bob, ["dolt", "pull"], {
      exit: 1,
      code: "REMOTE_HAS_CODE",
      message: expect.stringContaining(key),
      hint: "bd dolt pull --dry-run",
      details: { code: expect.arrayContaining([expect.objectContaining(keyParts(key))]) },
    });
    await expectRefused(bob, ["dolt", "pull", "--accept", "trigger:other"], {
      exit: 1,
      code: "REMOTE_HAS_CODE",
      message: expect.stringContaining(key),
    });
    expect(await bob.json(["dolt", "pull", "--dry-run"])).toMatchObject({
      code: expect.arrayContaining([expect.objectContaining(keyParts(key))]),
    });
    expect(await run(bob, ["dolt", "pull", "--dry-run"])).toContain(`  ${key} (`);
  },
);

test.each([
  ["table:metadata", "DROP TABLE metadata"],
  ["column:labels.label", "ALTER TABLE labels RENAME COLUMN label TO other"],
  ["table:interactions", "DROP TABLE interactions"],
  ["table:comments", "ALTER TABLE comments RENAME TO c2"],
  ["column:routes.prefix", "ALTER TABLE routes RENAME TO r2", "CREATE TABLE routes (id INT PRIMARY KEY)"],
  ["column:schema_migrations.version", "ALTER TABLE schema_migrations RENAME COLUMN version TO v"],
  ["table:dolt_nonlocal_tables", "INSERT INTO dolt_nonlocal_tables VALUES ('x', 'other', '', 'immediate')"],
])("%s hides what else comes, so no flag lets it in", async (key, ...statements) => {
  const diverged = statements.length > 1 || !key.endsWith("s");
  const machines = await sides(`hb${key.replaceAll(/\W|_/g, "")}`, diverged);
  await plant(machines, ["CREATE PROCEDURE steal() SELECT 1", ...statements]);

  for (const flags of [[], ["--dry-run"], ["--accept", key]]) {
    await expectRefused(machines.bob, ["dolt", "pull", ...flags], {
      exit: 1,
      code: "REMOTE_HAS_CODE",
      message: expect.stringContaining(key),
    });
  }
});

function keyParts(key: string): { kind: string; name: string } {
  const [kind = "", name = ""] = key.split(":");
  return { kind, name };
}

test.each([false, true])("what is named comes in, and nothing else (both have news: %s)", async (diverged) => {
  const machines = await sides(diverged ? "hn1" : "hn2", diverged);
  await plant(machines, ["CREATE VIEW one AS SELECT 1 AS a", "CREATE VIEW two AS SELECT 2 AS a"]);
  const { bob } = machines;

  await expectRefused(bob, ["dolt", "pull", "--accept", "view:one"], {
    exit: 1,
    code: "REMOTE_HAS_CODE",
    message: expect.not.stringContaining("view:one"),
  });
  const out = await run(bob, ["dolt", "pull", "--accept", "view:one", "--accept", "view:two"]);

  expect(out).toContain("view:one (added): CREATE VIEW one");
  expect(await bob.sql("SELECT a FROM two")).toEqual([{ a: 2 }]);
  expect(await bob.json(["dolt", "pull"])).toMatchObject({ result: "up-to-date" });
});

test("code that is here already, and code that was removed here, needs no word again", async () => {
  const machines = await sides("hk", false);
  await plant(machines, ["CREATE VIEW one AS SELECT 1 AS a", "CREATE VIEW two AS SELECT 2 AS a"]);
  const { ann, bob, push } = machines;
  await run(bob, ["dolt", "pull", "--accept", "view:one", "--accept", "view:two"]);
  await commitBySql(bob, ["DROP VIEW one"], T2);
  await run(ann, ["create", "Two", "--id", "hk-2", "-q"]);
  await push(ann);

  await run(bob, ["dolt", "pull"]);

  expect(await bob.sql("SELECT type, name FROM dolt_schemas WHERE name IN ('one', 'two')")).toEqual([
    { type: "view", name: "two" },
  ]);
});

test("tables and columns that only keep data come in without a word, and are named", async () => {
  const machines = await sides("hd", true);
  await plant(machines, [
    "CREATE TABLE notes_of_others (a INT PRIMARY KEY, b TEXT)",
    "ALTER TABLE issues ADD COLUMN of_ann INT",
  ]);

  expect(await run(machines.bob, ["dolt", "pull"])).toContain("New tables that bd does not know: notes_of_others");
});

test("an accepted name that is none is bad usage", async () => {
  const { bob } = await sides("hu", false);
  await expectRefused(bob, ["dolt", "pull", "--accept", "steal"], {
    exit: 2,
    code: "BAD_INPUT",
    message: expect.stringContaining("KIND:NAME"),
  });
});

/** A folder of its own for whoever clones, on the server that all share. */
async function newcomer(prefix: string): Promise<TestWorkspace> {
  const workspace = await makeWorkspace({ prefix, initialised: false });
  onTestFinished(() => workspace.remove());
  return workspace;
}

/** Those that a clone has all by itself, without anything to compare with. */
const CARRIED = PLANTS.filter(
  ([key, ...statements]) =>
    key.startsWith("query:") || !/DROP|MODIFY|RENAME|UNIQUE|NOT NULL$/.test(statements.join("\n")),
);

test.each(CARRIED.map(([key, ...statements], index) => ({ index, key, statements })))(
  "a clone that would bring $key leaves no database behind",
  async ({ index, key, statements }) => {
    const machines = await sides(`hc${index}`, false);
    await plant(machines, statements);
    const bob = await newcomer(`hc${index}new`);
    const url = `file://${join(machines.ann.home, "remote")}`;

    const refused = await bob.bd(["init", "--remote", url, "--database", bob.database, "--json"]);

    expect(JSON.parse(refused.stdout)).toMatchObject({ code: "REMOTE_HAS_CODE", error: expect.stringContaining(key) });
    expect(refused.code).toBe(1);
    expect(existsSync(join(bob.dir, ".beads", "metadata.json"))).toBe(false);
    expect(await machines.ann.sql("SHOW DATABASES LIKE ?", [bob.database])).toEqual([]);

    // What Dolt no longer ignores there has been committed there, and is named beside it.
    const named: { kind: string; name: string }[] = JSON.parse(refused.stdout).details.code;
    const accepted = named.flatMap(({ kind, name }) => ["--accept", `${kind}:${name}`]);
    await run(bob, ["init", "--remote", url, "--database", bob.database, ...accepted, "-q"]);
  },
);

test.each([
  ["table:comments", "ALTER TABLE comments RENAME TO c2"],
  ["table:schema_migrations", "ALTER TABLE schema_migrations RENAME TO s2"],
])("a clone that would bring a tracker without %s is refused, and no flag lets it in", async (key, statement) => {
  const prefix = `hm${key.length}`;
  const machines = await sides(prefix, false);
  await plant(machines, [statement]);
  const bob = await newcomer(`${prefix}new`);
  const url = `file://${join(machines.ann.home, "remote")}`;

  const refused = await bob.bd(["init", "--remote", url, "--database", bob.database, "--accept", key, "--json"]);

  expect(JSON.parse(refused.stdout)).toMatchObject({ code: "REMOTE_HAS_CODE", details: { blind: [key] } });
  expect(await machines.ann.sql("SHOW DATABASES LIKE ?", [bob.database])).toEqual([]);
});

test("a relay brings no code in either", async () => {
  const server = await startRemoteServer();
  onTestFinished(() => server.stop());
  const machines = await sides("hy", false);
  const { ann, bob } = machines;
  const url = await server.create("club");
  const env = { ...server.credentials };
  for (const one of [ann, bob]) {
    await one.sql("CALL DOLT_REMOTE('remove', 'origin')").catch(() => {});
    await one.bd(["dolt", "remote", "add", "up", url]);
  }
  await commitBySql(ann, ["CREATE VIEW steal AS SELECT * FROM issues"], T1);
  const pushed = await ann.bd(["dolt", "push", "--remote", "up"], { env });
  expect(pushed.code, pushed.stdout + pushed.stderr).toBe(0);

  const pulled = await bob.bd(["dolt", "pull", "--remote", "up", "--json"], { env });

  expect(JSON.parse(pulled.stdout)).toMatchObject({ code: "REMOTE_HAS_CODE" });
  expect(await bob.sql("SELECT name FROM dolt_schemas WHERE name = 'steal'")).toEqual([]);
});
