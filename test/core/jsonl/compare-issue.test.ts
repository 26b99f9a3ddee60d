import { describe, expect, test } from "vitest";
import { compareIssue, type StoredIssue } from "../../../src/core/jsonl/compare-issue.ts";
import { parseLine } from "../../../src/core/jsonl/parse-line.ts";

const ROW: StoredIssue = {
  issue: {
    id: "bd-1",
    title: "One",
    status: "open",
    priority: 2,
    issue_type: "task",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-05T00:00:00Z",
    metadata: { a: 1, b: 2 },
  },
  labels: ["old"],
  dependencies: [{ issue_id: "bd-1", depends_on_id: "bd-2", type: "blocks", created_at: "2026-01-01T00:00:00Z" }],
  comments: [{ id: "c1", issue_id: "bd-1", author: "ann", text: "hi", created_at: "2026-01-02T00:00:00Z" }],
};

function compare(fields: object, stored: StoredIssue | undefined = ROW, forceOlder = false) {
  const line = parseLine(JSON.stringify({ id: "bd-1", title: "One", metadata: { b: 2, a: 1 }, ...fields }));
  if (line.kind !== "issue") throw new Error(JSON.stringify(line));
  return compareIssue(line.issue, stored, {
    now: "2026-09-09T00:00:00Z",
    newId: () => "fresh",
    takenCommentIds: new Set(),
    forceOlder,
  });
}

describe("compareIssue", () => {
  test("finds the same content in another order of keys, whatever times the line leaves out", () => {
    expect(compare({})).toEqual({ kind: "same", id: "bd-1" });
    expect(compare({ updated_at: "2026-01-05T00:00:00Z", labels: ["old"] })).toEqual({ kind: "same", id: "bd-1" });
  });

  test("takes an older line for stale, unless told to let it win", () => {
    const older = { title: "Older", updated_at: "2026-01-04T23:59:59Z" };
    expect(compare(older)).toEqual({ kind: "stale", id: "bd-1" });
    expect(compare(older, ROW, true)).toMatchObject({
      kind: "changed",
      issue: { title: "Older", updated_at: older.updated_at },
    });
  });

  test("replaces the whole row by a newer line, and dates a change that names no time", () => {
    const step = compare({ title: "New", assignee: "bob" });
    expect(step).toMatchObject({ kind: "changed", fieldsDiffer: true });
    expect(step).toHaveProperty("issue", {
      ...ROW.issue,
      title: "New",
      assignee: "bob",
      metadata: { a: 1, b: 2 },
      updated_at: "2026-09-09T00:00:00Z",
    });
  });

  test("only adds labels, edges and comments; an edge that is there keeps its type", () => {
    const step = compare({
      labels: ["new"],
      dependencies: [
        { depends_on_id: "bd-2", type: "related" },
        { depends_on_id: "bd-3", type: "blocks" },
      ],
      comments: [
        { id: 1, author: "ann", text: "hi", created_at: "2026-01-02T00:00:00Z" },
        { id: 2, author: "ann", text: "ho", created_at: "2026-01-02T00:00:00Z" },
      ],
    });
    expect(step).toMatchObject({
      kind: "changed",
      fieldsDiffer: false,
      labels: ["new"],
      dependencies: [{ depends_on_id: "bd-3", created_at: "2026-01-01T00:00:00Z" }],
      comments: [{ id: "fresh", text: "ho" }],
      keptEdges: [{ edge: { depends_on_id: "bd-2", type: "blocks" }, lineType: "related" }],
    });
  });

  test("gives a comment a fresh id where another comment has its own", () => {
    const taken = "01a1f8e7-2e32-72f4-9281-70d401b635f9";
    const comments = ["a", "b"].map((text) => ({ id: taken, author: "ann", text, created_at: "2026-01-02T00:00:00Z" }));
    expect(compare({ comments })).toMatchObject({ comments: [{ id: taken }, { id: "fresh" }] });
  });

  describe("with comments that differ in their ids alone", () => {
    const first = "01a1f8e7-2e32-72f4-9281-70d401b635f1";
    const second = "01a1f8e7-2e32-72f4-9281-70d401b635f2";
    const [one, two] = [first, second].map((id) => ({
      id,
      issue_id: "bd-1",
      author: "ann",
      text: "+1",
      created_at: "2026-01-02T00:00:00Z",
    }));
    const storing = (...comments: (typeof one)[]) => ({
      ...ROW,
      comments: comments.filter((comment) => comment !== undefined),
    });

    test("takes both, once", () => {
      expect(compare({ comments: [one, two] })).toMatchObject({ comments: [{ id: first }, { id: second }] });
      expect(compare({ comments: [one, one] })).toMatchObject({ comments: [{ id: first }] });
      expect(compare({ comments: [one, two] }, storing(one, two))).toEqual({ kind: "same", id: "bd-1" });
      expect(compare({ comments: [two] }, storing(one, two))).toEqual({ kind: "same", id: "bd-1" });
    });

    test("adds the one whose id is not here", () => {
      expect(compare({ comments: [one, two] }, storing(two))).toMatchObject({ comments: [{ id: first }] });
    });

    test("takes each copy of another program for one that is here, as long as there are some", () => {
      const copies = [1, 2].map((id) => ({ ...one, id }));
      expect(compare({ comments: copies }, storing(one, two))).toEqual({ kind: "same", id: "bd-1" });
      expect(compare({ comments: copies }, storing(one))).toMatchObject({ comments: [{ id: "fresh" }] });
    });
  });

  test("leaves an issue in the tables where it is", () => {
    expect(compare({ ephemeral: true })).toEqual({ kind: "same", id: "bd-1" });
  });

  test("dates a new issue by its line, and by the clock where the line is silent", () => {
    const times = { created_at: "2026-09-09T00:00:00Z", updated_at: "2026-09-09T00:00:00Z" };
    expect(compareIssueNew({})).toMatchObject({ kind: "new", issue: times });
    const updated = "2026-02-01T00:00:00Z";
    expect(compareIssueNew({ updated_at: updated })).toMatchObject({
      issue: { created_at: updated, updated_at: updated },
    });
  });
});

function compareIssueNew(fields: object) {
  const line = parseLine(JSON.stringify({ id: "bd-9", title: "Nine", ...fields }));
  if (line.kind !== "issue") throw new Error(JSON.stringify(line));
  const rules = {
    now: "2026-09-09T00:00:00Z",
    newId: () => "fresh",
    takenCommentIds: new Set<string>(),
    forceOlder: false,
  };
  return compareIssue(line.issue, undefined, rules);
}
