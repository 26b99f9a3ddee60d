import * as z from "zod/mini";
import { circlesOf } from "../../core/dependency/waiting-graph.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { allEdges } from "../../store/queries/edges.ts";
import { defineOperation } from "../operation.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { labelledById } from "./labelled-by-id.ts";

export interface DependencyCycle {
  /** Along the edges, starting with the smallest id. */
  readonly ids: readonly string[];
  /** Those of them that are here. */
  readonly issues: readonly Issue[];
}

export interface DependencyCyclesResult {
  readonly cycles: readonly DependencyCycle[];
}

/** Issues that wait for one another; see `circlesOf`. */
export const dependencyCycles = defineOperation({
  name: "dependency.cycles",
  access: "read",
  input: z.strictObject({}),
  run(context): Promise<DependencyCyclesResult> {
    return context.read(async (reader) => {
      const [edges] = await reader.all([allEdges]);
      const found = circlesOf(edges);
      if (found.length === 0) return { cycles: [] };
      const [issues] = await reader.all([labelledById([...new Set(found.flat())])]);
      const here = (ids: readonly string[]) => ids.map((id) => issues.get(id)).filter((issue) => issue !== undefined);
      return { cycles: found.map((ids) => ({ ids, issues: here(ids) })) };
    });
  },
  wire: {
    of: ({ cycles }) => cycles.map(({ issues }) => issues),
    schema: () => z.array(z.array(labelledIssue())),
  },
});
