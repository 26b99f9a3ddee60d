import * as z from "zod/mini";
import { DEFAULT_DEPENDENCY_TYPE, parseDependencyType } from "../../core/dependency/dependency-type.ts";
import type { Dependency } from "../../core/issue/issue.ts";
import { checkText } from "../../core/text-limits.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { allEdges } from "../../store/queries/edges.ts";
import { insertDependencies } from "../../store/queries/write-issues.ts";
import type { WriteContext } from "../context.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { edgeEnds } from "../wire/issue-schemas.ts";
import { requireKnownDependencyType } from "./known-type.ts";
import { loadEnds } from "./load-ends.ts";
import { planDependencies } from "./plan-dependency.ts";

export const AddDependenciesInput = z.strictObject({
  /** `issue` is to depend on `depends_on`; both as people write them. */
  dependencies: z
    .array(z.strictObject({ issue: z.string(), depends_on: z.string(), type: z.optional(z.string()) }))
    .check(z.minLength(1)),
});

export type AddDependenciesInput = z.infer<typeof AddDependenciesInput>;

export interface AddedDependency {
  readonly issue_id: string;
  readonly depends_on_id: string;
  readonly type: string;
  /** False where the same edge was there before. */
  readonly added: boolean;
  /** The titles of the ends, where they are issues of this database. */
  readonly issue_title: string | undefined;
  readonly depends_on_title: string | undefined;
}

export interface AddDependenciesResult {
  readonly dependencies: readonly AddedDependency[];
}

/** A new edge. */
export const addDependencies = defineOperation({
  name: "dependency.add",
  access: "write",
  input: AddDependenciesInput,
  async run(context, input: AddDependenciesInput): Promise<AddDependenciesResult> {
    const wanted = input.dependencies.map((item) => ({
      ...item,
      type: parseDependencyType(item.type ?? DEFAULT_DEPENDENCY_TYPE),
    }));
    for (const { depends_on: target } of wanted) checkText("id", target);
    const names = wanted.flatMap((item) => [item.issue, item.depends_on]);
    const creator = (await context.actor()).name;
    let added: readonly Dependency[] = [];
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => messageAbout(added),
      async (tx) => {
        const { ends, beside: edges } = await loadEnds(tx, names, allEdges);
        moved = ends.moved;
        const used = new Set(edges.map(({ type }) => type));
        for (const { type } of wanted) requireKnownDependencyType(type, used);
        const dependencies = wanted.map(
          (item): Dependency => ({
            issue_id: ends.issueNamed(item.issue),
            depends_on_id: ends.targetNamed(item.depends_on),
            type: item.type,
            created_at: changeTime(tx.now(), ends.heads.get(ends.issueNamed(item.issue))?.updated_at),
            created_by: creator,
            metadata: "{}",
          }),
        );
        const typeOf = (id: string) => ends.heads.get(id)?.issue_type;
        added = planDependencies(dependencies, { edges, typeOf });
        const families = Map.groupBy(added, ({ issue_id: id }) => ends.familyOf(id));
        if (added.length > 0) await tx.all([...families].map(([family, own]) => insertDependencies(family, own)));
        return {
          dependencies: dependencies.map((edge) => ({
            issue_id: edge.issue_id,
            depends_on_id: edge.depends_on_id,
            type: edge.type,
            added: added.includes(edge),
            issue_title: ends.heads.get(edge.issue_id)?.title,
            depends_on_title: ends.heads.get(edge.depends_on_id)?.title,
          })),
        };
      },
    );
    await sayMoved(context, moved);
    sayAbsent(context, result);
    return result;
  },
  wire: {
    of({ dependencies: [edge] }) {
      if (edge === undefined) return undefined;
      const { issue_id, depends_on_id, type, added } = edge;
      return { status: statusOf(added), issue_id, depends_on_id, type };
    },
    schema: () => z.looseObject({ status: status(), ...edgeEnds(), type: z.string() }),
  },
});

/** Any number of new edges, all or none of them. */
export const addAllDependencies = defineOperation({
  ...addDependencies,
  name: "dependency.add-all",
  wire: {
    of: ({ dependencies }) => ({
      status: statusOf(dependencies.some(({ added }) => added)),
      count: dependencies.length,
      dependencies: dependencies.map(({ issue_id, depends_on_id, type }) => ({ issue_id, depends_on_id, type })),
    }),
    schema: () =>
      z.looseObject({
        status: status(),
        count: natural(),
        dependencies: z.array(z.looseObject({ ...edgeEnds(), type: z.string() })),
      }),
  },
});

/** A new edge, seen from the issue that comes first. */
export const blockIssue = defineOperation({
  ...addDependencies,
  name: "dependency.block",
  wire: {
    of({ dependencies: [edge] }) {
      if (edge === undefined) return undefined;
      const { issue_id, depends_on_id, added } = edge;
      return { status: statusOf(added), blocker_id: depends_on_id, blocked_id: issue_id, type: "blocks" };
    },
    schema: () =>
      z.looseObject({
        status: status(),
        blocker_id: z.string(),
        blocked_id: z.string(),
        type: z.literal("blocks"),
      }),
  },
});

const NAMED = 5;

/** What is not in this database is no mistake of its own: it may be of another project, or come by an import. */
function sayAbsent(context: Pick<WriteContext, "note">, { dependencies }: AddDependenciesResult): void {
  const absent = dependencies.filter((edge) => edge.added && edge.depends_on_title === undefined);
  const ids = [...new Set(absent.map((edge) => edge.depends_on_id))];
  if (ids.length === 0) return;
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
  const [are, hold] = ids.length === 1 ? ["is", "holds"] : ["are", "hold"];
  context.note(`${ids.slice(0, NAMED).join(", ")}${more} ${are} not in this database, and ${hold} nothing back`);
}

/** The same edge once more changes nothing. */
function statusOf(added: boolean): "added" | "unchanged" {
  return added ? "added" : "unchanged";
}

function status() {
  return z.enum(["added", "unchanged"]);
}

function messageAbout(added: readonly Dependency[]): string {
  const [first] = added;
  return added.length === 1 && first !== undefined
    ? `dependency: add ${first.type} ${first.issue_id} -> ${first.depends_on_id}`
    : `dependency: add ${added.length} dependencies`;
}
