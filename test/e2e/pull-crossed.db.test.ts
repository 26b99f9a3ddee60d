import { expect, test } from "vitest";
import { type Publisher, publishers } from "../support/publishers.ts";
import { commitBySql, run, tableHashes } from "../support/two-machines.ts";

/** Both pull what the other had published before: two merges of the same two commits. */
async function cross(ann: Publisher, bob: Publisher): Promise<void> {
  await ann.publish();
  await bob.publish();
  await ann.pull(bob);
  await bob.pull(ann);
}

/** Once more; both come to the same tables. Gives what Bob's pull said. */
async function crossAgain(ann: Publisher, bob: Publisher): Promise<unknown> {
  await ann.publish();
  await bob.publish();
  await ann.pull(bob);
  const said = await bob.pull(ann);
  expect(await tableHashes(ann.workspace)).toEqual(await tableHashes(bob.workspace));
  await ann.publish();
  expect(await bob.pull(ann)).toMatchObject({ issues: [], conflicts: [], renamed: [], beaten: [] });
  return said;
}

test("after two people pulled from each other at once, edits, removals and new issues of both stay what they are", async () => {
  const [ann, bob] = await publishers(["ann", "bob"], { prefix: "cx" });
  await run(ann.workspace, ["create", "From Ann", "--id", "cx-a", "-q"]);
  await run(bob.workspace, ["create", "From Bob", "--id", "cx-b", "-l", "urgent,red", "-q"]);
  await run(bob.workspace, ["create", "Not needed", "--id", "cx-c", "-l", "old", "-q"]);
  await cross(ann, bob);
  await run(ann.workspace, ["update", "cx-a", "--title", "From Ann, clearer", "-q"]);
  await run(ann.workspace, ["update", "cx-b", "--title", "From Bob, clearer", "--remove-label", "urgent", "-q"]);
  await commitBySql(ann.workspace, ["DELETE FROM issues WHERE id = 'cx-c'"]);
  await run(bob.workspace, ["update", "cx-b", "--priority", "0", "-q"]);

  const said = await crossAgain(ann, bob);

  expect(said).toMatchObject({ result: "merge", renamed: [], beaten: [], conflicts: [] });
  expect(await bob.workspace.sql("SELECT id, title, priority FROM issues ORDER BY id")).toEqual([
    { id: "cx-a", title: "From Ann, clearer", priority: 2 },
    { id: "cx-b", title: "From Bob, clearer", priority: 0 },
  ]);
  expect(await bob.workspace.sql("SELECT label FROM labels")).toEqual([{ label: "red" }]);
});

test("what one of them had changed before and not published counts as theirs, and what both changed goes by its date", async () => {
  const [ann, bob] = await publishers(["ann", "bob"], {
    prefix: "cy",
    prepare: (first) => run(first, ["create", "One", "--id", "cy-1", "-l", "old", "-q"]),
  });
  const set = async ({ workspace }: Publisher, values: string, day: string) =>
    commitBySql(workspace, [`UPDATE issues SET ${values} WHERE id = 'cy-1'`], { date: `2026-02-${day}T00:00:00` });
  await set(ann, "assignee = 'ann'", "01");
  await set(bob, "notes = 'by bob'", "02");
  await ann.publish();
  await bob.publish();
  await set(ann, "design = 'by ann', priority = 1", "05");
  await commitBySql(bob.workspace, ["DELETE FROM labels WHERE label = 'old'"], { date: "2026-02-06T00:00:00" });
  await ann.pull(bob);
  await bob.pull(ann);
  await set(bob, "notes = '', priority = 3", "07");
  await set(ann, "assignee = NULL", "08");

  const said = await crossAgain(ann, bob);

  expect(said).toMatchObject({
    conflicts: [{ item: "cy-1", field: "priority", ours: "3", theirs: "1", why: "later" }],
  });
  expect(await bob.workspace.sql("SELECT assignee, design, notes, priority FROM issues")).toEqual([
    { assignee: null, design: "by ann", notes: "", priority: 3 },
  ]);
  expect(await bob.workspace.sql("SELECT label FROM labels")).toEqual([]);
});

test("two issues under one id get their ids once, and a deletion stands against a comment", async () => {
  const [ann, bob] = await publishers(["ann", "bob"], {
    prefix: "cz",
    prepare: (first) => run(first, ["create", "Old", "--id", "cz-1", "-q"]),
  });
  await run(ann.workspace, ["create", "Of Ann", "--id", "cz-2", "-l", "ann", "-q"]);
  await run(bob.workspace, ["create", "Of Bob", "--id", "cz-2", "-l", "bob", "-q"]);
  await cross(ann, bob);
  await commitBySql(ann.workspace, ["DELETE FROM issues WHERE id = 'cz-1'"]);
  await run(bob.workspace, ["comment", "cz-1", "still needed", "-q"]);
  const [other] = await bob.workspace.sql("SELECT id FROM issues WHERE title = 'Of Bob'");
  await run(bob.workspace, ["update", String(other?.["id"]), "--title", "Of Bob, clearer", "-q"]);

  const said = await crossAgain(ann, bob);

  expect(said).toMatchObject({ renamed: [], beaten: [{ id: "cz-1", title: "Old" }] });
  expect(
    await ann.workspace.sql("SELECT title, label FROM issues LEFT JOIN labels ON issue_id = id ORDER BY 1"),
  ).toEqual([
    { title: "Of Ann", label: "ann" },
    { title: "Of Bob, clearer", label: "bob" },
  ]);
});

test("a key of metadata is its last writer's, whoever changed another key after that or merged both", async () => {
  const set = async ({ workspace }: Publisher, key: string, value: string, day: string) =>
    commitBySql(
      workspace,
      [`UPDATE issues SET metadata = JSON_SET(metadata, '$.${key}', '${value}') WHERE id = 'cz-1'`],
      {
        date: `2026-02-${day}T00:00:00`,
      },
    );
  const [ann, bob, carl] = await publishers(["ann", "bob", "carl"], {
    prefix: "cz",
    prepare: (first) => run(first, ["create", "One", "--id", "cz-1", "--metadata", '{"a":"0","b":"0"}', "-q"]),
  });
  await set(ann, "a", "ann", "01");
  await set(bob, "b", "bob", "02");
  await bob.publish();
  await ann.pull(bob);
  await set(ann, "c", "ann", "09");
  await set(carl, "a", "carl", "05");
  await ann.publish();

  await carl.pull(ann);

  const [row] = await carl.workspace.sql("SELECT metadata FROM issues WHERE id = 'cz-1'");
  expect(row?.["metadata"]).toEqual({ a: "carl", b: "bob", c: "ann" });
});
