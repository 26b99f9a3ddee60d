import { type Issue, type LinkedIssue, withParts } from "../../core/issue.ts";
import { combine, type Query, rows, text } from "../query.ts";
import { raw, type Sql, sql } from "../sql.ts";
import { type ByIssue, grouped } from "./issue-parts.ts";
import { ISSUE_COLUMNS, issueFromRow } from "./issue-rows.ts";
import { type Selection, selected } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** Where edges lie, their end that is among the selected issues, and the end that is told of, which lies in `far`. */
interface Links {
  readonly edges: TableFamily;
  readonly near: Sql;
  readonly to: Sql;
  readonly far: TableFamily;
}

const FAMILIES: readonly TableFamily[] = [ISSUE_TABLES, WISP_TABLES];

/** What each issue of a selection depends on or belongs to, as far as it is here; ordered by id, with labels. */
export function dependenciesWithIssues(selection: Selection): Query<ByIssue<LinkedIssue[]>> {
  const ends = { edges: selection.tables, near: raw("d.issue_id"), to: raw("d.depends_on_id") };
  return linkedIssues(
    selection,
    FAMILIES.map((far) => ({ ...ends, far })),
  );
}

/** The issues whose edges end at the selected ones; an edge lies where the issue does that it starts from. */
export function dependentsWithIssues(selection: Selection): Query<ByIssue<LinkedIssue[]>> {
  const ends = { near: raw("d.depends_on_id"), to: raw("d.issue_id") };
  return linkedIssues(
    selection,
    FAMILIES.map((family) => ({ ...ends, edges: family, far: family })),
  );
}

/** Issues may depend on wisps and wisps on issues, so both families are asked. */
function linkedIssues(selection: Selection, links: readonly Links[]): Query<ByIssue<LinkedIssue[]>> {
  const queries = links.map((each) => linkedIn(selection, each));
  return combine(queries, (...found) => {
    const ordered = found.flat().toSorted((a, b) => compare(a.issue.id, b.issue.id) || compare(a.type, b.type));
    return grouped(
      ordered,
      ({ near }) => near,
      ({ issue, type }) => ({ ...issue, dependency_type: type }),
    );
  });
}

interface Link {
  readonly near: string;
  readonly type: string;
  readonly issue: Issue;
}

function linkedIn(selection: Selection, { edges, near, to, far }: Links): Query<Link[]> {
  const joined = sql`${selected(selection)} JOIN ${edges.dependencies} d ON ${near} = v.id`;
  const issues = rows(
    sql`SELECT ${near} AS near_id, d.type AS dependency_type, ${ISSUE_COLUMNS} FROM ${joined}
      JOIN ${far.issues} i ON i.id = ${to}`,
    (row) => ({ near: text(row, "near_id"), type: text(row, "dependency_type"), issue: issueFromRow(row) }),
  );
  const labels = rows(
    sql`SELECT DISTINCT l.issue_id, l.label FROM ${joined}
      JOIN ${far.labels} l ON l.issue_id = ${to} ORDER BY l.issue_id, l.label`,
    (row) => ({ issue_id: text(row, "issue_id"), label: text(row, "label") }),
  );
  return combine([issues, labels], (found, allLabels) => {
    const labelsByIssue = grouped(
      allLabels,
      ({ issue_id }) => issue_id,
      ({ label }) => label,
    );
    return found.map((link) => ({
      ...link,
      issue: withParts(link.issue, { labels: labelsByIssue.get(link.issue.id) }),
    }));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
