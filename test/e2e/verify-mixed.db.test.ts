import { createConnection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { mixUp } from "../support/mixed-issues.ts";
import { bdCalls } from "../support/parse-bd-line.ts";
import { commitBySql, run, twoMachines } from "../support/two-machines.ts";
import { commitOn, createdEvent, findings, issueRow } from "../support/verification.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

describe("issues that other rules mixed up", () => {
  test("are named with what the history knows, and the line that it names brings the lost one back", async () => {
    const workspace = await testWorkspace({ prefix: "vf" });
    await mixUp(workspace, "vf-1");
    const [source] = await workspace.sql(
      "SELECT commit_hash FROM dolt_log ORDER BY commit_order DESC LIMIT 1 OFFSET 1",
    );
    const commit = String(source?.["commit_hash"]);

    const found = await findings(workspace);
    const text = await workspace.bd(["dolt", "verify"]);

    const message =
      'vf-1 "Bob\'s" was made by bob at 2026-01-02 10:00:00, and has the event of another creation: by ann at 2026-01-01 10:00:00';
    expect(found).toEqual([
      {
        kind: "mixed",
        items: ["vf-1"],
        message,
        known: [{ id: "vf-1", title: "Ann's", created_by: "ann", created_at: "2026-01-01T10:00:00Z", commit }],
        next: `bd restore --from=${commit} vf-1`,
      },
    ]);
    expect(text).toEqual({
      code: 1,
      stderr: "",
      stdout: [
        `⚠ mixed: ${message}`,
        `  The history has: vf-1 "Ann's", made by ann at 2026-01-01 10:00:00 (commit ${commit.slice(0, 8)})`,
        `  Next: bd restore --from=${commit} vf-1`,
        "",
        "1 finding; 1 issue looked at, nothing was changed",
        "",
      ].join("\n"),
    });
    await run(workspace, bdCalls(String(found[0]?.["next"]))[0] ?? []);
    expect(await findings(workspace)).toEqual([]);
  });

  test("are found in the sides of a merge, where three people made one id", async () => {
    const { ann, bob, push } = await twoMachines({ prefix: "vf" });
    const [from] = await ann.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
    for (const [branch, by, at] of [
      ["main", "ann", "2026-01-01 10:00:00"],
      ["b", "bob", "2026-01-02 10:00:00"],
      ["c", "carl", "2026-01-03 10:00:00"],
    ] as const) {
      if (branch !== "main") await ann.sql("CALL DOLT_BRANCH(?, ?)", [branch, String(from?.["hash"])]);
      await commitOn(ann, branch, [issueRow("vf-1", `By ${by}`, by, at), createdEvent("vf-1", by, at)]);
    }
    for (const branch of ["b", "c"]) await mergeByOtherRules(ann, branch);
    await push(ann);
    await run(bob, ["dolt", "pull"]);

    for (const one of [ann, bob]) {
      expect(await findings(one)).toMatchObject([
        {
          kind: "mixed",
          items: ["vf-1"],
          known: [
            { id: "vf-1", title: "By bob", created_by: "bob" },
            { id: "vf-1", title: "By carl", created_by: "carl" },
          ],
        },
      ]);
    }
    for (let round = 0; round < 2; round++) {
      const [next] = await findings(ann);
      await run(ann, bdCalls(String(next?.["next"]))[0] ?? []);
    }
    expect(await findings(ann)).toEqual([]);
    expect(await ann.sql("SELECT title FROM issues ORDER BY created_at")).toEqual([
      { title: "By ann" },
      { title: "By bob" },
      { title: "By carl" },
    ]);
  });

  test("are not those with an event that is older, if the history had it with no other issue", async () => {
    const workspace = await testWorkspace({ prefix: "vf" });
    await commitBySql(workspace, [
      issueRow("vf-1", "One", "bob", "2026-01-02 10:00:00"),
      createdEvent("vf-1", "ann", "2026-01-01 10:00:00"),
    ]);

    expect(await findings(workspace)).toEqual([]);
  });

  test("are not those whose creator or time somebody corrected", async () => {
    const workspace = await testWorkspace({ prefix: "vf" });
    for (const id of ["vf-1", "vf-2"]) await run(workspace, ["create", id, "--id", id, "-q"]);
    await commitBySql(workspace, [
      "UPDATE issues SET created_by = 'dora' WHERE id = 'vf-1'",
      "UPDATE issues SET created_at = '2025-01-01 10:00:00' WHERE id = 'vf-2'",
    ]);

    expect(await findings(workspace)).toEqual([]);
  });
});

describe("an issue that is there twice", () => {
  test("is named with both ids", async () => {
    const workspace = await testWorkspace({ prefix: "vf" });
    const at = "2026-01-01 10:00:00";
    await commitBySql(workspace, [
      issueRow("vf-1.2", "Step", "ann", at),
      createdEvent("vf-1.2", "ann", at),
      issueRow("vf-1.3", "Step", "ann", at),
      issueRow("vf-7", "Other", "ann", at),
    ]);

    expect(await findings(workspace)).toEqual([
      {
        kind: "doubled",
        items: ["vf-1.2", "vf-1.3"],
        message: 'vf-1.2 and vf-1.3 are one issue twice: both made by ann at 2026-01-01 10:00:00, "Step"',
        known: [],
        next: "bd show vf-1.2 vf-1.3",
      },
    ]);
  });

  test("is no other issue that the same person made in the same second", async () => {
    const workspace = await testWorkspace({ prefix: "vf" });
    const at = "2026-01-01 10:00:00";
    await commitBySql(
      workspace,
      ["vf-1", "vf-2"].flatMap((id) => [issueRow(id, "Step", "ann", at), createdEvent(id, "ann", at)]),
    );
    await commitBySql(
      workspace,
      ["vf-3", "vf-4"].map((id) => issueRow(id, "Made by another program", "ann", at)),
    );

    expect(await findings(workspace)).toEqual([]);
  });
});

/** Keeps our row where both have one, and the events of both. */
async function mergeByOtherRules({ port, database }: TestWorkspace, branch: string): Promise<void> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  for (const statement of [
    "BEGIN",
    `CALL DOLT_MERGE('${branch}', '--no-commit')`,
    "CALL DOLT_CONFLICTS_RESOLVE('--ours', 'issues')",
    "CALL DOLT_COMMIT('-Am', 'merged')",
    "COMMIT",
  ]) {
    await connection.query(statement);
  }
  await connection.end();
}
