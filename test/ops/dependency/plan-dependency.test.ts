import { describe, expect, test } from "vitest";
import { planDependencies } from "../../../src/ops/dependency/plan-dependency.ts";
import { refusal } from "../../core/refusal.ts";

const edge = (issue_id: string, depends_on_id: string, type = "blocks") => ({ issue_id, depends_on_id, type });
const typeOf = (id: string) => (id.startsWith("epic") ? "epic" : "task");
const plan = (added: ReturnType<typeof edge>[], edges: ReturnType<typeof edge>[] = []) =>
  planDependencies(added, { edges, typeOf });

describe("planDependencies", () => {
  test("lets new edges through and leaves out what is there", () => {
    expect(plan([edge("a", "b"), edge("a", "c"), edge("a", "c")], [edge("a", "b")])).toEqual([edge("a", "c")]);
  });

  test("refuses an edge to itself, a second one for a pair, and epics that block tasks", () => {
    expect(refusal(() => plan([edge("a", "a")])).code).toBe("SELF_DEPENDENCY");
    expect(refusal(() => plan([edge("a", "b", "related")], [edge("a", "b")])).code).toBe("DEPENDENCY_EXISTS");
    expect(refusal(() => plan([edge("epic1", "a")])).code).toBe("EPIC_MIX");
  });

  test("refuses a cycle of what blocks, also one that the new edges close among themselves", () => {
    expect(refusal(() => plan([edge("a", "b", "conditional-blocks")], [edge("b", "a")])).code).toBe("DEPENDENCY_CYCLE");
    expect(refusal(() => plan([edge("a", "b"), edge("b", "c"), edge("c", "a")])).code).toBe("DEPENDENCY_CYCLE");
    expect(plan([edge("a", "b", "related")], [edge("b", "a")])).toHaveLength(1);
  });

  test("refuses parents that go round in a circle", () => {
    const parents = [edge("b", "a", "parent-child")];
    expect(refusal(() => plan([edge("a", "b", "parent-child")], parents)).code).toBe("DEPENDENCY_CYCLE");
  });

  test("refuses waiting for an ancestor, by edge or by name, also by one that comes along", () => {
    const child = edge("x", "p", "parent-child");
    expect(refusal(() => plan([edge("x", "p2")], [child, edge("p", "p2", "parent-child")])).code).toBe(
      "ANCESTOR_DEPENDENCY",
    );
    expect(refusal(() => plan([edge("bd-a.1.2", "bd-a", "waits-for")])).code).toBe("ANCESTOR_DEPENDENCY");
    expect(refusal(() => plan([edge("y", "q", "parent-child"), edge("y", "q")])).code).toBe("DEPENDENCY_EXISTS");
  });

  test("does not take a name for a parent where the issue has another one", () => {
    expect(plan([edge("bd-a.1", "bd-a")], [edge("bd-a.1", "bd-b", "parent-child")])).toHaveLength(1);
  });
});
