import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  blockedIds,
  blockersOf,
  directBlockersOf,
  evaluateReadiness,
  freedByClosing,
  isBlocked,
  isFree,
  type ReadinessEdge,
  type ReadinessFacts,
  readinessFacts,
  resolvedBlockersOf,
  selectReady,
} from "../../../src/core/ready/readiness.ts";

/** `a blocks-type b`: a waits for b. */
function edge(text: string): ReadinessEdge {
  const [issue_id = "", type = "", depends_on_id = "", gate] = text.split(" ");
  return { issue_id, type, depends_on_id, gate: gate === "any-children" ? gate : undefined };
}

function withoutMark(word: string): string {
  return word.replace(/[!*]$/, "");
}

/** Ids in capitals are done, those with a `!` are deferred, `*` pinned; all others are active. */
function facts(issues: string, ...edges: string[]): ReadinessFacts {
  const words = issues.split(" ");
  return {
    active: words.filter((word) => /^[a-z0-9]+!?$/.test(word)).map(withoutMark),
    done: words.filter((word) => /^[A-Z]+$/.test(word)),
    others: words.filter((word) => word.endsWith("*")).map(withoutMark),
    deferred: words.filter((word) => word.endsWith("!")).map(withoutMark),
    edges: edges.map(edge),
  };
}

function verdict(value: ReadinessFacts): { ready: string[]; blocked: Record<string, string[]> } {
  const readiness = evaluateReadiness(value);
  return {
    ready: selectReady(readiness, value.active),
    blocked: Object.fromEntries(blockedIds(readiness).map((id) => [id, blockersOf(readiness, id)])),
  };
}

describe("blocks edges", () => {
  test("a chain leaves its last link ready", () => {
    expect(verdict(facts("a b c", "a blocks b", "b blocks c"))).toEqual({
      ready: ["c"],
      blocked: { a: ["b"], b: ["c"] },
    });
  });

  test("a diamond names both blockers, in order", () => {
    expect(verdict(facts("a b c d", "a blocks c", "a blocks b", "b blocks d", "c blocks d"))).toEqual({
      ready: ["d"],
      blocked: { a: ["b", "c"], b: ["d"], c: ["d"] },
    });
  });

  test("a cycle, and an edge to itself, block all their members", () => {
    expect(verdict(facts("a b c d", "a blocks b", "b blocks a", "c blocks c")).ready).toEqual(["d"]);
  });

  test("conditional-blocks blocks, relations do not", () => {
    expect(verdict(facts("a b c d", "a conditional-blocks b", "c related d", "d discovered-from a"))).toEqual({
      ready: ["b", "c", "d"],
      blocked: { a: ["b"] },
    });
  });

  test("done, pinned, missing and external targets block nothing", () => {
    const value = facts("a b c d p* X", "a blocks X", "b blocks p", "c blocks nosuch", "d blocks external:web:login");
    expect(verdict(value)).toEqual({ ready: ["a", "b", "c", "d"], blocked: {} });
  });

  test("done and pinned issues are never blocked", () => {
    expect(verdict(facts("a p* X", "X blocks a", "p blocks a"))).toEqual({ ready: ["a"], blocked: {} });
  });

  test("a deferred issue still blocks", () => {
    expect(verdict(facts("a b!", "a blocks b")).blocked).toEqual({ a: ["b"] });
  });
});

describe("parents", () => {
  test("an open parent holds nothing back", () => {
    expect(verdict(facts("p a", "a parent-child p")).ready).toEqual(["p", "a"]);
  });

  test("direct children of a blocked parent wait for the parent, grandchildren do not", () => {
    expect(verdict(facts("p a g b", "a parent-child p", "g parent-child a", "p blocks b"))).toEqual({
      ready: ["g", "b"],
      blocked: { p: ["b"], a: ["p"] },
    });
  });

  test("an own blocker is named instead of the parent", () => {
    expect(verdict(facts("p a b c", "a parent-child p", "p blocks b", "a blocks c")).blocked).toEqual({
      p: ["b"],
      a: ["c"],
    });
  });

  test("direct children of a deferred parent are not ready, without being blocked", () => {
    expect(verdict(facts("p! a g", "a parent-child p", "g parent-child a"))).toEqual({
      ready: ["p", "g"],
      blocked: {},
    });
  });

  test("one blocked parent of several is enough", () => {
    expect(verdict(facts("p q a b", "a parent-child p", "a parent-child q", "q blocks b")).blocked).toEqual({
      q: ["b"],
      a: ["q"],
    });
  });

  test("done children of a blocked parent are not blocked", () => {
    expect(verdict(facts("p b A", "A parent-child p", "p blocks b")).blocked).toEqual({ p: ["b"] });
  });

  test("a missing parent holds nothing back", () => {
    expect(verdict(facts("a", "a parent-child nosuch"))).toEqual({ ready: ["a"], blocked: {} });
  });
});

describe("waits-for", () => {
  test("all-children is shut while any child is active, whatever the target's own status", () => {
    const edges = ["w waits-for p", "a parent-child p", "X parent-child p"];
    expect(verdict(facts("w p a X", ...edges)).blocked).toEqual({ w: ["p"] });
    expect(verdict(facts("w P a X", "w waits-for P", "a parent-child P")).blocked).toEqual({ w: ["P"] });
    expect(verdict(facts("w p* a", ...edges)).blocked).toEqual({ w: ["p"] });
  });

  test("all-children is open when no child is active", () => {
    expect(verdict(facts("w p X c*", "w waits-for p", "X parent-child p", "c parent-child p")).ready).toEqual([
      "w",
      "p",
    ]);
  });

  test("any-children opens with the first child that is done", () => {
    const edges = ["w waits-for p any-children", "a parent-child p", "b parent-child p", "X parent-child p"];
    expect(verdict(facts("w p a b", ...edges)).blocked).toEqual({ w: ["p"] });
    expect(verdict(facts("w p a b X", ...edges)).blocked).toEqual({});
  });

  test.each(["all-children", "any-children"])("%s is open without children", (gate) => {
    expect(verdict(facts("w p", `w waits-for p ${gate}`)).ready).toEqual(["w", "p"]);
  });

  test("a missing target blocks nothing, even when children of it are left", () => {
    expect(verdict(facts("w a", "w waits-for nosuch", "a parent-child nosuch")).blocked).toEqual({});
  });

  test("grandchildren do not count", () => {
    expect(verdict(facts("w p A g", "w waits-for p", "A parent-child p", "g parent-child A")).blocked).toEqual({});
  });
});

describe("questions", () => {
  const value = facts(
    "a b c w p k X",
    "a blocks c",
    "a blocks X",
    "a blocks nosuch",
    "w waits-for p",
    "k parent-child p",
    "b related c",
  );
  const readiness = evaluateReadiness(value);

  test("direct blockers come with the type of their edge", () => {
    expect(directBlockersOf(readiness, "w")).toEqual([{ id: "p", type: "waits-for" }]);
    expect(directBlockersOf(readiness, "b")).toEqual([]);
    expect(isBlocked(readiness, "a")).toBe(true);
  });

  test("resolved blockers are the targets that hold nothing back any more", () => {
    expect(resolvedBlockersOf(readiness, "a", value.edges)).toEqual(["X", "nosuch"]);
    expect(resolvedBlockersOf(readiness, "b", value.edges)).toEqual([]);
  });

  test("the limit counts ready issues, in the order of the candidates", () => {
    expect(selectReady(readiness, ["a", "k", "w", "c", "b"], 2)).toEqual(["k", "c"]);
    expect(selectReady(readiness, ["a", "k", "w", "c", "b"], 0)).toEqual(["k", "c", "b"]);
  });
});

describe("freedByClosing", () => {
  test("names what the last blocker held back", () => {
    const value = facts("a b c d", "a blocks c", "b blocks c", "b blocks d");
    expect(freedByClosing(value, ["c"])).toEqual(["a"]);
    expect(freedByClosing(value, ["c", "d"])).toEqual(["a", "b"]);
  });

  test("gives the same answer when the issue is closed already", () => {
    expect(freedByClosing(facts("a C", "a blocks C"), ["C"])).toEqual(["a"]);
  });

  test("includes children whose parent is freed, and what waits for children", () => {
    expect(freedByClosing(facts("p a c", "a parent-child p", "p blocks c"), ["c"])).toEqual(["a", "p"]);
    expect(freedByClosing(facts("w p a", "w waits-for p", "a parent-child p"), ["a"])).toEqual(["w"]);
  });

  test("leaves out what another blocker or a deferred parent still holds", () => {
    expect(freedByClosing(facts("p! a c", "a parent-child p", "a blocks c"), ["c"])).toEqual([]);
    expect(freedByClosing(facts("a b c", "a blocks c", "a blocks b"), ["c"])).toEqual([]);
  });
});

test("facts sort issues by what their status means: a custom done status does not block, a frozen one does", () => {
  const issues = [
    { id: "a", status: "open" },
    { id: "b", status: "shipped" },
    { id: "c", status: "parked", defer_until: "2027-01-01T00:00:00Z" },
    { id: "d", status: "closed" },
    { id: "e", status: "pinned" },
    { id: "f", status: "never_heard_of", defer_until: "2025-01-01T00:00:00Z" },
  ];
  const customStatuses = [
    { name: "shipped", category: "done" },
    { name: "parked", category: "frozen" },
  ] as const;
  expect(readinessFacts(issues, [], { now: "2026-01-01T00:00:00Z", customStatuses })).toEqual({
    active: ["a", "c", "f"],
    done: ["b", "d"],
    others: ["e"],
    deferred: ["c"],
    edges: [],
  });
});

describe("properties", () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const id = fc.constantFrom(...ids, "missing", "external:x:y");
  const type = fc.constantFrom("blocks", "conditional-blocks", "waits-for", "parent-child", "related");
  const gate = fc.constantFrom("all-children" as const, "any-children" as const, undefined);
  const raw = fc.record({
    states: fc.tuple(...ids.map(() => fc.constantFrom("active", "done", "other"))),
    deferred: fc.subarray(ids),
    edges: fc.uniqueArray(fc.record({ issue_id: id, depends_on_id: id, type, gate }), {
      maxLength: 14,
      selector: (value) => `${value.issue_id} ${value.depends_on_id}`,
    }),
  });
  const graphs = raw.map(
    ({ states, deferred, edges }): ReadinessFacts => ({
      active: ids.filter((_, n) => states[n] === "active"),
      done: ids.filter((_, n) => states[n] === "done"),
      others: ids.filter((_, n) => states[n] === "other"),
      deferred,
      edges,
    }),
  );

  test("the verdict is that of the rules read word by word", () => {
    fc.assert(
      fc.property(graphs, (given) => {
        const readiness = evaluateReadiness(given);
        for (const one of given.active) {
          expect([one, isBlocked(readiness, one)]).toEqual([one, isBlockedByTheLetter(given, one)]);
          expect([one, isFree(readiness, one)]).toEqual([one, isFreeByTheLetter(given, one)]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("the order of issues and edges does not matter", () => {
    fc.assert(
      fc.property(graphs, (given) => {
        const turned = { ...given, active: given.active.toReversed(), edges: given.edges.toReversed() };
        const [one, other] = [verdict(given), verdict(turned)];
        expect(other.blocked).toEqual(one.blocked);
        expect(other.ready.toSorted()).toEqual(one.ready.toSorted());
      }),
    );
  });
});

function isBlockedByTheLetter({ active, done, others = [], edges }: ReadinessFacts, id: string): boolean {
  const exists = [...active, ...done, ...others];
  const childrenOf = (parent: string) =>
    edges.filter((one) => one.type === "parent-child" && one.depends_on_id === parent).map((one) => one.issue_id);
  return edges.some((one) => {
    if (one.issue_id !== id || !active.includes(id) || !exists.includes(one.depends_on_id)) return false;
    if (one.type === "blocks" || one.type === "conditional-blocks") return active.includes(one.depends_on_id);
    if (one.type !== "waits-for") return false;
    const children = childrenOf(one.depends_on_id);
    const someActive = children.some((child) => active.includes(child));
    if (one.gate !== "any-children") return someActive;
    return someActive && !children.some((child) => done.includes(child));
  });
}

function isFreeByTheLetter(given: ReadinessFacts, id: string): boolean {
  const parents = given.edges.filter((one) => one.issue_id === id && one.type === "parent-child");
  return (
    !isBlockedByTheLetter(given, id) &&
    parents.every(
      ({ depends_on_id: parent }) => !isBlockedByTheLetter(given, parent) && !given.deferred.includes(parent),
    )
  );
}
