import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/core/merge/cell.ts";
import { idAtLevel } from "../../../src/core/merge/moved-id.ts";
import { restoredIssue } from "../../../src/core/merge/restored-issue.ts";
import { rowKey, type Snapshot } from "../../../src/core/merge/snapshot.ts";

const AT = "2026-01-01 10:00:00";
const LATER = "2026-02-02 10:00:00";
const KEYS: Readonly<Record<string, readonly string[]>> = {
  issues: ["id"],
  labels: ["issue_id", "label"],
  dependencies: ["issue_id", "depends_on_id"],
  comments: ["id"],
  events: ["id"],
};

function snapshot(tables: Readonly<Record<string, readonly Row[]>>): Snapshot {
  return new Map(
    Object.entries(tables).map(([table, rows]) => [
      table,
      new Map(rows.map((row) => [rowKey(row, KEYS[table] ?? []), row])),
    ]),
  );
}

function issue(id: string, { by = "ann", at = AT, title = `Title of ${id}` } = {}): Row {
  return { id, title, created_by: by, created_at: at, updated_at: at };
}

function created(id: string, issueId: string, at = AT): Row {
  return { id, issue_id: issueId, event_type: "created", actor: "ann", created_at: at };
}

const edge = (issue_id: string, depends_on_id: string): Row => ({ issue_id, depends_on_id, type: "blocks" });
const NO_WISPS: ReadonlySet<string> = new Set();

const THEN = snapshot({
  issues: [issue("x-1"), issue("x-2", { at: "2026-01-01 10:00:10" })],
  labels: [
    { issue_id: "x-1", label: "a" },
    { issue_id: "x-2", label: "b" },
  ],
  dependencies: [edge("x-1", "x-2"), edge("x-1", "external:other:1"), edge("x-1", "x-gone"), edge("x-2", "x-3")],
  comments: [{ id: "c1", issue_id: "x-1", text: "Hello" }],
  events: [created("e1", "x-1"), created("e2", "x-2", "2026-01-01 10:00:10")],
});

describe("a deleted issue", () => {
  test("comes back with all that is its own, and nothing else", () => {
    const now = snapshot({ issues: [issue("x-2", { at: "2026-01-01 10:00:10" })] });

    const found = restoredIssue("x-1", { past: THEN, now, wisps: NO_WISPS });

    expect(found).toMatchObject({
      kind: "restored",
      id: "x-1",
      holder: undefined,
      leftOut: [{ issueId: "x-1", dependsOnId: "x-gone" }],
    });
    if (found.kind !== "restored") throw new Error("not restored");
    expect(Object.fromEntries(found.rows)).toEqual({
      issues: [issue("x-1")],
      labels: [{ issue_id: "x-1", label: "a" }],
      dependencies: [edge("x-1", "x-2"), edge("x-1", "external:other:1")],
      comments: [{ id: "c1", issue_id: "x-1", text: "Hello" }],
      events: [created("e1", "x-1")],
    });
  });

  test("comes back without dependencies on issues that are gone, whatever has their ids by now", () => {
    const now = snapshot({ issues: [issue("x-2", { by: "bob", at: LATER })] });

    const found = restoredIssue("x-1", { past: THEN, now, wisps: NO_WISPS });

    expect(found).toMatchObject({
      leftOut: [
        { issueId: "x-1", dependsOnId: "x-2" },
        { issueId: "x-1", dependsOnId: "x-gone" },
      ],
    });
  });

  test("finds the other ends of its dependencies under the ids that they have now, in both directions", () => {
    const past = snapshot({
      issues: [issue("x-1"), issue("x-2", { by: "bob" })],
      dependencies: [edge("x-1", "x-2"), edge("x-2", "x-1")],
    });
    const moved = idAtLevel({ wanted: "x-2", createdBy: "bob", createdAt: AT, ext: "" }, 1);
    const now = snapshot({ issues: [issue(moved, { by: "bob" }), issue("x-2", { by: "carl" })] });

    const found = restoredIssue("x-1", { past, now, wisps: NO_WISPS });

    expect(found.kind === "restored" && found.rows.get("dependencies")).toEqual([
      edge("x-1", moved),
      edge(moved, "x-1"),
    ]);
    expect(found).toMatchObject({ leftOut: [] });
  });

  test("takes no id that another issue has: it comes back as a merge would have moved it", () => {
    const now = snapshot({ issues: [issue("x-1", { by: "bob", at: LATER, title: "Another" })] });
    const moved = idAtLevel({ wanted: "x-1", createdBy: "ann", createdAt: AT, ext: "e1" }, 1);

    const found = restoredIssue("x-1", { past: THEN, now, wisps: NO_WISPS });

    expect(found).toMatchObject({ kind: "restored", id: moved, holder: "Another" });
    expect(found.kind === "restored" && found.rows.get("labels")).toEqual([{ issue_id: moved, label: "a" }]);
    expect(found.kind === "restored" && found.rows.get("events")).toEqual([created("e1", moved)]);
  });

  test("takes the dependencies along that still name the id, and none that somebody made since", () => {
    const dated = (row: Row, created_at = AT): Row => ({ ...row, created_at, created_by: "ann" });
    const [bob, carl] = [issue("x-2", { by: "bob" }), issue("x-3", { by: "carl" })];
    const old = [dated(edge("x-2", "x-1")), dated(edge("x-3", "x-1")), dated(edge("x-1", "x-3"))];
    const past = snapshot({ issues: [issue("x-1"), bob, carl], dependencies: old });
    const now = snapshot({
      issues: [issue("x-1", { by: "dora", at: LATER }), bob, carl],
      dependencies: [dated(edge("x-2", "x-1")), dated(edge("x-3", "x-1"), LATER), dated(edge("x-1", "x-3"))],
    });
    const moved = idAtLevel({ wanted: "x-1", createdBy: "ann", createdAt: AT, ext: "" }, 1);

    const found = restoredIssue("x-1", { past, now, wisps: NO_WISPS });

    expect(found).toMatchObject({ id: moved, astray: [dated(edge("x-2", "x-1")), dated(edge("x-1", "x-3"))] });
    expect(found.kind === "restored" && found.rows.get("dependencies")).toEqual([
      dated(edge("x-2", moved)),
      dated(edge("x-3", moved)),
      dated(edge(moved, "x-3")),
    ]);
  });

  test("takes no id of a wisp either, and after the first moved id the second", () => {
    const birth = { wanted: "x-1", createdBy: "ann", createdAt: AT, ext: "e1" };
    const taken = new Set(["x-1", idAtLevel(birth, 1)]);

    const found = restoredIssue("x-1", { past: THEN, now: snapshot({}), wisps: taken });

    expect(found).toMatchObject({ kind: "restored", id: idAtLevel(birth, 2), holder: "" });
  });
});

test("an issue that is there, under its own id or one that it moved to, stays as it is", () => {
  const moved = idAtLevel({ wanted: "x-1", createdBy: "ann", createdAt: AT, ext: "e1" }, 1);
  for (const id of ["x-1", moved]) {
    const now = snapshot({ issues: [issue(id, { title: "Edited since" })], events: [created("e1", id)] });

    expect(restoredIssue("x-1", { past: THEN, now, wisps: NO_WISPS })).toEqual({
      kind: "living",
      id,
      title: "Edited since",
    });
  }
});

test("an issue that was not there then can't come back", () => {
  expect(restoredIssue("x-9", { past: THEN, now: snapshot({}), wisps: NO_WISPS })).toEqual({ kind: "unknown" });
});
