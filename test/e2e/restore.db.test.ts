import { describe, expect, test } from "vitest";
import { idAtLevel } from "../../src/core/merge/moved-id.ts";
import { doltCommits } from "../support/dolt-history.ts";
import { mixUp } from "../support/mixed-issues.ts";
import { bdCalls } from "../support/parse-bd-line.ts";
import { recordIn } from "../support/payload.ts";
import { expectRefused, stateOf } from "../support/refused.ts";
import { commitBySql, run, tableHashes, twoMachines } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** As the Go program deletes: with what points to the issue. */
function deletion(id: string): string[] {
  return [`DELETE FROM dependencies WHERE depends_on_id = '${id}'`, `DELETE FROM issues WHERE id = '${id}'`];
}

const OWN_TABLES = {
  issues: "id = 'rs-1'",
  labels: "issue_id = 'rs-1'",
  dependencies: "issue_id = 'rs-1' OR depends_on_id = 'rs-1'",
  comments: "issue_id = 'rs-1'",
  events: "issue_id = 'rs-1'",
  issue_snapshots: "issue_id = 'rs-1'",
  compaction_snapshots: "issue_id = 'rs-1'",
};

async function rowsOf(workspace: TestWorkspace): Promise<Record<string, Record<string, unknown>[]>> {
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const [table, condition] of Object.entries(OWN_TABLES))
    found[table] = await workspace.sql(`SELECT * FROM ${table} WHERE ${condition} ORDER BY 1, 2`);
  return found;
}

test("several come back at once, with what joins them; one that can't stops no other, and of a dependency the missing end is named", async () => {
  const workspace = await testWorkspace({ prefix: "rs" });
  for (const id of ["rs-1", "rs-2", "rs-3"]) await run(workspace, ["create", id, "--id", id, "-q"]);
  await run(workspace, ["dep", "add", "rs-1", "rs-2", "-q"]);
  await run(workspace, ["dep", "add", "rs-3", "rs-2", "-q"]);
  await commitBySql(workspace, [...deletion("rs-1"), ...deletion("rs-2"), ...deletion("rs-3")]);

  const { code, stdout, stderr } = await workspace.bd(["restore", "rs-1", "rs-nope", "rs-2"]);

  expect(code).toBe(1);
  expect(stdout).toContain("Left out: rs-3 depends on rs-2, because rs-3 is not there any more");
  expect(stderr).toContain('no commit of the history has an issue "rs-nope"');
  expect(await workspace.sql("SELECT issue_id, depends_on_id FROM dependencies")).toEqual([
    { issue_id: "rs-1", depends_on_id: "rs-2" },
  ]);
});

describe("bd restore", () => {
  test("brings back every row of a deleted issue as it was, with one event more", async () => {
    const workspace = await testWorkspace({ prefix: "rs" });
    for (const id of ["rs-1", "rs-2", "rs-3"]) await run(workspace, ["create", `Title ${id}`, "--id", id, "-q"]);
    await run(workspace, ["update", "rs-1", "-d", "It's a 'text'\nof two lines", "--set-metadata", "k=v", "-q"]);
    await run(workspace, ["label", "add", "rs-1", "urgent", "-q"]);
    await run(workspace, ["comment", "rs-1", "hello", "-q"]);
    await run(workspace, ["dep", "add", "rs-1", "rs-2", "-q"]);
    await run(workspace, ["dep", "add", "rs-3", "rs-1", "-q"]);
    await commitBySql(workspace, [
      "INSERT INTO issue_snapshots VALUES ('s1', 'rs-1', '2026-01-01', 1, 10, 5, 'old', NULL)",
      "INSERT INTO compaction_snapshots VALUES ('s2', 'rs-1', 1, X'00ff10', '2026-01-01')",
    ]);
    const before = await rowsOf(workspace);
    await commitBySql(workspace, deletion("rs-1"));
    const [tip] = await workspace.sql("SELECT commit_hash FROM dolt_log ORDER BY commit_order DESC LIMIT 1 OFFSET 1");
    const deleted = await stateOf(workspace);

    const preview = await workspace.json(["restore", "rs-1", "--dry-run"]);
    expect(await stateOf(workspace)).toEqual(deleted);
    const out = await run(workspace, ["restore", "rs-1"]);

    expect(preview).toMatchObject({
      id: "rs-1",
      description: "It's a 'text'\nof two lines",
      metadata: { k: "v" },
      labels: ["urgent"],
      comments: [{ text: "hello" }],
      dependencies: [{ issue_id: "rs-1", depends_on_id: "rs-2" }],
      dependent_count: 1,
      restored_from: tip?.["commit_hash"],
      dry_run: true,
    });
    expect(out).toMatch(
      /^✓ Restored rs-1 — Title rs-1 \(as it was in commit \w{8}\)\n {2}With 1 label, 1 comment, 2 dependencies\n$/,
    );
    const after = await rowsOf(workspace);
    const event = after["events"]?.find(({ id }) => !before["events"]?.some((old) => old["id"] === id));
    expect(event).toMatchObject({
      event_type: "updated",
      actor: "tester",
      comment: `Restored as it was in commit ${String(tip?.["commit_hash"])}`,
    });
    const [row] = before["issues"] ?? [];
    const [restored] = after["issues"] ?? [];
    expect({ ...after, events: after["events"]?.filter((one) => one !== event) }).toEqual({
      ...before,
      issues: [{ ...row, updated_at: restored?.["updated_at"] }],
    });
    expect((await doltCommits(workspace))[0]).toMatchObject({ message: "bd: restore rs-1", author: "tester" });
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("leaves out dependencies whose other end is gone, and says which; they come back with that one", async () => {
    const workspace = await testWorkspace({ prefix: "rs" });
    for (const id of ["rs-1", "rs-2"]) await run(workspace, ["create", id, "--id", id, "-q"]);
    await run(workspace, ["dep", "add", "rs-1", "rs-2", "-q"]);
    await commitBySql(workspace, [...deletion("rs-1"), ...deletion("rs-2")]);

    const out = await run(workspace, ["restore", "rs-1"]);

    expect(out).toContain("Left out: rs-1 depends on rs-2, because rs-2 is not there any more");
    expect(await workspace.sql("SELECT * FROM dependencies")).toEqual([]);

    expect(await workspace.json(["restore", "rs-2"])).toMatchObject({ id: "rs-2", dependent_count: 1 });
    expect(await workspace.sql("SELECT issue_id, depends_on_id FROM dependencies")).toEqual([
      { issue_id: "rs-1", depends_on_id: "rs-2" },
    ]);
  });

  test("names the circle that old dependencies close with new ones", async () => {
    const workspace = await testWorkspace({ prefix: "rs" });
    for (const id of ["rs-1", "rs-2", "rs-3"]) await run(workspace, ["create", id, "--id", id, "-q"]);
    await run(workspace, ["dep", "add", "rs-1", "rs-2", "-q"]);
    await run(workspace, ["dep", "add", "rs-3", "rs-1", "-q"]);
    await commitBySql(workspace, deletion("rs-1"));
    await run(workspace, ["dep", "add", "rs-2", "rs-3", "-q"]);

    expect(await workspace.json(["restore", "rs-1", "--dry-run"])).toMatchObject({
      cycles: [["rs-1", "rs-2", "rs-3"]],
    });
    expect(await run(workspace, ["restore", "rs-1"])).toContain(
      "⚠ Nobody in this circle can ever be ready: rs-1 → rs-2 → rs-3 → rs-1",
    );
  });

  test("gives an issue whose id somebody else has by now the id that a merge would give it", async () => {
    const workspace = await testWorkspace({ prefix: "rs" });
    await run(workspace, ["create", "The first", "--id", "rs-1", "-q"]);
    const [first] = await workspace.sql("SELECT * FROM issues");
    await commitBySql(workspace, ["UPDATE issues SET created_at = '2026-01-01 10:00:00'"]);
    await commitBySql(workspace, deletion("rs-1"));
    await run(workspace, ["create", "The second", "--id", "rs-1", "-q"]);
    await run(workspace, ["label", "add", "rs-1", "mine", "-q"]);

    const refused = await workspace.bd(["restore", "rs-1", "--json"]);
    const { hint, ...error } = recordIn(JSON.parse(refused.stdout));
    expect(error).toMatchObject({ code: "ISSUE_EXISTS", error: 'issue rs-1 exists: "The second"' });
    const [line = []] = bdCalls(String(hint));
    const restored = recordIn(await workspace.json(line.filter((word) => word !== "--dry-run")));

    const birth = { wanted: "rs-1", createdBy: String(first?.["created_by"]), ext: "" };
    const moved = idAtLevel({ ...birth, createdAt: "2026-01-01 10:00:00" }, 1);
    expect(restored).toMatchObject({ id: moved, title: "The first", old_id: "rs-1" });
    expect(await workspace.sql("SELECT id, title FROM issues ORDER BY title")).toEqual([
      { id: moved, title: "The first" },
      { id: "rs-1", title: "The second" },
    ]);
    expect(await workspace.sql("SELECT * FROM labels")).toEqual([{ issue_id: "rs-1", label: "mine" }]);
    await expectRefused(workspace, line, {
      exit: 1,
      code: "ISSUE_EXISTS",
      message: `issue ${moved} exists: "The first"`,
      hint: `bd show ${moved}`,
    });
  });

  test("takes back the dependencies that the issue with its old id seemed to have meanwhile", async () => {
    const workspace = await testWorkspace({ prefix: "rs" });
    for (const id of ["rs-1", "rs-2"]) await run(workspace, ["create", id, "--id", id, "-q"]);
    await commitBySql(workspace, ["UPDATE issues SET created_at = '2026-01-01 10:00:00'"]);
    await run(workspace, ["dep", "add", "rs-2", "rs-1", "-q"]);
    const [had] = await workspace.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
    await commitBySql(workspace, ["DELETE FROM issues WHERE id = 'rs-1'"]);
    await run(workspace, ["create", "Another", "--id", "rs-1", "-q"]);
    const line = ["restore", `--from=${String(had?.["hash"])}`, "rs-1"];

    const planned = recordIn(await workspace.json([...line, "--dry-run"]));
    expect(planned).toMatchObject({ taken_back: [{ issue_id: "rs-2", depends_on_id: "rs-1" }], dependent_count: 1 });
    expect(await run(workspace, line)).toContain(
      `  Taken back: rs-2 depends on rs-1 is rs-2 depends on ${String(planned["id"])} now\n`,
    );

    expect(await workspace.sql("SELECT issue_id, depends_on_id FROM dependencies")).toEqual([
      { issue_id: "rs-2", depends_on_id: planned["id"] },
    ]);
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("refuses what was never there, what is there, and commits that are not", async () => {
    const workspace = await testWorkspace({ prefix: "rs" });
    const [empty] = await workspace.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
    await run(workspace, ["create", "Here", "--id", "rs-1", "-q"]);
    const hash = String(empty?.["hash"]);

    await expectRefused(workspace, ["restore", "rs-9"], {
      exit: 3,
      code: "ISSUE_NOT_FOUND",
      message: 'no commit of the history has an issue "rs-9"',
      hint: "bd list --all",
    });
    await expectRefused(workspace, ["restore", "rs-1", "--from", hash], {
      exit: 3,
      code: "ISSUE_NOT_FOUND",
      message: `commit ${hash} has no issue "rs-1"`,
      hint: "bd restore --dry-run rs-1",
    });
    await expectRefused(workspace, ["restore", "rs-1"], {
      exit: 1,
      code: "ISSUE_EXISTS",
      message: 'issue rs-1 exists: "Here"',
      hint: "bd show rs-1",
    });
    for (const from of ["nope", "0".repeat(32), "HEAD", "abc", "'; DROP TABLE issues; --"]) {
      await expectRefused(workspace, ["restore", "rs-1", `--from=${from}`], {
        exit: 3,
        code: "COMMIT_NOT_FOUND",
        message: `no commit "${from}" (a hash, or at least its first four characters)`,
        hint: "bd dolt log -n 0",
      });
    }
  });
});

describe("what a pull deleted", () => {
  test("comes back with the line that the pull prints, as the other side had left it, and stays on both sides", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "rp",
      prepare: (one) => run(one, ["create", "Disputed", "--id", "rp-1", "-q"]),
    });
    await commitBySql(ann, deletion("rp-1"));
    await push(ann);
    await run(bob, ["comment", "rp-1", "still needed", "-q"]);
    const out = await run(bob, ["dolt", "pull"]);
    expect(await bob.sql("SELECT * FROM issues")).toEqual([]);

    const line = /bd restore --from=\w{32} rp-1/.exec(out)?.[0] ?? "";
    await run(bob, bdCalls(line)[0] ?? []);
    await run(ann, ["create", "Meanwhile", "--id", "rp-2", "-q"]);
    await push(ann);
    await run(bob, ["dolt", "pull"]);
    await push(bob);
    await run(ann, ["dolt", "pull"]);

    for (const one of [ann, bob]) {
      expect(await one.sql("SELECT id FROM issues ORDER BY id")).toEqual([{ id: "rp-1" }, { id: "rp-2" }]);
      expect(await one.sql("SELECT text FROM comments")).toEqual([{ text: "still needed" }]);
    }
    expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
  });

  test("is found without a commit, too: in the parent of the merge that had it", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "rp",
      prepare: (one) => run(one, ["create", "Disputed", "--id", "rp-1", "-q"]),
    });
    await run(ann, ["update", "rp-1", "--title", "Before the end", "-q"]);
    await commitBySql(ann, deletion("rp-1"));
    await push(ann);
    await run(bob, ["update", "rp-1", "--notes", "the newest", "-q"]);
    const [tip] = await bob.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
    await run(bob, ["dolt", "pull"]);
    await run(bob, ["create", "Later", "--id", "rp-2", "-q"]);

    const restored = await bob.json(["restore", "rp-1"]);

    expect(restored).toMatchObject({ title: "Disputed", notes: "the newest", restored_from: tip?.["hash"] });
  });

  test("stays when the side that restores it has pulled the deletion, and the other side pulls", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "rp",
      prepare: (one) => run(one, ["create", "Wanted", "--id", "rp-1", "-q"]),
    });
    await commitBySql(ann, deletion("rp-1"));
    await push(ann);
    await run(bob, ["dolt", "pull"]);
    await run(ann, ["restore", "rp-1"]);
    await push(ann);
    await run(bob, ["create", "Elsewhere", "--id", "rp-2", "-q"]);

    const pulled = recordIn(await bob.json(["dolt", "pull"]));

    expect(pulled).toMatchObject({ result: "merge", beaten: [], renamed: [] });
    await push(bob);
    await run(ann, ["dolt", "pull"]);
    for (const one of [ann, bob])
      expect(await one.sql("SELECT id FROM issues ORDER BY id")).toEqual([{ id: "rp-1" }, { id: "rp-2" }]);
    expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
  });

  test("can be taken from a tip that was fetched and not merged yet", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "rp",
      prepare: (one) => run(one, ["create", "Wanted", "--id", "rp-1", "-q"]),
    });
    await run(ann, ["update", "rp-1", "--title", "Wanted more", "-q"]);
    await push(ann);
    await commitBySql(bob, deletion("rp-1"));
    await run(bob, ["dolt", "fetch"]);
    const [tip] = await ann.sql("SELECT DOLT_HASHOF('HEAD') AS hash");

    const restored = await bob.json(["restore", "rp-1", "--from", String(tip?.["hash"]).slice(0, 8)]);

    expect(restored).toMatchObject({ title: "Wanted more", restored_from: tip?.["hash"] });
  });
});

test("an issue whose place another one took comes back beside it, with its comments and events", async () => {
  const workspace = await testWorkspace({ prefix: "rm" });
  await mixUp(workspace, "rm-1");
  const [source] = await workspace.sql("SELECT commit_hash FROM dolt_log ORDER BY commit_order DESC LIMIT 1 OFFSET 1");

  await run(workspace, ["restore", `--from=${String(source?.["commit_hash"])}`, "rm-1"]);

  const moved = idAtLevel({ wanted: "rm-1", createdBy: "ann", createdAt: "2026-01-01 10:00:00", ext: "" }, 1);
  expect(await workspace.sql("SELECT id, title FROM issues ORDER BY id")).toEqual([
    { id: "rm-1", title: "Bob's" },
    { id: moved, title: "Ann's" },
  ]);
  expect(await workspace.sql("SELECT issue_id FROM comments")).toEqual([{ issue_id: moved }]);
  expect(await workspace.sql("SELECT issue_id, actor FROM events WHERE event_type = 'created' ORDER BY actor")).toEqual(
    [
      { issue_id: moved, actor: "ann" },
      { issue_id: "rm-1", actor: "bob" },
    ],
  );
});
