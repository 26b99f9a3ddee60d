import { expect, test } from "vitest";
import { commitBySql, run, type TwoMachines, tableHashes, twoMachines } from "../support/two-machines.ts";

const T1 = { date: "2026-02-01T00:00:00" };
const T2 = { date: "2026-02-02T00:00:00" };

interface Sides {
  readonly before?: readonly string[];
  readonly anns: readonly string[];
  readonly bobs: readonly string[];
}

/** Ann pushed her changes; Bob made his a day later and has not pulled. */
async function diverged(prefix: string, { before = [], anns, bobs }: Sides): Promise<TwoMachines> {
  const machines = await twoMachines({
    prefix,
    prepare: async (ann) => {
      await run(ann, ["create", "One", "--id", `${prefix}-1`, "-l", "red", "-q"]);
      if (before.length > 0) await commitBySql(ann, before);
    },
  });
  await commitBySql(machines.ann, anns, T1);
  await machines.push(machines.ann);
  await commitBySql(machines.bob, bobs, T2);
  return machines;
}

test("what both sides told Dolt to ignore unites, and what one of them took out stays out", async () => {
  const { bob } = await diverged("og", {
    before: ["INSERT INTO dolt_ignore VALUES ('both_%', 1)"],
    anns: [
      "INSERT INTO dolt_ignore VALUES ('ann_%', 1)",
      "UPDATE dolt_ignore SET ignored = 0 WHERE pattern = 'both_%'",
    ],
    bobs: ["INSERT INTO dolt_ignore VALUES ('bob_%', 1)", "DELETE FROM dolt_ignore WHERE pattern = 'both_%'"],
  });

  await run(bob, ["dolt", "pull"]);

  expect(await bob.sql("SELECT * FROM dolt_ignore WHERE pattern REGEXP '^(ann|bob|both)_' ORDER BY pattern")).toEqual([
    { pattern: "ann_%", ignored: 1 },
    { pattern: "bob_%", ignored: 1 },
  ]);
  expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
});

const FOREIGN = {
  before: ["CREATE TABLE notes_of_others (a INT, b INT)", "INSERT INTO notes_of_others VALUES (1, 1)"],
  anns: [
    "CREATE VIEW open_ones AS SELECT 'ann' AS who",
    "CREATE PROCEDURE who() SELECT 'ann'",
    "INSERT INTO notes_of_others VALUES (1, 1), (2, 2)",
  ],
  bobs: [
    "CREATE VIEW open_ones AS SELECT 'bob' AS who",
    "CREATE PROCEDURE who() SELECT 'bob'",
    "INSERT INTO notes_of_others VALUES (1, 1), (1, 1), (3, 3)",
  ],
};
/** What of that can execute. */
const ACCEPT = ["--accept", "view:open_ones", "--accept", "procedure:who"];
const SETTLED = ["dolt_procedures", "dolt_schemas", "notes_of_others"];

test("views, procedures and tables without a key are the later side's where both changed them, and a line says so", async () => {
  const { bob } = await diverged("vw", FOREIGN);

  const preview = await run(bob, ["dolt", "pull", "--dry-run"]);
  const out = await run(bob, ["dolt", "pull", ...ACCEPT]);

  const lines = SETTLED.map((table) => `  table ${table}.rows: ours 1 row over theirs 1 row (later)`);
  for (const text of [preview, out]) expect(text.split("\n")).toEqual(expect.arrayContaining(lines));
  expect(await bob.sql("SELECT who FROM open_ones")).toEqual([{ who: "bob" }]);
  expect(await bob.sql("SELECT a FROM notes_of_others ORDER BY a")).toEqual([1, 1, 1, 2, 3].map((a) => ({ a })));
  expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
});

test("--strategy gives the rows of such tables to the side that it names", async () => {
  const { bob } = await diverged("vs", FOREIGN);

  const payload = await bob.json(["dolt", "pull", "--strategy", "theirs", ...ACCEPT]);

  expect(payload).toMatchObject({
    conflicts: SETTLED.map((table) => ({ table, item: "table", field: "rows", winner: "theirs", why: "chosen" })),
  });
  expect(await bob.sql("SELECT who FROM open_ones")).toEqual([{ who: "ann" }]);
});

test("a deletion stands against a change where either side has columns of its own, and rows of both keep them", async () => {
  const { ann, bob, push } = await diverged("co", {
    anns: ["ALTER TABLE issues ADD COLUMN of_ann INT", "DELETE FROM issues WHERE id = 'co-1'"],
    bobs: [
      "ALTER TABLE issues ADD COLUMN of_bob INT",
      "ALTER TABLE labels ADD COLUMN of_bob INT",
      "UPDATE issues SET title = 'Still needed', of_bob = 7 WHERE id = 'co-1'",
      "INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, of_bob) VALUES ('co-2', 'New', '', '', '', '', 7)",
    ],
  });

  expect(await bob.json(["dolt", "pull"])).toMatchObject({
    beaten: [{ id: "co-1", title: "Still needed", side: "ours" }],
  });
  await push(bob);
  await run(ann, ["dolt", "pull"]);

  expect(await ann.sql("SELECT id, title, of_ann, of_bob FROM issues")).toEqual([
    { id: "co-2", title: "New", of_ann: null, of_bob: 7 },
  ]);
  expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
});
