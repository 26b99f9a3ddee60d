import type { TreeEdge } from "../../../core/dependency/dependency-tree.ts";
import type { Dependency, Issue } from "../../../core/issue/issue.ts";
import { changeTime } from "../../../core/time/change-time.ts";
import { insertDependencies } from "../../../store/queries/write-issues.ts";
import type { Query } from "../../../store/query.ts";
import { planDependencies } from "../../dependency/plan-dependency.ts";
import type { NamedIssue } from "../../named-issues/named-issues.ts";
import { type ClosingOf, closeWrites } from "./close-writes.ts";
import { familyNames } from "./write-and-read.ts";

type Found = NamedIssue<{ readonly issue: Issue }>;

interface Replacement extends Omit<ClosingOf, "reason"> {
  /** Of the edge to the issue that stays. */
  readonly type: string;
  /** Goes before the id of that. */
  readonly reason: string;
}

/**
 * An edge to the issue that stays, and the other one closed, whatever waits for it or belongs to it. Throws BdError as
 * `planDependencies`.
 */
export function replacementWrites(
  [item, by]: readonly [going: Found, staying: Found],
  edges: readonly TreeEdge[],
  { type, reason, ...closing }: Replacement,
): Query<number>[] {
  const { issue } = item.found;
  const staying = by.found.issue;
  const edge: Dependency = {
    issue_id: issue.id,
    depends_on_id: staying.id,
    type,
    created_at: changeTime(closing.now, issue.updated_at),
    created_by: closing.source.actor,
    metadata: "{}",
  };
  const typeOf = (id: string) => [issue, staying].find((one) => one.id === id)?.issue_type;
  const added = planDependencies([edge], { edges, typeOf });
  return [
    ...(added.length === 0 ? [] : [insertDependencies(familyNames(item.tables), added)]),
    ...(issue.status === "closed"
      ? []
      : closeWrites({ issue, tables: item.tables }, { ...closing, reason: `${reason} ${staying.id}` })),
  ];
}
