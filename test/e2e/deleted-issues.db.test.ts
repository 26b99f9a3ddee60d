import { expect, test } from "vitest";
import { idAtLevel } from "../../src/core/merge/moved-id.ts";
import { doltCommits } from "../support/dolt-history.ts";
import { recordIn } from "../support/payload.ts";
import { commitBySql, run, type TwoMachines, tableHashes, twoMachines } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const REMEMBER = ["migrate", "deleted-issues"];
const WITH_TWO_ISSUES = {
  prefix: "di",
  prepare: async (ann: TestWorkspace) => {
    for (const id of ["di-1", "di-2"]) await run(ann, ["create", `Title ${id}`, "--id", id, "-q"]);
  },
};

async function remembered(workspace: TestWorkspace): Promise<unknown[]> {
  const rows = await workspace.sql("SELECT wanted_id, created_by, moved FROM bd_deleted_issues ORDER BY wanted_id");
  return rows.map(({ wanted_id, created_by, moved }) => [wanted_id, created_by, moved].join(" "));
}

test("bd migrate deleted-issues makes the table in one commit, once", async () => {
  const workspace = await testWorkspace();
  const { database } = workspace;
  const before = await doltCommits(workspace);

  const preview = await run(workspace, [...REMEMBER, "--dry-run"]);
  expect(preview).toBe(`Database ${database} has no table bd_deleted_issues; bd migrate deleted-issues makes it\n`);
  expect(await doltCommits(workspace)).toEqual(before);
  const made = await workspace.json(REMEMBER);
  const again = await run(workspace, REMEMBER);

  expect(made).toMatchObject({ database, table: "bd_deleted_issues", existed: false, dry_run: false });
  expect(again).toBe(`Database ${database} has the table bd_deleted_issues; nothing to do\n`);
  expect(await workspace.json([...REMEMBER, "-n"])).toMatchObject({ existed: true, dry_run: true });
  expect((await doltCommits(workspace)).slice(0, -before.length)).toEqual([
    { message: "bd migrate: deleted-issues", author: "tester", email: "tester@example.test" },
  ]);
  expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  expect(await workspace.json(["dolt", "verify"])).toEqual([]);
  expect(await workspace.json(["migrate", "--dry-run"])).toMatchObject({ have: 32, want: 32, pending: [] });
});

test("an older schema is brought forward first", async () => {
  const workspace = await testWorkspace();
  await commitBySql(workspace, ["DELETE FROM schema_migrations WHERE version = 32"]);

  const { code, stdout } = await workspace.bd([...REMEMBER, "--json"]);

  expect(code).toBe(7);
  expect(JSON.parse(stdout)).toMatchObject({ code: "SCHEMA_OLDER", hint: "bd migrate" });
});

/** Bob deletes one issue while Ann goes on with another; then both pull, and have the same. */
async function deleteAndMeet({ ann, bob, push }: TwoMachines): Promise<void> {
  await commitBySql(bob, ["DELETE FROM issues WHERE id = 'di-1'"]);
  await run(ann, ["label", "add", "di-2", "kept", "-q"]);
  await push(ann);
  expect(recordIn(await bob.json(["dolt", "pull"]))).toMatchObject({ result: "merge" });
  await push(bob);
  await run(ann, ["dolt", "pull"]);
  expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
}

test("without the table a pull remembers nothing, and makes no table", async () => {
  const machines = await twoMachines(WITH_TWO_ISSUES);

  await deleteAndMeet(machines);

  expect(await machines.ann.sql("SHOW TABLES LIKE 'bd%'")).toEqual([]);
});

/** Who makes the table before the two part, or afterwards. */
const MAKERS: readonly (readonly [where: string, makers: (machines: TwoMachines) => readonly TestWorkspace[]])[] = [
  ["the side that pulls alone", ({ bob }) => [bob]],
  ["the side that is pulled alone", ({ ann }) => [ann]],
  ["both sides, which made it each for itself", ({ ann, bob }) => [ann, bob]],
];

test.each(MAKERS)("a pull remembers what was deleted where the table is on %s", async (_where, makers) => {
  const machines = await twoMachines(WITH_TWO_ISSUES);
  for (const one of makers(machines)) await run(one, REMEMBER);

  await deleteAndMeet(machines);

  for (const one of [machines.ann, machines.bob]) expect(await remembered(one)).toEqual(["di-1 ann 0"]);
});

test("what two sides remember is united, and an issue that lives again stays remembered", async () => {
  const { ann, bob, push } = await twoMachines(WITH_TWO_ISSUES);
  for (const [one, id] of [
    [ann, "di-8"],
    [bob, "di-9"],
  ] as const) {
    await run(one, REMEMBER);
    await commitBySql(one, [`INSERT INTO bd_deleted_issues VALUES ('${id}', 'x', '2026-01-01', '', 0)`]);
  }
  await commitBySql(ann, ["DELETE FROM issues WHERE id = 'di-1'"]);
  await push(ann);
  await run(bob, ["dolt", "pull"]);
  await run(bob, ["restore", "di-1"]);
  await run(ann, ["create", "Meanwhile", "--id", "di-3", "-q"]);
  await push(ann);
  await run(bob, ["dolt", "pull"]);
  await push(bob);
  await run(ann, ["dolt", "pull"]);

  for (const one of [ann, bob]) {
    expect(await remembered(one)).toEqual(["di-1 ann 0", "di-8 x 0", "di-9 x 0"]);
    expect(await one.sql("SELECT id FROM issues ORDER BY id")).toEqual([
      { id: "di-1" },
      { id: "di-2" },
      { id: "di-3" },
    ]);
  }
  expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
});

test.each(["deleted", "living"])(
  "who takes the id of a remembered issue gives it way, whoever hears of the other; here the %s one goes first",
  async (first) => {
    const { ann, bob, push } = await twoMachines(WITH_TWO_ISSUES);
    await run(ann, REMEMBER);
    await push(ann);
    await run(bob, ["dolt", "pull"]);
    const claim = "INSERT INTO bd_deleted_issues VALUES ('di-7', 'carl', '2026-01-01 00:00:00', '', 0)";
    const issue = `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_by, created_at, updated_at)
    VALUES ('di-7', 'Anew', '', '', '', '', 'dora', '2026-02-01 00:00:00', '2026-02-01 00:00:00')`;
    await commitBySql(ann, [first === "deleted" ? claim : issue]);
    await commitBySql(bob, [first === "deleted" ? issue : claim]);
    await push(ann);

    await run(bob, ["dolt", "pull"]);

    const birth = { wanted: "di-7", createdBy: "dora", createdAt: "2026-02-01 00:00:00", ext: "" };
    expect(await bob.sql("SELECT id FROM issues WHERE title = 'Anew'")).toEqual([{ id: idAtLevel(birth, 1) }]);
  },
);
