import * as z from "zod/mini";
import { isWellKnownDependencyType } from "../../core/dependency/dependency-type.ts";
import type { Dependency, Issue, LinkedIssue } from "../../core/issue/issue.ts";
import { allEdges } from "../../store/queries/edges.ts";
import { issuesWithLinks } from "../../store/queries/issue-links.ts";
import { dependenciesOf } from "../../store/queries/issue-parts.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { combine, type Query } from "../../store/query.ts";
import { loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type Several } from "../operation.ts";
import { dependencySchema, linkedIssue } from "../wire/issue-schemas.ts";
import { requireKnownDependencyType } from "./known-type.ts";

export const ListDependenciesInput = z.strictObject({
  ids: z.array(z.string()).check(z.minLength(1)),
  /** down: what the issues depend on. up: what depends on them. */
  direction: z.enum(["down", "up"]),
  type: z.optional(z.string()),
});

export type ListDependenciesInput = z.infer<typeof ListDependenciesInput>;

/** The edges of one issue. */
export interface IssueDependencies {
  readonly issue: Issue;
  /** The issues at the other ends, as far as they are here. */
  readonly links: readonly LinkedIssue[];
  /** The edges that start at the issue; empty with direction up. */
  readonly records: readonly Dependency[];
}

export interface ListDependenciesResult extends Several {
  readonly issues: readonly IssueDependencies[];
}

export const listDependencies = defineOperation({
  name: "dependency.list",
  access: "read",
  input: ListDependenciesInput,
  async run(context, { ids, direction, type }: ListDependenciesInput): Promise<ListDependenciesResult> {
    const load = direction === "down" ? downwards : upwards;
    const { items, failures, moved } = await context.read(async (reader) => {
      if (type !== undefined && !isWellKnownDependencyType(type)) {
        const [edges] = await reader.all([allEdges]);
        requireKnownDependencyType(type, new Set(edges.map((edge) => edge.type)));
      }
      return loadNamed(reader, ids, { load, beside: NOTHING_BESIDE });
    });
    await sayMoved(context, moved);
    const issues = items.map(({ found }) => ({
      issue: found.issue,
      links: found.links.filter((link) => type === undefined || link.dependency_type === type),
      records: found.records.filter((record) => type === undefined || record.type === type),
    }));
    return { issues, failures };
  },
  wire: { of: payloadOf, schema: () => z.union([z.array(linkedIssue()), z.array(dependencySchema())]) },
});

function downwards(selection: Selection): Query<IssueDependencies[]> {
  return combine(
    [issuesWithLinks(selection, ["down"]), dependenciesOf(selection)],
    ({ issues, links: { down } }, records) =>
      issues.map((issue) => ({ issue, links: down.get(issue.id) ?? [], records: records.get(issue.id) ?? [] })),
  );
}

function upwards(selection: Selection): Query<IssueDependencies[]> {
  return combine([issuesWithLinks(selection, ["up"])], ({ issues, links: { up } }) =>
    issues.map((issue) => ({ issue, links: up.get(issue.id) ?? [], records: [] })),
  );
}

/** The peer's two shapes: issues for one id or the way up, edges for several ids. */
function payloadOf({ issues }: ListDependenciesResult, { direction }: ListDependenciesInput): unknown {
  if (issues.length > 1 && direction !== "up") return issues.flatMap(({ records }) => records);
  return issues.flatMap(({ links }) => links);
}
