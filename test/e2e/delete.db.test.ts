import { describe, expect, test } from "vitest";
import { doltCommits } from "../support/dolt-history.ts";
import { expectRefused, stateOf } from "../support/refused.ts";
import { run } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** `de-2` waits for `de-1` and names it, as do `de-3`, which `de-1` waits for, and `de-4`, which has nothing to do with it. */
async function connected(): Promise<TestWorkspace> {
  const workspace = await testWorkspace({ prefix: "de" });
  await run(workspace, ["create", "Wrong", "--id", "de-1", "-l", "a,b", "-q"]);
  await run(workspace, ["create", "Waits", "--id", "de-2", "-d", "After de-1, not de-12", "-q"]);
  await run(workspace, ["create", "First", "--id", "de-3", "--notes", "for de-1", "-q"]);
  await run(workspace, ["create", "Other", "--id", "de-4", "-d", "like de-1", "-q"]);
  await run(workspace, ["comment", "de-1", "hello", "-q"]);
  await run(workspace, ["dep", "add", "de-2", "de-1", "-q"]);
  await run(workspace, ["dep", "add", "de-1", "de-3", "-q"]);
  return workspace;
}

async function idsIn(workspace: TestWorkspace): Promise<unknown[]> {
  return (await workspace.sql("SELECT id FROM issues ORDER BY id")).map(({ id }) => id);
}

describe("bd delete", () => {
  test("says what would go, and changes nothing, unless it is forced to and no dry run is asked for", async () => {
    const workspace = await connected();
    const before = await stateOf(workspace);

    const out = await run(workspace, ["delete", "1"]);
    const payload = await workspace.json(["delete", "de-1"]);
    const forced = await run(workspace, ["delete", "de-1", "--force", "--dry-run"]);

    expect(await stateOf(workspace)).toEqual(before);
    expect(forced).toBe(out);
    expect(out).toBe(`⚠ DELETE PREVIEW: nothing was deleted

Issue to delete:
  de-1: Wrong

Dependency links to remove: 2
  de-1 → de-3 (blocks)
  de-2 → de-1 (blocks, inbound)
Issues that depend on it and stay: de-2
Issues whose texts will say [deleted:ID]: de-2, de-3

To delete: bd delete --force de-1
bd restore brings deleted issues back from the history.
`);
    expect(payload).toMatchObject({
      dry_run: true,
      would_delete: ["de-1"],
      deleted_count: 0,
      dependencies_removed: 2,
      labels_removed: 2,
      references_updated: 2,
      orphaned_issues: ["de-2"],
    });
  });

  test("deletes with all that hangs on it, in one commit that says why, and restore brings all back", async () => {
    const workspace = await connected();
    const commits = (await doltCommits(workspace)).length;

    const out = await run(workspace, ["delete", "de-1", "--force", "-r", "made\nby mistake"]);

    expect(out).toContain("✓ Deleted de-1 — Wrong\n");
    expect(out).toMatch(/Bring it back: bd restore de-1\n$/);
    const log = await doltCommits(workspace);
    expect(log.length).toBe(commits + 1);
    expect(log[0]?.message).toBe("bd: delete de-1: made by mistake");
    for (const table of ["labels", "comments", "events"]) {
      expect(await workspace.sql(`SELECT * FROM ${table} WHERE issue_id = 'de-1'`)).toEqual([]);
    }
    expect(await workspace.sql("SELECT * FROM dependencies")).toEqual([]);
    expect(await workspace.json(["show", "de-2", "de-3", "de-4"])).toMatchObject([
      { description: "After [deleted:de-1], not de-12" },
      { notes: "for [deleted:de-1]" },
      { description: "like de-1" },
    ]);
    expect(await workspace.json(["ready"])).toEqual(expect.arrayContaining([expect.objectContaining({ id: "de-2" })]));

    expect(await workspace.json(["restore", "de-1"])).toMatchObject({
      labels: ["a", "b"],
      comments: [{ text: "hello" }],
      dependencies: [{ depends_on_id: "de-3" }],
      dependent_count: 1,
    });
  });

  test("takes along what depends on it with --cascade, and ids from a file", async () => {
    const workspace = await connected();
    await run(workspace, ["create", "Child", "--parent", "de-2", "-q"]);

    const payload = await workspace.json(["delete", "--from-file", "-", "--cascade", "--force"], {
      stdin: "# wrong ones\n\nde-1\nde-4\n",
    });

    expect(payload).toMatchObject({
      deleted: expect.arrayContaining(["de-1", "de-2", "de-2.1", "de-4"]),
      deleted_count: 4,
      orphaned_issues: [],
    });
    expect(await idsIn(workspace)).toEqual(["de-3"]);
    for (const id of ["de-2", "de-1"]) await run(workspace, ["restore", id, "-q"]);
    expect(await workspace.sql("SELECT issue_id, depends_on_id FROM dependencies ORDER BY issue_id")).toEqual([
      { issue_id: "de-1", depends_on_id: "de-3" },
      { issue_id: "de-2", depends_on_id: "de-1" },
    ]);
  });

  test("answers as the peer does", async () => {
    const workspace = await connected();

    const one = await workspace.json(["delete", "de-4", "--force"]);
    const several = await workspace.json(["delete", "de-1", "de-2", "--force"]);

    expect(one).toMatchObject({ deleted: "de-4", dependencies_removed: 0, references_updated: 0 });
    expect(several).toMatchObject({
      deleted: ["de-1", "de-2"],
      deleted_count: 2,
      dependencies_removed: 2,
      labels_removed: 2,
      orphaned_issues: [],
    });
    await expectRefused(workspace, ["delete"], { exit: 2, code: "NO_ISSUE", message: "no issue was named" });
  });

  test("deletes wisps, too, with all that hangs on them", async () => {
    const workspace = await testWorkspace({ prefix: "dw" });
    await workspace.sql("SET autocommit = 1");
    await workspace.sql(
      "INSERT INTO wisps (id, title, description, design, acceptance_criteria, notes, ephemeral) VALUES ('dw-1', 'W', '', '', '', '', 1)",
    );
    await run(workspace, ["label", "add", "dw-1", "x", "-q"]);

    await run(workspace, ["delete", "dw-1", "--force", "-q"]);

    for (const table of ["wisps", "wisp_labels", "wisp_events"]) {
      expect(await workspace.sql(`SELECT * FROM ${table}`)).toEqual([]);
    }
  });

  test("is remembered where the tracker remembers deleted issues", async () => {
    const workspace = await connected();
    await run(workspace, ["migrate", "deleted-issues", "-q"]);
    await run(workspace, ["delete", "de-1", "--force", "-q"]);

    const rows = await workspace.sql(
      "SELECT wanted_id, created_by, moved, LENGTH(ext) > 0 AS known FROM bd_deleted_issues",
    );

    expect(rows).toEqual([{ wanted_id: "de-1", created_by: "tester", moved: 0, known: 1 }]);
    await run(workspace, ["restore", "de-1", "-q"]);
    await run(workspace, ["delete", "de-1", "--force", "-q"]);
    expect(await workspace.sql("SELECT wanted_id FROM bd_deleted_issues")).toHaveLength(1);
  });
});

test("the same deletion again, a part of an id, or a list with a mistake in it delete nothing", async () => {
  const workspace = await testWorkspace({ prefix: "dx" });
  await run(workspace, ["create", "Epic", "--id", "dx-e", "-t", "epic", "-q"]);
  await run(workspace, ["create", "Child", "--parent", "dx-e", "-q"]);
  await run(workspace, ["create", "Other", "--id", "dx-other", "-q"]);
  await run(workspace, ["delete", "dx-e", "--force"]);

  for (const names of [["dx-e"], ["dx-oth"], ["dx-other", "dx-nope"]]) {
    await expectRefused(workspace, ["delete", ...names, "--force"], {
      exit: 3,
      code: "ISSUE_NOT_FOUND",
      message: expect.stringContaining("no issue found matching"),
    });
  }
  expect(await idsIn(workspace)).toEqual(["dx-e.1", "dx-other"]);
});
