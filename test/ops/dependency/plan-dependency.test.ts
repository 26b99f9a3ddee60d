import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCycles } from "../../../src/core/dependency/dependency-graph.ts";
import { waitingGraph } from "../../../src/core/dependency/waiting-graph.ts";
import { evaluateReadiness, selectReady } from "../../../src/core/ready/readiness.ts";
import { BdError } from "../../../src/errors.ts";
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

  test("refuses a parent for what waits for it or what is above it, as for what is below", () => {
    const under = edge("p", "g", "parent-child");
    expect(refusal(() => plan([edge("x", "p", "parent-child")], [under, edge("x", "g")])).code).toBe(
      "ANCESTOR_DEPENDENCY",
    );
    const below = [edge("bd-y", "x", "parent-child"), edge("bd-y.1", "g", "waits-for")];
    expect(refusal(() => plan([edge("x", "p", "parent-child")], [under, ...below])).message).toBe(
      "cannot put x under p: bd-y.1 waits for g, which it would belong to",
    );
    expect(plan([edge("x", "p", "parent-child")], [under, edge("x", "g", "related")])).toHaveLength(1);
  });

  test("refuses a parent that waits for its child, whichever comes first", () => {
    const message = (ids: string) => `none of ${ids} would ever be ready, as a child waits for what blocks its parent`;
    const child = edge("a.1", "a", "parent-child");
    const wait = edge("a", "a.1");
    expect(refusal(() => plan([wait], [child]))).toMatchObject({
      code: "DEPENDENCY_CYCLE",
      message: message("a, a.1"),
    });
    expect(refusal(() => plan([child], [wait]))).toMatchObject({
      code: "DEPENDENCY_CYCLE",
      message: message("a.1, a"),
    });
    expect(refusal(() => plan([edge("b", "a.1")], [child, edge("a", "b")])).message).toBe(message("b, a.1, a"));
  });

  test("lets a parent wait for a grandchild, which is free to come first", () => {
    const tree = [edge("a.1", "a", "parent-child"), edge("a.1.1", "a.1", "parent-child")];
    expect(plan([edge("a", "a.1.1")], tree)).toHaveLength(1);
  });

  test("leaves something ready, whatever is asked for", () => {
    const id = fc.constantFrom("a", "a.1", "a.1.1", "b", "c", "d", "e");
    const type = fc.constantFrom("blocks", "conditional-blocks", "parent-child");
    const wish = fc.record({ issue_id: id, depends_on_id: id, type });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 25 }), (wishes) => {
        const edges: ReturnType<typeof edge>[] = [];
        for (const wished of wishes) edges.push(...allowed(() => plan([wished], edges)));
        const active = [...new Set(edges.flatMap((each) => [each.issue_id, each.depends_on_id]))];
        const readiness = evaluateReadiness({ active, done: [], deferred: [], edges });
        expect(active.length === 0 || selectReady(readiness, active).length > 0).toBe(true);
        expect(findCycles(waitingGraph(edges))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** What was planned, nothing where a rule said no. */
function allowed<T>(planning: () => T[]): T[] {
  try {
    return planning();
  } catch (error) {
    if (error instanceof BdError) return [];
    throw error;
  }
}
