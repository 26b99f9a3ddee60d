import { describe, expect, onTestFinished, test } from "vitest";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { expectRefused } from "../support/refused.ts";
import { makeTwoMachines } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

async function makeTracker(): Promise<TestWorkspace> {
  const ws = await testWorkspace({ prefix: "old", ownHistory: true });
  await ws.json(["create", "Epic, see old-b", "--id", "old-e", "-t", "epic"]);
  await ws.json(["create", "Child", "--parent", "old-e", "-d", "Not old-zzz, but old-e."]);
  await ws.json(["create", "Other", "--id", "old-b", "-l", "x"]);
  await ws.json(["dep", "add", "old-b", "old-e.1", "-t", "related"]);
  await ws.json(["comment", "old-b", "like old-e.1"]);
  await ws.json(["update", "old-b", "--claim"], { env: { BD_SESSION: "s" } });
  return ws;
}

describe("bd rename-prefix", () => {
  test("renames ids wherever they stand, in one commit", async () => {
    const ws = await makeTracker();
    const before = await ws.json(["show", "old-b"]);

    expect(await ws.json(["rename-prefix", "new-", "--dry-run", "--readonly"])).toMatchObject({ issues_count: 3 });
    const commits = await commitsMadeBy(ws, async () => {
      const { stdout, stderr } = await ws.bd(["rename-prefix", "new-"]);
      expect({ stdout, stderr }).toEqual({
        stdout: expect.stringMatching(/^✓ Renamed 3 issues from prefix 'old' to 'new'\n {2}old-b → new-b\n/),
        stderr: "",
      });
    });

    expect(commits.map(({ message }) => message)).toEqual(["bd: rename prefix to new"]);
    expect(await ws.json(["show", "new-e"])).toMatchObject([
      { id: "new-e", title: "Epic, see new-b", dependents: [{ id: "new-e.1" }] },
    ]);
    expect(await ws.json(["show", "new-e.1"])).toMatchObject([
      { description: "Not old-zzz, but new-e.", parent: "new-e" },
    ]);
    const [{ dependencies: _edges, ...after }] = JSON.parse(JSON.stringify(before).replaceAll("old-", "new-"));
    expect(await ws.json(["show", "new-b"])).toMatchObject([after]);
    expect(await ws.json(["comments", "new-b"])).toMatchObject([{ issue_id: "new-b", text: "like new-e.1" }]);
    const events = await ws.sql("SELECT event_type, old_value, new_value FROM events WHERE issue_id = 'new-b'");
    expect(events).toContainEqual({ event_type: "renamed", old_value: "old-b", new_value: "new-b" });
    expect(events.map((row) => row["event_type"])).toContain("claimed");
    for (const [table, column] of [
      ["issues", "id"],
      ["dependencies", "issue_id"],
      ["dependencies", "depends_on_id"],
      ["labels", "issue_id"],
      ["events", "issue_id"],
      ["comments", "issue_id"],
      ["child_counters", "parent_id"],
    ]) {
      expect(await ws.sql(`SELECT * FROM ${table} WHERE ${column} LIKE 'old-%'`)).toEqual([]);
    }
    expect(await ws.json(["create", "Next", "--parent", "new-e"])).toMatchObject({ id: "new-e.2" });
    expect(await ws.json(["q", "New"])).toMatchObject({ id: expect.stringMatching(/^new-/) });
    // The claim is the session's still, and so is the issue of the last command.
    expect((await ws.bd(["update", "new-b", "--claim"], { env: { BD_SESSION: "s" } })).code).toBe(0);
  });

  test("follows the issue of the last command", async () => {
    const ws = await makeTracker();
    await ws.json(["show", "old-e"]);
    await ws.json(["rename-prefix", "new"]);
    expect(await ws.json(["show", "--current"])).toMatchObject([{ id: "new-e" }]);
  });

  test("leaves ids of other prefixes alone, and does not run into them", async () => {
    const ws = await makeTracker();
    await ws.bd(["config", "set", "allowed_prefixes", "old-web,new"]);
    await ws.json(["create", "Web", "--id", "old-web-b"]);
    await ws.json(["create", "Taken", "--id", "new-b"]);
    await expectRefused(ws, ["rename-prefix", "new"], {
      exit: 1,
      code: "PREFIX_IN_USE",
      message: "there is an issue new-b already, which another one would become",
      hint: "bd config get issue_prefix",
    });
    await ws.json(["rename-prefix", "kw"]);
    expect(await ws.json(["show", "old-web-b", "kw-b", "new-b"])).toHaveLength(3);
  });

  test("takes wisps and the counter along", async () => {
    const ws = await testWorkspace({ prefix: "old", ownHistory: true });
    await ws.bd(["config", "set", "issue_id_mode", "counter"]);
    expect(await ws.json(["q", "One"])).toMatchObject({ id: "old-1" });
    const wisp = { id: "old-wisp-a", title: "Wisp of old-1", ephemeral: true };
    await ws.json(["import", "-"], { stdin: JSON.stringify(wisp) });
    await ws.json(["rename-prefix", "new"]);
    expect(await ws.json(["show", "new-wisp-a"])).toMatchObject([{ title: "Wisp of new-1" }]);
    expect(await ws.json(["q", "Two"])).toMatchObject({ id: "new-2" });
  });

  test("refuses what is no prefix, and the one that there is", async () => {
    const ws = await makeTracker();
    for (const prefix of ["New", "9a", "a b", "a_b", "-"]) {
      const { code, stdout } = await ws.bd(["rename-prefix", "--json", "--", prefix]);
      expect({ prefix, code, word: JSON.parse(stdout).code }).toEqual({ prefix, code: 2, word: "PREFIX_INVALID" });
    }
    expect((await ws.bd(["rename-prefix", "old-"])).code).toBe(1);
  });
});

test.each([
  ["who works", "who renamed"],
  ["who renamed", "who works"],
])("a rename here and work there lose and double nothing: %s pulls first", async (first) => {
  const machines = await makeTwoMachines({
    prefix: "old",
    ownHistory: true,
    prepare: async (ann) => {
      await ann.json(["create", "Log in", "--id", "old-a"]);
      await ann.json(["create", "Hash", "--id", "old-b", "-l", "x"]);
      await ann.json(["dep", "add", "old-a", "old-b"]);
    },
  });
  onTestFinished(() => machines.remove());
  const { ann, bob } = machines;

  await ann.json(["rename-prefix", "new"]);
  await bob.json(["update", "old-a", "-p", "0", "--append-notes", "by Bob"]);
  await bob.json(["comment", "old-b", "Argon2id"]);
  await bob.json(["create", "Made meanwhile", "--id", "old-c", "--deps", "old-b"]);

  const [puller, other] = first === "who works" ? [bob, ann] : [ann, bob];
  await other.json(["dolt", "push"]);
  await puller.json(["dolt", "pull"]);
  await puller.json(["dolt", "push"]);
  await other.json(["dolt", "pull"]);

  for (const machine of [ann, bob]) {
    expect(await machine.sql("SELECT id, title, priority, notes FROM issues ORDER BY title")).toEqual([
      { id: "new-b", title: "Hash", priority: 2, notes: "" },
      { id: "new-a", title: "Log in", priority: 0, notes: "by Bob" },
      { id: "old-c", title: "Made meanwhile", priority: 2, notes: "" },
    ]);
    expect(await machine.sql("SELECT issue_id, depends_on_id FROM dependencies ORDER BY issue_id")).toEqual([
      { issue_id: "new-a", depends_on_id: "new-b" },
      { issue_id: "old-c", depends_on_id: "new-b" },
    ]);
    expect(await machine.sql("SELECT issue_id, text FROM comments")).toEqual([{ issue_id: "new-b", text: "Argon2id" }]);
    expect(await machine.sql("SELECT issue_id, label FROM labels")).toEqual([{ issue_id: "new-b", label: "x" }]);
    expect(await machine.json(["config", "get", "issue_prefix"])).toMatchObject({ value: "new" });
  }
});

test("numbers that were given to children stay given, over a change of the prefix, its undo and the same change again", async () => {
  const workspace = await testWorkspace({ prefix: "again" });
  const child = (parent: string) => workspace.json(["create", "Child", "--parent", parent]);
  await workspace.json(["create", "Epic", "--id", "again-e", "-t", "epic"]);
  expect(await child("again-e")).toMatchObject({ id: "again-e.1" });
  expect(await child("again-e")).toMatchObject({ id: "again-e.2" });
  await workspace.json(["delete", "again-e.2", "--force"]);

  await workspace.json(["rename-prefix", "more"]);
  await workspace.json(["undo"]);
  expect(await child("again-e")).toMatchObject({ id: "again-e.3" });
  await workspace.json(["delete", "again-e.3", "--force"]);
  await workspace.json(["rename-prefix", "more"]);
  expect(await child("more-e")).toMatchObject({ id: "more-e.4" });
});

test("the new prefix may begin with the old one, as long as no issue is in the way", async () => {
  const workspace = await testWorkspace({ prefix: "long" });
  await workspace.json(["create", "Epic", "--id", "long-e", "-t", "epic", "-l", "x", "-d", "see long-e.1"]);
  await workspace.json(["create", "Child", "--parent", "long-e"]);
  await workspace.json(["comment", "long-e", "hello"]);

  await workspace.json(["rename-prefix", "long-web"]);

  expect(await workspace.json(["show", "long-web-e"])).toMatchObject([
    { id: "long-web-e", labels: ["x"], description: "see long-web-e.1", comments: [{ text: "hello" }] },
  ]);
  await workspace.json(["rename-prefix", "long"]);
  await workspace.json(["create", "In the way", "--id", "long-web-e"]);
  await expectRefused(workspace, ["rename-prefix", "long-web"], {
    exit: 1,
    code: "PREFIX_IN_USE",
    message: "there is an issue long-web-e already, which another one would become",
    hint: "bd config get issue_prefix",
  });
});
