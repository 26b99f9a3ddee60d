import { gateFromMetadata } from "../../core/dependency/dependency-type.ts";
import { jsonText } from "../../core/json/dolt-json.ts";
import type { ReadinessEdge } from "../../core/ready/readiness.ts";
import { combine, type Query, rows, text } from "../query.ts";
import { type Sql, sql } from "../sql.ts";
import { type ByIssue, grouped } from "./issue-parts.ts";
import { type Selection, selected } from "./selection.ts";

export interface IssueStatus {
  readonly id: string;
  readonly status: string;
}

/** The part of the graph that decides whether issues may be closed, however large the rest is. */
export interface CloseFacts {
  /** Children of the selected issues, by parent. */
  readonly children: ByIssue<IssueStatus[]>;
  /** The issues' own blocking and waiting edges, and the parent-child edges below what they wait for. */
  readonly edges: readonly ReadinessEdge[];
  /** The other ends of these edges. */
  readonly others: readonly IssueStatus[];
}

/** The selection must have been chosen earlier in the packet. */
export function closeFacts(selection: Selection): Query<CloseFacts> {
  const { issues, dependencies } = selection.tables;
  const blockers = rows(
    sql`SELECT d.issue_id, d.depends_on_id, d.type, d.metadata, t.status
      FROM ${selected(selection)} JOIN ${dependencies} d ON d.issue_id = v.id JOIN ${issues} t ON t.id = d.depends_on_id
      WHERE d.type IN ('blocks', 'conditional-blocks', 'waits-for')`,
    (row) => ({
      issue_id: text(row, "issue_id"),
      depends_on_id: text(row, "depends_on_id"),
      type: text(row, "type"),
      gate: gateFromMetadata(jsonText(text(row, "metadata"))),
      status: text(row, "status"),
    }),
  );
  const awaited = childrenOf(
    selection,
    sql`${dependencies} w ON w.issue_id = v.id AND w.type = 'waits-for' JOIN ${dependencies} c ON c.depends_on_id = w.depends_on_id`,
  );
  const own = childrenOf(selection, sql`${dependencies} c ON c.depends_on_id = v.id`);
  return combine([blockers, awaited, own], (targets, below, children) => ({
    children: grouped(
      children,
      ({ parent }) => parent,
      (child) => child,
    ),
    edges: [
      ...targets,
      ...below.map(({ id, parent }) => ({ issue_id: id, depends_on_id: parent, type: "parent-child" })),
    ],
    others: [...targets.map(({ depends_on_id: id, status }) => ({ id, status })), ...below],
  }));
}

/** Issues at the child's end of parent-child edges `c`, which `edges` joins to the selected ones. */
function childrenOf(selection: Selection, edges: Sql): Query<(IssueStatus & { readonly parent: string })[]> {
  return rows(
    sql`SELECT DISTINCT c.issue_id AS id, c.depends_on_id AS parent, i.status
      FROM ${selected(selection)} JOIN ${edges} JOIN ${selection.tables.issues} i ON i.id = c.issue_id
      WHERE c.type = 'parent-child'`,
    (row) => ({ id: text(row, "id"), parent: text(row, "parent"), status: text(row, "status") }),
  );
}
