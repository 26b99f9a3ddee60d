import { describe, expect, test } from "vitest";
import { type TreeDirection, type TreeEdge, walkDependencyTree } from "../../../src/core/dependency/dependency-tree.ts";

const EDGES: TreeEdge[] = [
  { issue_id: "gold-7fw", depends_on_id: "gold-6w5", type: "blocks" },
  { issue_id: "gold-0wq", depends_on_id: "gold-tja", type: "blocks" },
  { issue_id: "gold-0wq", depends_on_id: "gold-7fw", type: "blocks" },
  { issue_id: "gold-tja", depends_on_id: "gold-6w5", type: "discovered-from" },
];

/** One line per node: indented by depth, with the edge to the node above a `…` where more follows, a `↑` where it stands above. */
function drawn(root: string, direction: TreeDirection, maxDepth = 50, edges = EDGES): string[] {
  return walkDependencyTree(root, edges, { direction, maxDepth }).map(
    ({ id, depth, edge_from_parent, truncated, again }) =>
      "  ".repeat(depth) +
      id +
      (edge_from_parent ? ` (${edge_from_parent})` : "") +
      (truncated ? " …" : "") +
      (again ? " ↑" : ""),
  );
}

describe("walkDependencyTree", () => {
  test("goes down in the peer's order, what is below an issue that is reached twice stands once", () => {
    expect(drawn("gold-0wq", "down")).toEqual([
      "gold-0wq",
      "  gold-7fw (blocks)",
      "    gold-6w5 (blocks)",
      "  gold-tja (blocks)",
      "    gold-6w5 (discovered-from) ↑",
    ]);
  });

  test("goes up", () => {
    expect(drawn("gold-6w5", "up")).toEqual([
      "gold-6w5",
      "  gold-7fw (blocks)",
      "    gold-0wq (blocks)",
      "  gold-tja (discovered-from)",
      "    gold-0wq (blocks) ↑",
    ]);
  });

  test("goes both ways, what waits for the root first", () => {
    expect(drawn("gold-7fw", "both")).toEqual(["  gold-0wq (blocks)", "gold-7fw", "  gold-6w5 (blocks)"]);
  });

  test("marks where the depth limit cuts something off", () => {
    expect(drawn("gold-0wq", "down", 2)).toEqual(["gold-0wq", "  gold-7fw (blocks) …", "  gold-tja (blocks) …"]);
    expect(drawn("gold-0wq", "down", 1)).toEqual(["gold-0wq …"]);
    expect(drawn("gold-0wq", "down", 0)).toEqual([]);
  });

  test("tells each node's parent", () => {
    const nodes = walkDependencyTree("gold-0wq", EDGES, { direction: "down", maxDepth: 50 });
    expect(nodes[0]).toEqual({ id: "gold-0wq", depth: 0, parent_id: "", truncated: false, again: false });
    expect(nodes[2]).toEqual({
      id: "gold-6w5",
      depth: 2,
      parent_id: "gold-7fw",
      edge_from_parent: "blocks",
      truncated: false,
      again: false,
    });
  });

  test("ends in a cycle, and in an issue without edges", () => {
    const ring: TreeEdge[] = [
      { issue_id: "a", depends_on_id: "b", type: "blocks" },
      { issue_id: "b", depends_on_id: "a", type: "blocks" },
    ];
    expect(drawn("a", "down", 50, ring)).toEqual(["a", "  b (blocks)", "    a (blocks) ↑"]);
    expect(drawn("lonely", "both")).toEqual(["lonely"]);
  });

  test("copes with a chain of 20,000", () => {
    const long = Array.from({ length: 20_000 }, (_, n) => ({
      issue_id: `n${n}`,
      depends_on_id: `n${n + 1}`,
      type: "blocks",
    }));
    expect(walkDependencyTree("n0", long, { direction: "down", maxDepth: 30_000 })).toHaveLength(20_001);
  });
});
