import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATIONS } from "../../src/ops/index.ts";
import { call, callerIn, testApp } from "../support/test-app.ts";
import { commitBySql } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** Operations that write what has no time, or what brings its own: rows of other programs and machines. */
const WITHOUT_TIMES = new Set([
  "dependency.remove",
  "dependency.unrelate",
  "comment.edit",
  "comment.delete",
  "config.set",
  "config.unset",
  "data.import",
  "dolt.commit",
]);
/** Their own tests look at what they write: they bring rows back, take them away, or give them other ids. */
const ELSEWHERE = new Set([
  "history.undo",
  "issue.delete",
  "issue.close-epics",
  "issue.restore-all",
  "workspace.rename-prefix",
]);

const SLOW = { actor: "slow", session: "one" };

/** What each operation is asked to do, to issues that somebody with a clock ahead has worked on. */
const INPUTS: Readonly<Record<string, readonly object[]>> = {
  // First, for later the session holds something.
  "issue.claim-next": [{ filter: {}, sort: "priority", limit: 0, include_deferred: false }],
  "issue.create": [
    { draft: { title: "New" }, labels: ["l"], deps: ["ct-a"], inherit_labels: true, force: false, dry_run: false },
  ],
  "issue.capture": [
    { draft: { title: "New" }, labels: [], deps: [], inherit_labels: false, force: false, dry_run: false },
  ],
  "issue.update": [
    { ids: ["ct-a"], priority: "0", add_labels: ["x"], append_notes: "more" },
    { ids: ["ct-a"], add_labels: ["y"] },
    { ids: ["ct-c"], claim: true },
    { ids: ["ct-c"], status: "in_progress", parent: "ct-e" },
    { ids: ["ct-c"], status: "closed" },
  ],
  "issue.close": [{ ids: ["ct-b"], force: true, suggest_next: false, claim_next: true }],
  "issue.reopen": [{ ids: ["ct-b"], reason: "again" }],
  "issue.change": [{ id: "ct-a", priority: "1" }],
  "dependency.add": [{ dependencies: [{ issue: "ct-a", depends_on: "ct-e", type: "related" }] }],
  "dependency.add-all": [{ dependencies: [{ issue: "ct-b", depends_on: "ct-e", type: "related" }] }],
  "dependency.block": [{ dependencies: [{ issue: "ct-c", depends_on: "ct-a", type: "blocks" }] }],
  "label.add": [{ ids: ["ct-a"], label: "z" }],
  "label.remove": [{ ids: ["ct-a"], label: "z" }],
  "comment.add": [{ id: "ct-a", text: "second" }],
  "issue.restore": [{ id: "ct-gone", dry_run: false }],
  "dependency.relate": [{ issue: "ct-gone", other: "ct-e" }],
  "issue.duplicate": [{ id: "ct-c", by: "ct-d" }],
  "issue.supersede": [{ id: "ct-gone", by: "ct-d" }],
  "issue.merge-duplicates": [{}],
  "state.set": [{ id: "ct-a", state: "mode=on", reason: "why" }],
  "issue.create-all": [{ issues: [{ draft: { title: "New" }, labels: ["x"], deps: ["ct-a"] }], dry_run: false }],
  "issue.rename": [{ id: "ct-gone", to: "ct-renamed", force: false }],
};

let workspace: TestWorkspace;
/** What was there before one issue was deleted: its rows are old when they come back, its time still counts. */
let past: Times;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "ct" });
  for (const id of ["a", "b", "c", "d", "gone"]) await workspace.json(["create", id, "--id", `ct-${id}`]);
  await workspace.json(["create", "Epic", "--id", "ct-e", "-t", "epic"]);
  // What is claimed first is always the same one.
  await workspace.json(["update", "ct-d", "-p", "0"]);
  await workspace.json(["comment", "ct-a", "first"]);
  // Somebody whose clock is an hour ahead of ours has changed them all.
  const ahead = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  await commitBySql(workspace, [
    `UPDATE issues SET updated_at = '${ahead}'`,
    `UPDATE comments SET created_at = '${ahead}'`,
  ]);
  past = await times();
  expect([...past.updated.values()]).toEqual(Array.from({ length: 6 }, () => ahead));
  await commitBySql(workspace, ["DELETE FROM issues WHERE id = 'ct-gone'"]);
});
afterAll(() => workspace.remove());

interface Times {
  readonly updated: ReadonlyMap<string, string>;
  readonly rows: readonly Record<string, unknown>[];
}

async function times(): Promise<Times> {
  const issues = await workspace.sql("SELECT id, updated_at FROM issues");
  const rows = await workspace.sql(`SELECT id, issue_id, created_at AS at FROM events UNION ALL
    SELECT id, issue_id, created_at FROM comments UNION ALL
    SELECT CONCAT(issue_id, ' ', depends_on_id), issue_id, created_at FROM dependencies UNION ALL
    SELECT CONCAT('closed ', id), id, closed_at FROM issues WHERE closed_at IS NOT NULL UNION ALL
    SELECT CONCAT('started ', id), id, started_at FROM issues WHERE started_at IS NOT NULL`);
  return { updated: new Map(issues.map((row) => [String(row["id"]), String(row["updated_at"])])), rows };
}

test("every operation that writes is in this test's tables", () => {
  const writing = OPERATIONS.filter(({ access }) => access === "write").map(({ name }) => name);
  expect(
    Object.keys(INPUTS)
      .concat(...WITHOUT_TIMES, ...ELSEWHERE)
      .toSorted(),
  ).toEqual(writing.toSorted());
});

test.each(Object.entries(INPUTS).flatMap(([name, inputs]) => inputs.map((input) => [name, input] as const)))(
  "%s %o, on a clock that is behind, writes nothing that is older than what it changes",
  async (name, input) => {
    const before = await times();
    const known = new Set([...past.rows, ...before.rows].map(({ id }) => id));
    const changed = new Map([...past.updated, ...before.updated]);

    await call(testApp(), callerIn(workspace, SLOW), name, input);

    const after = await times();
    const older = [...after.updated].filter(([id, at]) => at < (changed.get(id) ?? ""));
    const added = after.rows.filter(({ id }) => !known.has(id));
    const olderRows = added.filter((row) => String(row["at"]) < (changed.get(String(row["issue_id"])) ?? ""));
    expect({ older, olderRows }).toEqual({ older: [], olderRows: [] });
    expect(added.length).toBeGreaterThan(0);
  },
);

test.each([
  ["issue.update", { ids: ["ct-d"], add_labels: ["one"] }],
  ["issue.update", { ids: ["ct-d"], parent: "ct-e" }],
  ["label.add", { ids: ["ct-d"], label: "two" }],
  ["label.remove", { ids: ["ct-d"], label: "two" }],
  ["comment.add", { id: "ct-d", text: "said" }],
  ["dependency.add", { dependencies: [{ issue: "ct-d", depends_on: "ct-a", type: "related" }] }],
  ["dependency.remove", { issue: "ct-d", depends_on: "ct-a" }],
])("%s %o changes what hangs on the issue, so that updated_at stays", async (name, input) => {
  const before = await times();

  await call(testApp({ clock: () => new Date("2036-01-01T00:00:00Z") }), callerIn(workspace, SLOW), name, input);

  expect((await times()).updated).toEqual(before.updated);
});
