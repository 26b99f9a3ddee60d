import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/core/merge/cell.ts";
import { type Appearance, appearancesIn } from "../../../src/core/merge/same-issue.ts";
import { rowKey } from "../../../src/core/merge/snapshot.ts";
import { type Creation, doubledIssues, mixedIssues, strayCreations } from "../../../src/core/verify/creations.ts";
import type { PastIssue } from "../../../src/core/verify/finding.ts";

const T1 = "2026-01-01 10:00:00";
const T2 = "2026-01-02 10:00:00";

function issue(id: string, by: string, at: string, title = "Title"): Row {
  return { id, title, created_by: by, created_at: at, updated_at: at };
}

function creation(id: string, issueId: string, actor: string, at: string): Creation {
  return { id, issueId, actor, at };
}

function appearances(issues: readonly Row[], events: readonly Creation[]): Appearance[] {
  const rows = events.map(({ id, issueId, actor, at }): Row => {
    return { id, issue_id: issueId, event_type: "created", actor, created_at: at };
  });
  const byKey = (some: readonly Row[]) => new Map(some.map((row) => [rowKey(row, ["id"]), row]));
  return appearancesIn(
    "ours",
    new Map([
      ["issues", byKey(issues)],
      ["events", byKey(rows)],
    ]),
  );
}

const ANNS: PastIssue = { id: "x-1", title: "Ann's", createdBy: "ann", createdAt: T1, commit: "c1" };

function mixed(issues: readonly Row[], events: readonly Creation[], origins: Readonly<Record<string, PastIssue>> = {}) {
  const here = appearances(issues, events);
  return mixedIssues(strayCreations(here, events), here, ({ id }) => origins[id]);
}

describe("an issue is mixed up", () => {
  const events = [creation("a", "x-1", "ann", T1), creation("b", "x-1", "bob", T2)];

  test("if the history had an event of a creation with another issue, which can be restored", () => {
    expect(mixed([issue("x-1", "bob", T2)], events, { a: ANNS })).toMatchObject([
      { kind: "mixed", items: ["x-1"], known: [ANNS], next: "bd restore --from=c1 x-1" },
    ]);
  });

  test("if the other issue lives elsewhere; then there is nothing to restore", () => {
    const issues = [issue("x-1", "bob", T2), issue("x-5", "ann", T1)];

    expect(mixed(issues, events, { a: ANNS })).toMatchObject([{ items: ["x-1"], next: "bd show x-1 x-5" }]);
  });

  test("if it has another creator, another time and no event of its own", () => {
    expect(mixed([issue("x-1", "bob", T2)], events.slice(0, 1), { a: ANNS })).toMatchObject([
      { items: ["x-1"], known: [ANNS], next: "bd show x-1" },
    ]);
  });

  test("if two people made one in the same second", () => {
    const same = [creation("a", "x-1", "ann", T1), creation("b", "x-1", "bob", T1)];

    expect(mixed([issue("x-1", "bob", T1)], same, { a: ANNS })).toMatchObject([{ items: ["x-1"], known: [ANNS] }]);
  });
});

describe("an issue is in order", () => {
  test.each([
    ["that was imported", [creation("i", "x-1", "carl", T2)]],
    [
      "that was imported twice",
      [creation("i", "x-1", "carl", T2), creation("j", "x-1", "dora", "2026-01-03 10:00:00")],
    ],
    ["that was imported where it had been made", [creation("a", "x-1", "ann", T1), creation("i", "x-1", "carl", T2)]],
    ["whose creator was corrected", [creation("a", "x-1", "anne", T1)]],
    ["whose time was corrected", [creation("a", "x-1", "ann", "2025-12-24 10:00:00")]],
    ["with a time of tomorrow, from a file", [creation("i", "x-1", "carl", "2025-12-24 10:00:00")]],
    ["without an event", []],
  ])("%s", (_what, events) => {
    const past = { a: { ...ANNS, createdBy: "anne" } };

    expect(mixed([issue("x-1", "ann", T1)], events, events.length === 1 ? past : {})).toEqual([]);
  });
});

test("an issue is there twice if two of one creator, second and title have one event between them", () => {
  const issues = [issue("x-1", "ann", T1), issue("x-2", "ann", T1), issue("x-3", "ann", T1, "Another")];
  const one = [creation("a", "x-1", "ann", T1)];

  expect(doubledIssues(appearances(issues, one))).toMatchObject([{ kind: "doubled", items: ["x-1", "x-2"] }]);
  expect(doubledIssues(appearances(issues, [...one, creation("b", "x-2", "ann", T1)]))).toEqual([]);
  expect(doubledIssues(appearances(issues, []))).toEqual([]);
});
