import { expect, test } from "vitest";
import { recordIn, recordsIn } from "../support/payload.ts";
import { testWorkspace } from "../support/workspace.ts";

test("issues that say the same are found, and all but the one that others name are closed", async () => {
  const workspace = await testWorkspace({ prefix: "du" });
  for (const id of ["du-a", "du-b", "du-c"]) await workspace.json(["create", "Same", "--id", id, "-d", "Text"]);
  await workspace.json(["create", "same", "--id", "du-d", "-d", "Text"]);
  await workspace.json(["create", "Same", "--id", "du-e", "-d", "Text"]);
  await workspace.json(["update", "du-e", "-s", "in_progress"]);
  await workspace.json(["create", "Waits", "--id", "du-f", "--deps", "du-b"]);

  const groups = [
    {
      title: "Same",
      suggested_target: "du-b",
      suggested_sources: ["du-a", "du-c"],
      issues: [
        { id: "du-a", references: 0, is_merge_target: false },
        { id: "du-b", references: 1, is_merge_target: true },
        { id: "du-c", references: 0, is_merge_target: false },
      ],
    },
  ];
  for (const line of [["duplicates"], ["duplicates", "--auto-merge", "--dry-run"]]) {
    const found = recordIn(await workspace.json(line));
    expect(found).toMatchObject({ duplicate_groups: 1, groups });
    expect(found).not.toHaveProperty("merge_results");
  }
  const [before] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  expect(await workspace.json(["duplicates", "--auto-merge"])).toMatchObject({
    merge_results: [{ target: "du-b", closed: ["du-a", "du-c"] }],
  });
  const [after] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  expect(Number(after?.["n"]) - Number(before?.["n"])).toBe(1);
  expect(recordsIn(await workspace.json(["show", "du-c"]))).toMatchObject([
    {
      status: "closed",
      close_reason: "Duplicate of du-b",
      dependencies: [{ id: "du-b", dependency_type: "duplicates" }],
    },
  ]);
  expect((await workspace.bd(["duplicates", "--auto-merge"])).stdout).toBe("No duplicates found\n");
});

test("lint names the sections that descriptions lack, by type, and ends with 1", async () => {
  const workspace = await testWorkspace({ prefix: "li" });
  await workspace.json(["create", "Bug", "--id", "li-1", "-t", "bug", "--acceptance", "works"]);
  await workspace.json(["create", "Fine", "--id", "li-2", "-d", "## acceptance criteria\nworks"]);
  await workspace.json(["create", "Epic", "--id", "li-3", "-t", "epic"]);
  await workspace.json(["create", "Chore", "--id", "li-4", "-t", "chore"]);
  await workspace.json(["close", "li-3"]);

  const { code, stdout } = await workspace.bd(["lint", "--json"]);
  expect({ code, payload: JSON.parse(stdout) }).toMatchObject({
    code: 1,
    payload: {
      total: 1,
      issues: 1,
      results: [{ id: "li-1", title: "Bug", type: "bug", missing: ["## Steps to Reproduce"], warnings: 1 }],
    },
  });
  expect(await workspace.bd(["lint"])).toMatchObject({
    code: 1,
    stdout: "li-1 [bug]: Bug\n  ⚠ Missing: ## Steps to Reproduce\n",
  });
  expect(JSON.parse((await workspace.bd(["lint", "--status", "all", "--json"])).stdout)).toMatchObject({ issues: 2 });
  expect(await workspace.json(["lint", "--type", "chore"])).toMatchObject({ total: 0, results: [] });
  expect((await workspace.bd(["lint", "li-2", "li-4"])).stdout).toBe(
    "✓ No template warnings found (2 issues checked)\n",
  );
  expect((await workspace.bd(["lint", "li-9"])).code).toBe(3);
});
