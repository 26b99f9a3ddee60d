import { type Issue, withParts } from "../../core/issue/issue.ts";
import { labelsOf } from "../../store/queries/issue-parts.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import { selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import { combine, type Query } from "../../store/query.ts";

/** Those of the ids that are here, issues and wisps alike, with their labels. */
export function labelledById(ids: readonly string[]): Query<ReadonlyMap<string, Issue>> {
  return combine(
    [labelledIn(ISSUE_TABLES, ids), labelledIn(WISP_TABLES, ids)],
    (issues, wisps) => new Map([...wisps, ...issues].map((issue) => [issue.id, issue])),
  );
}

function labelledIn(tables: TableFamily, ids: readonly string[]): Query<Issue[]> {
  const selection = selectIds(tables, ids, "nodes");
  return combine([selection.choose, issuesOf(selection), labelsOf(selection)], (_chosen, issues, labels) =>
    issues.map((issue) => withParts(issue, { labels: labels.get(issue.id) })),
  );
}
