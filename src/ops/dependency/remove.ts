import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { deleteDependency } from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";
import { NOBODY_MOVED, sayMoved } from "../issue/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { edgeEnds } from "../wire/issue-schemas.ts";
import { type Ends, loadEnds } from "./load-ends.ts";

export const RemoveDependencyInput = z.strictObject({ issue: z.string(), depends_on: z.string() });

export type RemoveDependencyInput = z.infer<typeof RemoveDependencyInput>;

export interface RemovedDependency {
  readonly issue_id: string;
  readonly depends_on_id: string;
}

const NOTHING: Query<undefined> = { statements: [], decode: () => undefined };

export const removeDependency = defineOperation({
  name: "dependency.remove",
  access: "write",
  input: RemoveDependencyInput,
  async run(context, input: RemoveDependencyInput): Promise<RemovedDependency> {
    let removed: RemovedDependency = { issue_id: "", depends_on_id: "" };
    let moved = NOBODY_MOVED;
    await context.write(
      () => `dependency: remove ${removed.issue_id} -> ${removed.depends_on_id}`,
      async (tx) => {
        const { ends } = await loadEnds(tx, [input.issue, input.depends_on], NOTHING);
        moved = ends.moved;
        const id = ends.issueNamed(input.issue);
        removed = { issue_id: id, depends_on_id: targetOf(ends, input.depends_on) };
        const [count] = await tx.all([deleteDependency(ends.familyOf(id), id, removed.depends_on_id)]);
        if (count === 0) throw noSuchDependency(removed);
      },
    );
    await sayMoved(context, moved);
    return removed;
  },
  wire: {
    of: (edge) => ({ status: "removed", ...edge }),
    schema: () => z.looseObject({ status: z.literal("removed"), ...edgeEnds() }),
  },
});

/** The target may be gone for long: then its id stands for itself. An ambiguous name is still an error. */
function targetOf(ends: Ends, name: string): string {
  try {
    return ends.targetNamed(name);
  } catch (error) {
    if (error instanceof BdError && error.code === "ISSUE_NOT_FOUND") return name;
    throw error;
  }
}

function noSuchDependency(edge: RemovedDependency): BdError {
  return new BdError("not-found", "DEPENDENCY_NOT_FOUND", `${edge.issue_id} does not depend on ${edge.depends_on_id}`, {
    hint: command`bd dep list ${edge.issue_id}`,
    details: { ...edge },
  });
}
