import type { TreeEdge } from "../../../core/dependency/dependency-tree.ts";
import type { Dependency } from "../../../core/issue/issue.ts";
import { allEdges } from "../../../store/queries/edges.ts";
import { existingIds, selectExactIds } from "../../../store/queries/id-matches.ts";
import type { ProjectConfig } from "../../../store/queries/project-config.ts";
import { ISSUE_TABLES } from "../../../store/queries/tables.ts";
import { deleteDependency, type FamilyNames, insertDependencies } from "../../../store/queries/write-issues.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";
import { planDependencies } from "../../dependency/plan-dependency.ts";
import { resolveIds } from "../../named-issues/resolve-ids.ts";

/** What the first packet finds out for a change of parents. */
export interface ParentFacts {
  /** Ids that the parent's name spells out. */
  readonly exact: readonly string[];
  readonly edges: readonly TreeEdge[];
}

/** `parent` is as people write it, empty for none. */
export function parentFacts(parent: string): Query<ParentFacts> {
  const named = selectExactIds(ISSUE_TABLES, parent === "" ? [] : [parent], "parent");
  return combine([named.choose, existingIds(named), allEdges], (_chosen, exact, edges) => ({ exact, edges }));
}

/** The id of the parent, or undefined for none. Throws BdError not-found. */
export async function resolveParent(
  reader: Reader,
  parent: string,
  known: { readonly config: ProjectConfig; readonly exact: readonly string[] },
): Promise<string | undefined> {
  if (parent === "") return undefined;
  const { ids, failures } = await resolveIds(reader, [parent], known);
  const [failure] = failures;
  if (failure !== undefined) throw failure.error;
  return ids[0];
}

/** Puts issues under one parent, or under none. It keeps count of the edges, so that several moves see one another. */
export class Reparenting {
  readonly #parentId: string | undefined;
  #edges: readonly TreeEdge[];

  constructor(parentId: string | undefined, edges: readonly TreeEdge[]) {
    this.#parentId = parentId;
    this.#edges = edges;
  }

  /**
   * The writes that move the issue, none where it is there already.
   * Throws BdError rejected SELF_DEPENDENCY, DEPENDENCY_EXISTS, DEPENDENCY_CYCLE.
   */
  move(id: string, family: FamilyNames, made: Pick<Dependency, "created_at" | "created_by">): Query<number>[] {
    const parentId = this.#parentId;
    const old = this.#edges.filter((edge) => edge.issue_id === id && edge.type === "parent-child");
    if (old.length === (parentId === undefined ? 0 : 1) && old.every((edge) => edge.depends_on_id === parentId))
      return [];
    const rest = this.#edges.filter((edge) => !old.includes(edge));
    const wanted =
      parentId === undefined
        ? []
        : [{ issue_id: id, depends_on_id: parentId, type: "parent-child", ...made, metadata: "{}" }];
    const added = planDependencies(wanted, { edges: rest, typeOf: () => undefined });
    this.#edges = [...rest, ...added];
    return [
      ...old.map((edge) => deleteDependency(family, { issueId: id, dependsOnId: edge.depends_on_id })),
      ...(added.length === 0 ? [] : [insertDependencies(family, added)]),
    ];
  }
}
