import { type LinkedIssue, withParts } from "../../core/issue.ts";
import { combine, type Query, rows, text } from "../query.ts";
import { raw, type Sql, sql } from "../sql.ts";
import { type ByIssue, grouped } from "./issue-parts.ts";
import { ISSUE_COLUMNS, issueFromRow } from "./issue-rows.ts";
import { type Selection, selected } from "./selection.ts";

/** The edges' end that is among the selected issues, and the end that is told of. */
interface Direction {
  readonly from: Sql;
  readonly to: Sql;
}

const OUTGOING: Direction = { from: raw("d.issue_id"), to: raw("d.depends_on_id") };
const INCOMING: Direction = { from: raw("d.depends_on_id"), to: raw("d.issue_id") };

/** What each issue of a selection depends on or belongs to, as far as it is here; ordered by id, with labels. */
export function dependenciesWithIssues(selection: Selection): Query<ByIssue<LinkedIssue[]>> {
  return linkedIssues(selection, OUTGOING);
}

/** The issues whose edges end at the selected ones. */
export function dependentsWithIssues(selection: Selection): Query<ByIssue<LinkedIssue[]>> {
  return linkedIssues(selection, INCOMING);
}

function linkedIssues(selection: Selection, direction: Direction): Query<ByIssue<LinkedIssue[]>> {
  const { tables } = selection;
  const edges = edgesOf(selection, direction);
  const issues = rows(
    sql`SELECT ${direction.from} AS near_id, d.type AS dependency_type, ${ISSUE_COLUMNS} FROM ${edges}
      JOIN ${tables.issues} i ON i.id = ${direction.to} ORDER BY i.id, d.type`,
    (row) => ({ near: text(row, "near_id"), type: text(row, "dependency_type"), issue: issueFromRow(row) }),
  );
  const labels = rows(
    sql`SELECT DISTINCT l.issue_id, l.label FROM ${edges}
      JOIN ${tables.labels} l ON l.issue_id = ${direction.to} ORDER BY l.issue_id, l.label`,
    (row) => ({ issue_id: text(row, "issue_id"), label: text(row, "label") }),
  );
  return combine([issues, labels], (found, allLabels) => {
    const labelsByIssue = grouped(
      allLabels,
      ({ issue_id }) => issue_id,
      ({ label }) => label,
    );
    return grouped(
      found,
      ({ near }) => near,
      ({ issue, type }) => ({ ...withParts(issue, { labels: labelsByIssue.get(issue.id) }), dependency_type: type }),
    );
  });
}

function edgesOf(selection: Selection, { from }: Direction): Sql {
  return sql`${selected(selection)} JOIN ${selection.tables.dependencies} d ON ${from} = v.id`;
}
