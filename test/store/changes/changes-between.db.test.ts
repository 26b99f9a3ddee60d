import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { applyChanges } from "../../../src/core/changes/apply-changes.ts";
import { publishers } from "../../support/publishers.ts";
import { commitBySql, run } from "../../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../../support/workspace.ts";
import { WorkspaceChanges } from "./workspace-changes.ts";

let workspace: TestWorkspace;
let changes: WorkspaceChanges;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "ch" });
  changes = new WorkspaceChanges(workspace);
  for (const id of ["ch-a", "ch-b"]) await run(workspace, ["create", `Title of ${id}`, "--id", id]);
});
afterAll(async () => {
  changes.close();
  await workspace.remove();
});

const bd = (...args: readonly string[]) => changes.of(() => run(workspace, args));

test("a commit says what it did, who did it, when, and by which operation", async () => {
  const { events, otherTables } = await bd("create", "One", "--id", "ch-1", "-l", "x", "--deps", "ch-a");

  const [commit] = await workspace.sql("SELECT commit_hash, date, message FROM dolt_log LIMIT 1");
  const hash = String(commit?.["commit_hash"]);
  const op = String(commit?.["message"]).split("Bd-Op: ")[1];
  const at = `${String(commit?.["date"]).slice(0, 19).replace(" ", "T")}Z`;
  expect(events.map(({ cursor, type }) => [cursor, type])).toEqual([
    [`${hash}:1`, "created"],
    [`${hash}:2`, "labeled"],
    [`${hash}:3`, "dependency_added"],
  ]);
  for (const event of events) expect(event).toMatchObject({ at, op, actor: "tester", issue_id: "ch-1", title: "One" });
  for (const event of events) expect(event).not.toHaveProperty("via");
  expect(otherTables).toEqual(["events"]);
  expect(changes.packets).toBe(2);
});

test("an issue of which only a label differs is named by its title, in one packet more", async () => {
  const { events } = await bd("label", "add", "ch-a", "urgent");

  expect(events).toMatchObject([
    { actor: "tester", type: "labeled", issue_id: "ch-a", title: "Title of ch-a", label: "urgent" },
  ]);
  expect(changes.packets).toBe(3);
});

test("what other programs do by SQL is said too: comments edited and deleted, dependencies changed, issues gone", async () => {
  await run(workspace, ["create", "Two", "--id", "ch-2", "--deps", "ch-b"]);
  await run(workspace, ["comments", "add", "ch-2", "one"]);
  const edited = await changes.bySql("UPDATE comments SET text = 'uno' WHERE issue_id = 'ch-2'");
  const related = await changes.bySql("UPDATE dependencies SET metadata = '{\"gate\":1}' WHERE issue_id = 'ch-2'");
  const gone = await changes.bySql("DELETE FROM issues WHERE id = 'ch-2'");

  const of = { actor: "sql", issue_id: "ch-2", title: "Two" };
  expect(edited.events).toMatchObject([
    { ...of, type: "comment_removed", comment: { text: "one" } },
    { ...of, type: "commented", comment: { text: "uno" } },
  ]);
  expect(related.events).toMatchObject([
    { ...of, type: "dependency_removed", dependency: { depends_on_id: "ch-b", metadata: "{}" } },
    { ...of, type: "dependency_added", dependency: { depends_on_id: "ch-b", metadata: '{"gate":1}' } },
  ]);
  expect(gone.events).toMatchObject([
    { ...of, type: "dependency_removed" },
    { ...of, type: "comment_removed", comment: { text: "uno" } },
    { ...of, type: "deleted", changes: { title: { old: "Two", new: null } } },
  ]);
});

test("an issue that was deleted and made again in one range is another one, with the labels of both", async () => {
  await run(workspace, ["create", "Three", "--id", "ch-3", "-l", "stays"]);
  await changes.bySql("UPDATE issues SET created_at = '2020-01-01 00:00:00' WHERE id = 'ch-3'");
  await changes.bySql("UPDATE events SET created_at = '2020-01-01 00:00:00' WHERE issue_id = 'ch-3'");
  const { events } = await changes.of(async () => {
    await changes.bySql("DELETE FROM issues WHERE id = 'ch-3'");
    await run(workspace, ["create", "Drei", "--id", "ch-3", "-l", "stays"]);
  });

  expect(events).toMatchObject([
    { type: "unlabeled", title: "Three", label: "stays" },
    { type: "deleted", title: "Three" },
    { type: "created", title: "Drei" },
    { type: "labeled", title: "Drei", label: "stays" },
  ]);
});

test("an issue whose creator somebody corrects stays the issue", async () => {
  await run(workspace, ["create", "Four", "--id", "ch-4"]);
  const { events } = await changes.bySql(
    "UPDATE issues SET created_by = 'dora', created_at = '2020-01-01 00:00:00' WHERE id = 'ch-4'",
  );

  expect(events).toMatchObject([{ type: "updated", changes: { created_by: { old: "tester", new: "dora" } } }]);
});

test("an issue that somebody renamed names its ids", async () => {
  await run(workspace, ["create", "Five", "--id", "ch-5", "-l", "x"]);
  const { events } = await changes.bySql(
    "SET foreign_key_checks = 0",
    "UPDATE issues SET id = 'ch-five' WHERE id = 'ch-5'",
    "UPDATE labels SET issue_id = 'ch-five' WHERE issue_id = 'ch-5'",
    "UPDATE events SET issue_id = 'ch-five' WHERE issue_id = 'ch-5'",
  );

  expect(events).toMatchObject([
    { type: "unlabeled", issue_id: "ch-5", label: "x" },
    { type: "deleted", issue_id: "ch-5", moved_to: "ch-five" },
    { type: "created", issue_id: "ch-five", moved_from: "ch-5" },
    { type: "labeled", issue_id: "ch-five", label: "x" },
  ]);
});

test("a pull that gives an issue another id says which, and that it was a pull", async () => {
  const [ann, bob] = await publishers(["ann", "bob"], { prefix: "mv" });
  await run(ann.workspace, ["create", "By Ann", "--id", "mv-1"]);
  await run(bob.workspace, ["create", "By Bob", "--id", "mv-1", "-l", "x"]);
  // Whose issue is older keeps the id.
  await commitBySql(ann.workspace, [
    "UPDATE issues SET created_at = '2026-01-01 00:00:00'",
    "UPDATE events SET created_at = '2026-01-01 00:00:00'",
  ]);
  await ann.publish();
  const pulled = new WorkspaceChanges(bob.workspace);
  onTestFinished(() => pulled.close());

  const { events } = await pulled.of(() => bob.pull(ann));

  const moved = (await bob.workspace.sql("SELECT id FROM issues WHERE title = 'By Bob'"))[0]?.["id"];
  expect(events).toMatchObject([
    { type: "unlabeled", issue_id: "mv-1", title: "By Bob", via: "pull", actor: "bob" },
    { type: "deleted", issue_id: "mv-1", title: "By Bob", moved_to: moved },
    { type: "created", issue_id: "mv-1", title: "By Ann" },
    { type: "created", issue_id: moved, title: "By Bob", moved_from: "mv-1" },
    { type: "labeled", issue_id: moved, title: "By Bob", label: "x" },
  ]);
});

test("columns of other programs count, whatever becomes of the columns themselves", async () => {
  const first = await changes.head();
  const after = async (...statements: readonly string[]) => {
    const from = await changes.head();
    const { events } = await changes.bySql(...statements);
    expect(applyChanges(await changes.stateAt(from), events)).toEqual(await changes.stateAt(await changes.head()));
    return events.flatMap((event) => ("changes" in event ? [event.changes] : []));
  };

  expect(await after("ALTER TABLE issues ADD COLUMN color VARCHAR(20)")).toEqual([]);
  expect(
    await after("UPDATE issues SET color = 'red', hook_bead = 'ch-b', updated_at = updated_at WHERE id = 'ch-a'"),
  ).toEqual([{ color: { old: null, new: "red" }, hook_bead: { old: null, new: "ch-b" } }]);
  expect(await after("ALTER TABLE issues RENAME COLUMN color TO colour")).toEqual([
    { color: { old: "red", new: null }, colour: { old: null, new: "red" } },
  ]);
  expect(await after("ALTER TABLE issues DROP COLUMN colour")).toEqual([{ colour: { old: "red", new: null } }]);
  await after("ALTER TABLE labels ADD COLUMN weight INT DEFAULT 5");
  const { events } = await changes.between({ from: first, to: await changes.head() });
  expect(applyChanges(await changes.stateAt(first), events)).toEqual(await changes.stateAt(await changes.head()));
});

test("from before there was a tracker until now is one comparison, too", async () => {
  const [{ commit_hash: root } = {}] = (await workspace.sql("SELECT commit_hash FROM dolt_log")).slice(-1);
  const [from, to] = [String(root), await changes.head()];

  const { events } = await changes.between({ from, to });
  const back = await changes.between({ from: to, to: from });

  expect(applyChanges(await changes.stateAt(from), events)).toEqual(await changes.stateAt(to));
  expect(applyChanges(await changes.stateAt(to), back.events)).toEqual(await changes.stateAt(from));
});

test("more rows than one answer should hold come in parts", async () => {
  const { events } = await changes.bySql(
    "DELETE FROM labels WHERE issue_id = 'ch-b'",
    `INSERT INTO labels (issue_id, label) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
      SELECT 'ch-b', CONCAT(a.i, '-', b.i) FROM n AS a JOIN n AS b WHERE b.i <= 23`,
  );

  expect(events).toHaveLength(900 * 23);
  expect(new Set(events.map((event) => "label" in event && event.label)).size).toBe(900 * 23);
  expect(changes.packets).toBe(4);
});

test("a commit that is not there is an error", async () => {
  const comparison = { from: "0123456789abcdefghijklmnopqrstuv", to: await changes.head() };

  await expect(changes.between(comparison)).rejects.toMatchObject({ code: "SERVER_ERROR" });
});
