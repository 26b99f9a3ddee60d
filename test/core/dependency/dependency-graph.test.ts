import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ancestorsOf,
  type DependencyEdge,
  descendantsOf,
  findCycles,
  wouldCreateCycle,
} from "../../../src/core/dependency/dependency-graph.ts";

/** `a>b>c`: a waits for b, b waits for c. */
function chain(...texts: string[]): DependencyEdge[] {
  return texts.flatMap((text) => {
    const ids = text.split(">");
    return ids.slice(1).map((depends_on_id, n) => ({ issue_id: ids[n] ?? "", depends_on_id }));
  });
}

describe("wouldCreateCycle", () => {
  test.each([
    [["a>b>c"], "c", "a", ["c", "a", "b", "c"]],
    [["a>b>c"], "a", "c", undefined],
    [[], "a", "b", undefined],
    [[], "a", "a", ["a", "a"]],
    [["a>b>c>d", "a>d"], "d", "a", ["d", "a", "d"]],
    [["a>b>a"], "c", "a", undefined],
  ])("with %j, a new edge %s>%s gives %j", (edges, from, to, cycle) => {
    expect(wouldCreateCycle(chain(...edges), from, to)).toEqual(cycle);
  });

  test("copes with a chain of 50,000", () => {
    const long = Array.from({ length: 50_000 }, (_, n) => ({ issue_id: `n${n}`, depends_on_id: `n${n + 1}` }));
    expect(wouldCreateCycle(long, "n50000", "n0")).toHaveLength(50_002);
  });
});

describe("findCycles", () => {
  test.each([
    [["a>b>c", "a>c"], []],
    [["c>a>b>c"], [["a", "b", "c"]]],
    [["a>a"], [["a"]]],
    [
      ["a>b>a", "x>y>z>x", "a>x"],
      [
        ["a", "b"],
        ["x", "y", "z"],
      ],
    ],
    [
      ["a>b>a", "b>c>b"],
      [
        ["a", "b"],
        ["b", "c"],
      ],
    ],
    [
      ["a>b>c>d>a", "b>d"],
      [
        ["a", "b", "c", "d"],
        ["a", "b", "d"],
      ],
    ],
  ])("in %j finds %j", (edges, cycles) => {
    expect(findCycles(chain(...edges))).toEqual(cycles);
  });

  test("copes with a ring of 50,000", () => {
    const ring = Array.from({ length: 50_000 }, (_, n) => ({
      issue_id: `n${n}`,
      depends_on_id: `n${(n + 1) % 50_000}`,
    }));
    expect(findCycles(ring).map((cycle) => cycle.length)).toEqual([50_000]);
  });
});

const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
const graphs = fc.array(fc.record({ issue_id: id, depends_on_id: id }), { maxLength: 12 });

describe("properties", () => {
  test("each cycle runs along edges, and they touch exactly the issues that can reach themselves", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const has = (from: string, to: string) =>
          graph.some((edge) => edge.issue_id === from && edge.depends_on_id === to);
        const cycles = findCycles(graph);
        for (const cycle of cycles) {
          cycle.forEach((from, n) => expect(has(from, cycle[(n + 1) % cycle.length] ?? "")).toBe(true));
        }
        const onCycle = ["a", "b", "c", "d", "e", "f"].filter((one) => reachesItself(graph, one));
        expect([...new Set(cycles.flat())].toSorted()).toEqual(onCycle);
      }),
      { numRuns: 500 },
    );
  });

  test("the order of the edges does not matter", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(findCycles(graph.toReversed())).toEqual(findCycles(graph));
      }),
    );
  });

  test("a graph that is only built through wouldCreateCycle has no cycle", () => {
    fc.assert(
      fc.property(graphs, (wanted) => {
        const built: DependencyEdge[] = [];
        for (const edge of wanted) {
          if (wouldCreateCycle(built, edge.issue_id, edge.depends_on_id) === undefined) built.push(edge);
        }
        expect(findCycles(built)).toEqual([]);
      }),
    );
  });
});

function reachesItself(graph: readonly DependencyEdge[], start: string): boolean {
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const edge of graph) {
      if (edge.issue_id !== from || reached.has(edge.depends_on_id)) continue;
      reached.add(edge.depends_on_id);
      visit(edge.depends_on_id);
    }
  };
  visit(start);
  return reached.has(start);
}

describe("hierarchy", () => {
  const parents = chain("child>parent>top", "other>top");

  test("ancestors are found at any distance, and nobody is their own", () => {
    expect([...ancestorsOf("child", parents)]).toEqual(["parent", "top"]);
    expect([...ancestorsOf("top", parents)]).toEqual([]);
    expect([...ancestorsOf("a", chain("a>b>a"))]).toEqual(["b"]);
  });

  test("descendants are those by edges, and those by name that have no parent of their own", () => {
    const ids = ["top", "top.1", "top.2", "top.2.1", "topic", "child", "parent", "other"];
    const edges = [...parents, ...chain("top.2>elsewhere", "below>top.1")];
    expect(descendantsOf("top", edges, ids)).toEqual(["below", "child", "other", "parent", "top.1", "top.2.1"]);
    expect(descendantsOf("nosuch", edges, ids)).toEqual([]);
  });

  test("a cycle of parents ends", () => {
    expect(descendantsOf("a", chain("a>b>a"), [])).toEqual(["b"]);
  });
});
