import * as z from "zod/mini";
import { type TreePosition, walkDependencyTree } from "../../core/dependency/dependency-tree.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { evaluateReadiness, isFree } from "../../core/ready/readiness.ts";
import { isOnTheTable } from "../../core/ready/rests.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { allEdges } from "../../store/queries/edges.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import { loadReadiness } from "../../store/queries/readiness-facts.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { combine } from "../../store/query.ts";
import { requireKnownWords } from "../issue/find/known-words.ts";
import { loadNamed } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { labelledById } from "./labelled-by-id.ts";

export const DependencyTreeInput = z.strictObject({
  id: z.string(),
  direction: z.enum(["down", "up", "both"]),
  max_depth: z.int().check(z.gte(1)),
  /** Only issues of this status, and what leads to them. */
  status: z.optional(z.string()),
});

export type DependencyTreeInput = z.infer<typeof DependencyTreeInput>;

export interface TreeNode extends TreePosition {
  /** Undefined for a target that is not here. */
  readonly issue: Issue | undefined;
}

export interface DependencyTreeResult {
  readonly root: string;
  readonly direction: "down" | "up" | "both";
  readonly nodes: readonly TreeNode[];
  /** Whether something holds the root back; undefined where that is no question, as it is not open. */
  readonly root_is_free: boolean | undefined;
}

export const dependencyTree = defineOperation({
  name: "dependency.tree",
  access: "read",
  input: DependencyTreeInput,
  async run(context, input: DependencyTreeInput): Promise<DependencyTreeResult> {
    const { direction, max_depth: maxDepth, status } = input;
    const now = toWireTime(context.clock());
    const beside = combine([allEdges, loadReadiness(now)], (edges, { facts }) => ({
      edges,
      facts,
    }));
    const { moved, ...tree } = await context.read(async (reader) => {
      const found = await loadNamed(reader, [input.id], { load: bare, beside });
      const [failure] = found.failures;
      if (failure !== undefined) throw failure.error;
      const [root] = found.items.map((item) => item.found.issue);
      if (root === undefined) throw new Error(`${input.id} was resolved and not loaded`);
      if (status !== undefined) await requireKnownWords(reader, { statuses: [status] }, found.config);
      const { edges, facts } = found.beside;
      const positions = walkDependencyTree(root.id, edges, { direction, maxDepth });
      const [issues] = await reader.all([labelledById([...new Set(positions.map(({ id }) => id))])]);
      const nodes = positions.map((position) => ({ ...position, issue: issues.get(position.id) }));
      return {
        moved: found.moved,
        root: root.id,
        direction,
        nodes: status === undefined ? nodes : withStatus(nodes, status),
        root_is_free: isOnTheTable(root, now) ? isFree(evaluateReadiness(facts), root.id) : undefined,
      };
    });
    await sayMoved(context, moved);
    return tree;
  },
  wire: {
    of: ({ nodes }) => nodes.filter(({ again }) => !again).map(nodeJson),
    schema() {
      const position = {
        depth: natural(),
        parent_id: z.string(),
        edge_from_parent: z.optional(z.string()),
        truncated: z.boolean(),
      };
      return z.array(z.union([labelledIssue(position), z.looseObject({ id: z.string(), ...position })]));
    },
  },
});

function bare(selection: Selection) {
  return combine([issuesOf(selection)], (issues) => issues.map((issue) => ({ issue })));
}

/** Keeps what has the status, and the way from the root to it. */
function withStatus(nodes: readonly TreeNode[], status: string): TreeNode[] {
  const above = new Map(nodes.filter(({ again }) => !again).map((node) => [node.id, node.parent_id]));
  const kept = new Set<string>();
  for (const node of nodes) {
    if (node.depth > 0 && node.issue?.status !== status) continue;
    for (let id: string | undefined = node.id; id !== undefined && !kept.has(id); id = above.get(id)) kept.add(id);
  }
  return nodes.filter(({ id }) => kept.has(id));
}

function nodeJson({ issue, id, depth, parent_id, edge_from_parent, truncated }: TreeNode): object {
  const edge = edge_from_parent === undefined ? {} : { edge_from_parent };
  return { ...(issue ?? { id }), depth, parent_id, ...edge, truncated };
}
