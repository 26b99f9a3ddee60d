import * as fc from "fast-check";
import { expect, test } from "vitest";
import { applyChanges } from "../../../src/core/changes/apply-changes.ts";
import { changesOf } from "../../../src/core/changes/changes-of.ts";
import type { Difference } from "../../../src/core/changes/difference.ts";
import { untitledIssues } from "../../../src/core/changes/difference.ts";
import { stateOf, type TrackerState } from "../../../src/core/changes/tracker-state.ts";
import type { Row } from "../../../src/core/merge/cell.ts";
import { keyText, type Snapshot, textOf } from "../../../src/core/merge/snapshot.ts";
import { tables } from "../merge/some-tables.ts";
import { anyDifference, rowsBetween } from "./any-tables.ts";

const AT = "2026-01-01 00:00:00";

function issue(id: string, row: Row = {}): Row {
  return { id, title: `Title of ${id}`, status: "open", priority: 2, created_by: "ann", created_at: AT, ...row };
}

function label(issueId: string, name: string): Row {
  return { issue_id: issueId, label: name };
}

function link(issueId: string, target: string, row: Row = {}): Row {
  return { issue_id: issueId, depends_on_id: target, type: "blocks", created_at: AT, metadata: "{}", ...row };
}

function comment(id: string, issueId: string, text: string): Row {
  return { id, issue_id: issueId, author: "ann", text, created_at: AT };
}

type Tables = Readonly<Record<string, readonly Row[]>>;

function between(before: Tables, after: Tables, known: Partial<Difference> = {}) {
  const rows = rowsBetween(tables(before), tables(after), known.replaced);
  return changesOf({ rows, moved: new Map(), replaced: new Set(), titles: new Map(), ...known });
}

/** In one line each. */
function sentences(before: Tables, after: Tables, known: Partial<Difference> = {}): string[] {
  return between(before, after, known).map((change) => {
    if ("label" in change) return `${change.type} ${change.issue_id} ${change.label}`;
    if ("dependency" in change) return `${change.type} ${change.issue_id} on ${change.dependency.depends_on_id}`;
    if ("comment" in change) return `${change.type} ${change.issue_id} ${change.comment.text}`;
    if (change.type === "config_changed") return `${change.type} ${change.key}`;
    return `${change.type} ${change.issue_id}`;
  });
}

test("an issue that is changed says what it was and is, in the wire's words", () => {
  const before = issue("bd-1", { notes: "", assignee: null, metadata: '{"a": 1}', timeout_ns: 0, hook_bead: "bd-7" });
  const after = { ...before, notes: "n", assignee: "bob", metadata: '{"b": 1}', timeout_ns: 5, hook_bead: "" };

  expect(between({ issues: [before] }, { issues: [after] })).toEqual([
    {
      type: "updated",
      issue_id: "bd-1",
      title: "Title of bd-1",
      changes: {
        notes: { old: null, new: "n" },
        assignee: { old: null, new: "bob" },
        metadata: { old: { a: 1 }, new: { b: 1 } },
        timeout: { old: null, new: 5 },
        hook_bead: { old: "bd-7", new: null },
      },
    },
  ]);
});

test.each([
  ["open", "closed", "ann", "closed"],
  ["closed", "open", "ann", "reopened"],
  ["closed", "in_progress", "ann", "reopened"],
  ["open", "in_progress", "ann", "claimed"],
  ["blocked", "in_progress", "ann", "claimed"],
  ["open", "in_progress", null, "updated"],
  ["in_progress", "in_progress", "ann", "updated"],
  ["open", "review", "ann", "updated"],
])("from %s to %s with the assignee %s is %s", (was, is, assignee, type) => {
  const [change] = between(
    { issues: [issue("bd-1", { status: was, notes: "a" })] },
    { issues: [issue("bd-1", { status: is, notes: "b", assignee })] },
  );

  expect(change?.type).toBe(type);
});

test("a setting is named by its key, and an unset one has no value", () => {
  expect(between({ config: [{ key: "a", value: "1" }] }, { config: [{ key: "b", value: "" }] })).toEqual([
    { type: "config_changed", key: "a", changes: { value: { old: "1", new: null } } },
    { type: "config_changed", key: "b", changes: { value: { old: null, new: "" } } },
  ]);
});

test("what hangs on an issue goes before it goes and comes when all issues are there; settings come first", () => {
  const before = {
    issues: [issue("bd-1"), issue("bd-2")],
    labels: [label("bd-1", "x"), label("bd-2", "y")],
    dependencies: [link("bd-2", "bd-1")],
    comments: [comment("c1", "bd-1", "one")],
  };
  const after = {
    config: [{ key: "k", value: "v" }],
    issues: [issue("bd-2", { title: "New" }), issue("bd-3"), issue("bd-0")],
    labels: [label("bd-2", "x"), label("bd-3", "x"), label("bd-3", "a")],
    dependencies: [link("bd-0", "bd-3")],
    comments: [comment("c2", "bd-2", "two")],
  };

  expect(sentences(before, after)).toEqual([
    "config_changed k",
    "unlabeled bd-1 x",
    "comment_removed bd-1 one",
    "unlabeled bd-2 y",
    "dependency_removed bd-2 on bd-1",
    "deleted bd-1",
    "created bd-0",
    "updated bd-2",
    "created bd-3",
    "dependency_added bd-0 on bd-3",
    "labeled bd-2 x",
    "commented bd-2 two",
    "labeled bd-3 a",
    "labeled bd-3 x",
  ]);
});

test("what was changed in place goes and comes again", () => {
  const before = {
    issues: [issue("bd-1")],
    dependencies: [link("bd-1", "bd-2")],
    comments: [comment("c1", "bd-1", "a")],
  };
  const after = {
    issues: [issue("bd-1")],
    dependencies: [link("bd-1", "bd-2", { metadata: '{"gate":"any"}', color: "red" })],
    comments: [comment("c1", "bd-1", "b")],
  };

  const owner = { issue_id: "bd-1", title: "T" };
  const edge = { issue_id: "bd-1", depends_on_id: "bd-2", type: "blocks", created_at: "2026-01-01T00:00:00Z" };
  const said = { id: "c1", issue_id: "bd-1", author: "ann", created_at: "2026-01-01T00:00:00Z" };
  expect(between(before, after, { titles: new Map([["bd-1", "T"]]) })).toEqual([
    { type: "dependency_removed", ...owner, dependency: { ...edge, metadata: "{}" } },
    { type: "comment_removed", ...owner, comment: { ...said, text: "a" } },
    { type: "dependency_added", ...owner, dependency: { ...edge, metadata: '{"gate":"any"}', color: "red" } },
    { type: "commented", ...owner, comment: { ...said, text: "b" } },
  ]);
});

test("a column that another program added to the labels comes with the label", () => {
  const before = { labels: [label("bd-1", "x")] };
  const after = { labels: [{ ...label("bd-1", "x"), color: "red" }] };

  expect(between(before, after)).toEqual([
    { type: "unlabeled", issue_id: "bd-1", title: "", label: "x" },
    { type: "labeled", issue_id: "bd-1", title: "", label: "x", columns: { color: "red" } },
  ]);
});

test("an issue that was deleted and made again under its id is another one, with all that hangs on it", () => {
  const before = { issues: [issue("bd-1", { title: "Old" })], labels: [label("bd-1", "x"), label("bd-1", "both")] };
  const after = {
    issues: [issue("bd-1", { title: "New", created_by: "bob" })],
    labels: [label("bd-1", "y"), label("bd-1", "both")],
  };
  const known = { replaced: new Set(["bd-1"]) };

  expect(sentences(before, after, known)).toEqual([
    "unlabeled bd-1 both",
    "unlabeled bd-1 x",
    "deleted bd-1",
    "created bd-1",
    "labeled bd-1 both",
    "labeled bd-1 y",
  ]);
  const titles = between(before, after, known).map((change) => "title" in change && change.title);
  expect(titles).toEqual(["Old", "Old", "Old", "New", "New", "New"]);
});

test("an issue that moved to another id goes and comes, and each event names the other id", () => {
  const before = { issues: [issue("bd-1", { title: "Ours" })], comments: [comment("c1", "bd-1", "one")] };
  const after = {
    issues: [issue("bd-1", { title: "Theirs", created_by: "bob" }), issue("bd-1_a2345678", { title: "Ours" })],
    comments: [comment("c1", "bd-1_a2345678", "one")],
  };
  const known = { moved: new Map([["bd-1", "bd-1_a2345678"]]), replaced: new Set(["bd-1", "bd-1_a2345678"]) };

  const found = between(before, after, known);

  expect(found.map((change) => [change.type, "title" in change ? change.title : ""])).toEqual([
    ["comment_removed", "Ours"],
    ["deleted", "Ours"],
    ["created", "Theirs"],
    ["created", "Ours"],
    ["commented", "Ours"],
  ]);
  expect(found[1]).toMatchObject({ issue_id: "bd-1", moved_to: "bd-1_a2345678" });
  expect(found[2]).not.toHaveProperty("moved_from");
  expect(found[3]).toMatchObject({ issue_id: "bd-1_a2345678", moved_from: "bd-1" });
});

test("issues are untitled where something that hangs on them differs, and their own rows don't", () => {
  const before = { issues: [issue("bd-1")], labels: [label("bd-2", "x")] };
  const after = {
    issues: [issue("bd-1", { title: "B" })],
    labels: [label("bd-1", "x")],
    comments: [comment("c1", "bd-3", "")],
  };

  expect(untitledIssues(rowsBetween(tables(before), tables(after)))).toEqual(new Set(["bd-2", "bd-3"]));
});

/** Leaves out what hangs on issues that are not there, as foreign keys do. */
function whole(snapshot: Snapshot): Snapshot {
  const issues = snapshot.get("issues") ?? new Map();
  return new Map(
    [...snapshot].map(([table, rows]) => [
      table,
      new Map([...rows].filter(([, row]) => !("issue_id" in row) || issues.has(keyText([textOf(row, "issue_id")])))),
    ]),
  );
}

/** Parts of issues that are not there. */
function orphans(state: TrackerState): string[] {
  const issues = state.get("issues") ?? new Map();
  return (["labels", "dependencies", "comments"] as const).flatMap((table) =>
    [...(state.get(table)?.values() ?? [])]
      .map((row) => textOf(row, "issue_id"))
      .filter((id) => !issues.has(keyText([id]))),
  );
}

test("who stops after any event holds no part of an issue that is not there", () => {
  fc.assert(
    fc.property(anyDifference, (found) => {
      const [before, after] = [whole(found.before), whole(found.after)];
      const rows = rowsBetween(before, after, found.difference.replaced);
      let state = stateOf(before);
      for (const change of changesOf({ ...found.difference, rows })) {
        state = applyChanges(state, [change]);

        expect(orphans(state)).toEqual([]);
      }
      expect(state).toEqual(stateOf(after));
    }),
    { numRuns: 50 },
  );
});
