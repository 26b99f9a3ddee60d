import { describe, expect, test } from "vitest";
import { nextToClaim, type UnclaimedWork, whyNothing } from "../../../src/core/claim/next-claim.ts";
import { evaluateReadiness } from "../../../src/core/ready/readiness.ts";

/** Edges as `child of parent` and `a waits b`. */
function readinessOf(active: string, edges: readonly string[] = [], deferred: readonly string[] = []) {
  return evaluateReadiness({
    active: active.split(" "),
    done: ["done"],
    deferred,
    edges: edges.map((edge) => {
      const [issue_id = "", word, depends_on_id = ""] = edge.split(" ");
      return { issue_id, depends_on_id, type: word === "of" ? "parent-child" : "blocks" };
    }),
  });
}

const NONE: ReadonlySet<string> = new Set();

describe("what is claimed next", () => {
  test("is the first, what is assigned to the claimant before all else", () => {
    const readiness = readinessOf("a b c");
    expect(nextToClaim(["a", "b", "c"], { readiness, mine: NONE, epics: NONE })).toBe("a");
    expect(nextToClaim(["a", "b", "c"], { readiness, mine: new Set(["c", "b"]), epics: NONE })).toBe("b");
    expect(nextToClaim([], { readiness, mine: NONE, epics: NONE })).toBeUndefined();
  });

  test("is no epic with unfinished children, be it the claimant's", () => {
    const readiness = readinessOf("e f a", ["a of e", "done of f"]);
    const epics = new Set(["e", "f"]);
    expect(nextToClaim(["e", "f", "a"], { readiness, mine: new Set(["e"]), epics })).toBe("f");
    expect(nextToClaim(["e"], { readiness, mine: NONE, epics })).toBeUndefined();
    expect(nextToClaim(["e"], { readiness, mine: NONE, epics: NONE })).toBe("e");
  });
});

test("why there is nothing is counted, each issue once", () => {
  const readiness = readinessOf(
    "o1 o2 o3 w1 w2 d1 d2 p p.1 e e.1 b",
    ["w1 waits o1", "w2 waits d1", "p.1 of p", "e.1 of e"],
    ["d1", "p"],
  );
  const resting = ["d1", "d2", "p"];
  const work: UnclaimedWork[] = [
    ...["o1", "o2"].map((id) => ({ id, status: "open", assignee: "bob" })),
    { id: "o3", status: "open", assignee: "carol" },
    { id: "b", status: "in_progress", assignee: "bob" },
    { id: "w1", status: "open", assignee: "bob" },
    ...["w2", "d1", "p", "p.1", "e"].map((id) => ({ id, status: "open", assignee: "" })),
    { id: "d2", status: "deferred", assignee: "" },
    { id: "e.1", status: "in_progress", assignee: "__proto__" },
    // Their time has come.
    { id: "o3", status: "deferred", assignee: "carol" },
  ].map((issue) => ({ ...issue, rests: resting.includes(issue.id) }));

  expect(whyNothing(work, { readiness, epics: new Set(["e"]) })).toEqual({
    assigned: new Map([
      ["bob", 2],
      ["carol", 2],
    ]),
    inProgress: new Map([
      ["bob", 1],
      ["__proto__", 1],
    ]),
    blocked: 2,
    deferred: 4,
    epics: 1,
  });
});
