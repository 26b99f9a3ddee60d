import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commitBySql, makeCopy, run, tableHashes } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** People with a clone each of one project, and one remote that all push to. */
async function team(prefix: string, prepare: (first: TestWorkspace) => Promise<unknown>) {
  const first = await makeWorkspace({ prefix, actor: "ann" });
  onTestFinished(() => first.remove());
  const remote = `file://${join(first.home, "remote")}`;
  await prepare(first);
  await first.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [remote]);
  await run(first, ["dolt", "push"]);
  const copyFor = async (name: string) => {
    const copy = await makeCopy(first, remote, name);
    onTestFinished(() => copy.remove());
    return copy;
  };
  const [bob, carl] = [await copyFor("bob"), await copyFor("carl")];
  return { ann: first, bob, carl, people: [first, bob, carl] };
}

/** Everybody pulls and pushes until nobody has news. */
async function quiet(people: readonly TestWorkspace[]): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const one of people) {
      await run(one, ["dolt", "pull"]);
      await run(one, ["dolt", "push"]);
    }
  }
  const [first, ...others] = people;
  if (first === undefined) return;
  for (const other of others) expect(await tableHashes(other)).toEqual(await tableHashes(first));
}

const byId = "SELECT id, title, created_by FROM issues ORDER BY created_by, id";

test("three people who each make the next child of one epic keep all three, in whatever order they pull", async () => {
  const { ann, bob, carl, people } = await team("oi", (first) =>
    run(first, ["create", "Epic", "--id", "oi-e", "-t", "epic", "-q"]),
  );
  for (const one of people) await run(one, ["create", "Next step", "--parent", "oi-e", "-q"]);

  await run(ann, ["dolt", "push"]);
  for (const one of [bob, carl]) await run(one, ["dolt", "pull"]);
  await run(carl, ["dolt", "push"]);
  await run(bob, ["dolt", "pull"]);
  await quiet(people);

  const children = await ann.sql("SELECT title, created_by FROM issues WHERE id LIKE 'oi-e.1%' ORDER BY created_by");
  expect(children).toEqual(["ann", "bob", "carl"].map((name) => ({ title: "Next step", created_by: name })));
  expect(await ann.sql("SELECT COUNT(*) AS n FROM dependencies WHERE depends_on_id = 'oi-e'")).toEqual([{ n: 3 }]);
  expect(await ann.json(["dolt", "verify"])).toEqual([]);
});

test("what somebody does to an issue that had to move elsewhere reaches it, and not the one that has its id now", async () => {
  const { ann, bob, people } = await team("ow", (first) =>
    run(first, ["create", "Epic", "--id", "ow-p", "-t", "epic", "-q"]),
  );
  // The one made first keeps the id; in one second it is Ann's, by her name.
  await run(ann, ["create", "Of Ann", "--parent", "ow-p", "-q"]);
  await run(bob, ["create", "Of Bob", "--parent", "ow-p", "-q"]);
  await run(bob, ["dolt", "push"]);
  await run(ann, ["dolt", "pull"]);
  await run(ann, ["dolt", "push"]);
  await run(bob, ["comment", "ow-p.1", "by Bob, on his", "-q"]);
  await run(bob, ["update", "ow-p.1", "--title", "Of Bob, clearer", "-q"]);
  await run(bob, ["close", "ow-p.1", "-r", "done", "-q"]);

  await quiet(people);

  const found = await ann.sql("SELECT id, title, status FROM issues WHERE id LIKE 'ow-p.%' ORDER BY id");
  expect(found).toEqual([
    { id: "ow-p.1", title: "Of Ann", status: "open" },
    { id: expect.stringMatching(/^ow-p\.1_[a-z]\w{7}$/), title: "Of Bob, clearer", status: "closed" },
  ]);
  expect(await ann.sql("SELECT issue_id FROM comments")).toEqual([{ issue_id: found[1]?.["id"] }]);
});

test("a comment on an issue that somebody deleted meanwhile does not land on the one that was made under its id", async () => {
  const { ann, bob, people } = await team("od", (first) => run(first, ["create", "The old one", "--id", "od-1", "-q"]));
  await commitBySql(ann, ["DELETE FROM issues WHERE id = 'od-1'"]);
  await run(ann, ["create", "The new one", "--id", "od-1", "-q"]);
  await run(ann, ["dolt", "push"]);
  await run(bob, ["comment", "od-1", "on the old one", "-q"]);

  const said = await bob.json(["dolt", "pull"]);
  await quiet(people);

  expect(said).toMatchObject({ beaten: [{ id: "od-1", title: "The old one", side: "ours", by: "sql" }] });
  expect(await bob.sql(byId)).toEqual([{ id: "od-1", title: "The new one", created_by: "ann" }]);
  expect(await bob.sql("SELECT * FROM comments")).toEqual([]);
});

test("what one took in from a file of the other's is no second issue when both meet, however soon it was", async () => {
  const { ann, bob, people } = await team("of", (first) => run(first, ["create", "Epic", "--id", "of-e", "-q"]));
  await run(ann, ["create", "Of Ann", "--id", "of-1", "-q"]);
  await run(bob, ["create", "Of Bob", "--id", "of-1", "-q"]);
  const lines = async (one: TestWorkspace) => (await one.bd(["export"])).stdout;
  const [anns, bobs] = [await lines(ann), await lines(bob)];
  expect((await ann.bd(["import", "-"], { stdin: bobs })).code).toBe(0);
  expect((await bob.bd(["import", "-"], { stdin: anns })).code).toBe(0);

  await quiet(people);

  expect(await ann.sql("SELECT title FROM issues WHERE id LIKE 'of-1%' ORDER BY title")).toEqual([
    { title: "Of Ann" },
    { title: "Of Bob" },
  ]);
  expect(await ann.json(["dolt", "verify"])).toEqual([]);
});
