import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { deleteDependency } from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";
import type { WriteContext } from "../context.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
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
    const [removed] = await removeEdges(context, { edges: [input], missing: noSuchDependency });
    return removed ?? { issue_id: input.issue, depends_on_id: input.depends_on };
  },
  wire: {
    of: (edge) => ({ status: "removed", ...edge }),
    schema: () => z.looseObject({ status: z.literal("removed"), ...edgeEnds() }),
  },
});

interface Removal {
  readonly edges: readonly RemoveDependencyInput[];
  /** Edges of another type stay. */
  readonly type?: string | undefined;
  /** What is thrown where none of them is there. */
  readonly missing: (first: RemovedDependency) => BdError;
}

/** Removes edges, given as people write them, in one commit; gives their ends. */
export async function removeEdges(
  context: WriteContext,
  { edges, type, missing }: Removal,
): Promise<readonly RemovedDependency[]> {
  let removed: readonly RemovedDependency[] = [];
  let moved = NOBODY_MOVED;
  await context.write(
    () => `dependency: remove ${removed.map((edge) => `${edge.issue_id} -> ${edge.depends_on_id}`).join(", ")}`,
    async (tx) => {
      const names = edges.flatMap(({ issue, depends_on }) => [issue, depends_on]);
      const { ends } = await loadEnds(tx, names, NOTHING);
      moved = ends.moved;
      removed = edges.map(({ issue, depends_on }) => ({
        issue_id: ends.issueNamed(issue),
        depends_on_id: targetOf(ends, depends_on),
      }));
      const counts = await tx.all(
        removed.map(({ issue_id: id, depends_on_id: target }) =>
          deleteDependency(ends.familyOf(id), { issueId: id, dependsOnId: target, type }),
        ),
      );
      const [first] = removed;
      if (first !== undefined && counts.every((count) => count === 0)) throw missing(first);
    },
  );
  await sayMoved(context, moved);
  return removed;
}

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
