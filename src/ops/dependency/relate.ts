import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { defineOperation } from "../operation.ts";
import { addDependencies } from "./add.ts";
import { type RemovedDependency, removeEdges } from "./remove.ts";

const RelateInput = z.strictObject({ issue: z.string(), other: z.string() });

type RelateInput = z.infer<typeof RelateInput>;

export interface RelatedIssues {
  readonly id1: string;
  readonly id2: string;
  /** False where it was so already. */
  readonly changed: boolean;
}

const RELATES = "relates-to";

/** Two issues that have to do with one another, without order: an edge each way. */
export const relateIssues = defineOperation({
  name: "dependency.relate",
  access: "write",
  input: RelateInput,
  async run(context, { issue, other }: RelateInput): Promise<RelatedIssues> {
    const { dependencies } = await addDependencies.run(context, {
      dependencies: [
        { issue, depends_on: other, type: RELATES },
        { issue: other, depends_on: issue, type: RELATES },
      ],
    });
    const [edge] = dependencies;
    return {
      id1: edge?.issue_id ?? issue,
      id2: edge?.depends_on_id ?? other,
      changed: dependencies.some(({ added }) => added),
    };
  },
  wire: {
    of: ({ id1, id2 }) => ({ id1, id2, related: true }),
    schema: () => z.looseObject({ id1: z.string(), id2: z.string(), related: z.literal(true) }),
  },
});

/** Takes back what `relateIssues` did; other edges between the two stay. Throws BdError not-found DEPENDENCY_NOT_FOUND. */
export const unrelateIssues = defineOperation({
  name: "dependency.unrelate",
  access: "write",
  input: RelateInput,
  async run(context, { issue, other }: RelateInput): Promise<RelatedIssues> {
    const [edge] = await removeEdges(context, {
      edges: [
        { issue, depends_on: other },
        { issue: other, depends_on: issue },
      ],
      type: RELATES,
      missing: notRelated,
    });
    return { id1: edge?.issue_id ?? issue, id2: edge?.depends_on_id ?? other, changed: true };
  },
  wire: {
    of: ({ id1, id2 }) => ({ id1, id2, unrelated: true }),
    schema: () => z.looseObject({ id1: z.string(), id2: z.string(), unrelated: z.literal(true) }),
  },
});

function notRelated({ issue_id, depends_on_id }: RemovedDependency): BdError {
  return new BdError("not-found", "DEPENDENCY_NOT_FOUND", `${issue_id} and ${depends_on_id} are not related`, {
    hint: command`bd dep list ${issue_id}`,
    details: { issue_id, depends_on_id },
  });
}
