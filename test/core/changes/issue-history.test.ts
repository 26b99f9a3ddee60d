import { describe, expect, test } from "vitest";
import {
  type HistoryCommit,
  type HistoryTable,
  issueHistory,
  type StepChange,
} from "../../../src/core/changes/issue-history.ts";
import type { Row } from "../../../src/core/merge/cell.ts";

/** A commit named by one letter, made by whom the letter stands for. */
function commit(hash: string, ...parents: string[]): HistoryCommit {
  return { hash, parents, at: "2026-01-01T00:00:00Z", actor: hash, message: `did ${hash}` };
}

function step(
  from: string,
  to: string,
  before: Row | undefined,
  after: Row | undefined,
  table: HistoryTable = "issues",
): StepChange {
  return { step: { from, to }, table, change: { before, after } };
}

const BORN = { created_by: "ada", created_at: "2026-01-01 00:00:00", status: "open" };
const issue = (cells: Row): Row => ({ id: "bd-1", title: "X", priority: 2, ...BORN, ...cells });

/** Each entry as `<commit>: <types of its changes>`. */
function told(commits: readonly HistoryCommit[], changes: readonly StepChange[], id = "bd-1"): string[] {
  return issueHistory({ commits, changes, id }).map(
    (entry) => `${entry.commit.hash}: ${entry.changes.map(({ type }) => type).join(" ")}`,
  );
}

describe("a merge", () => {
  // `b` and `c` part from `a`, and `m` joins them.
  const commits = [commit("m", "b", "c"), commit("c", "a"), commit("b", "a"), commit("a", "r"), commit("r")];
  const made = step("r", "a", undefined, issue({}));

  test("is not told of what it took from one of its parents", () => {
    const changes = [
      made,
      step("a", "c", issue({}), issue({ priority: 0 })),
      step("b", "m", issue({}), issue({ priority: 0 })),
    ];
    expect(told(commits, changes)).toEqual(["c: updated", "a: created"]);
  });

  test("is not told where each cell is as one of its parents has it", () => {
    const [b, c, m] = [issue({ title: "B" }), issue({ priority: 0 }), issue({ title: "B", priority: 0 })];
    const changes = [
      made,
      step("a", "b", issue({}), b),
      step("a", "c", issue({}), c),
      step("b", "m", b, m),
      step("c", "m", c, m),
    ];
    expect(told(commits, changes)).toEqual(["c: updated", "b: updated", "a: created"]);
  });

  test("is told where it made something of its own, and of that alone", () => {
    const [b, c, m] = [issue({ title: "B" }), issue({ title: "C" }), issue({ title: "B / C" })];
    const changes = [
      made,
      step("a", "b", issue({}), b),
      step("a", "c", issue({}), c),
      step("b", "m", b, m),
      step("c", "m", c, m),
    ];
    const [entry] = issueHistory({ commits, changes, id: "bd-1" });
    expect(entry).toMatchObject({
      commit: { hash: "m" },
      changes: [{ changes: { title: { old: "B", new: "B / C" } } }],
    });
  });

  test("that gave the issue another id is told, and so is what it did under the old one; not what another did under that", () => {
    const moved = "bd-1_k3f9a2bx";
    const other = { ...issue({ title: "Other" }), created_by: "bob" };
    const changes = [
      step("a", "b", undefined, other),
      step("a", "c", undefined, issue({})),
      step("b", "m", undefined, issue({ id: moved })),
      step("c", "m", issue({}), other),
      step("c", "m", undefined, issue({ id: moved })),
    ];
    const [first, ...rest] = issueHistory({ commits, changes, id: moved });
    expect(first).toMatchObject({ commit: { hash: "m" }, movedFrom: "bd-1", changes: [] });
    expect(rest.map(({ commit: { hash } }) => hash)).toEqual(["c"]);
    expect(told(commits, changes, "bd-1")).toEqual(["b: created"]);
  });
});

test("who corrects the creator of an issue does not cut its history off", () => {
  const commits = [commit("c", "b"), commit("b", "a"), commit("a")];
  const changes = [step("a", "b", undefined, issue({})), step("b", "c", issue({}), issue({ created_by: "bob" }))];
  expect(told(commits, changes)).toEqual(["c: updated", "b: created"]);
});
