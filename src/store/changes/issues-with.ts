import { combine, type Query, rows, text } from "../query.ts";
import { join, list, sql } from "../sql.ts";

/** What an issue must have to be followed. */
export interface Having {
  /** All of them. */
  readonly labels: readonly string[];
  readonly assignee: string | undefined;
}

/** Those of the issues that have that at a commit. */
export function issuesWith(commit: string, ids: readonly string[], { labels, assignee }: Having): Query<string[]> {
  if (ids.length === 0) return combine([], () => []);
  const labelled = labels.map(
    (label) => sql` AND id IN (SELECT issue_id FROM labels AS OF ${commit} WHERE label = ${label})`,
  );
  const assigned = assignee === undefined ? [] : [sql` AND assignee = ${assignee}`];
  return rows(
    sql`SELECT id FROM issues AS OF ${commit} WHERE id IN ${list(ids)}${join([...labelled, ...assigned], "")}`,
    (row) => text(row, "id"),
  );
}
