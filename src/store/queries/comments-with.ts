import { combine, type Query, rows, text } from "../query.ts";
import { join, sql } from "../sql.ts";
import { contains } from "./issue-filter.ts";
import { type ByIssue, grouped } from "./issue-parts.ts";
import { type Selection, selected } from "./selection.ts";

/** The texts of those comments on chosen issues that hold one of the words; nothing is asked without words. */
export function commentsWith(selection: Selection, words: readonly string[]): Query<ByIssue<string[]>> {
  if (words.length === 0) return { statements: [], decode: () => new Map() };
  const one = join(
    words.map((word) => contains(sql`c.text`, word)),
    " OR ",
  );
  const found = rows(
    sql`SELECT c.issue_id, c.text FROM ${selected(selection)} JOIN ${selection.tables.comments} c ON c.issue_id = v.id
      WHERE (${one}) ORDER BY c.created_at, c.id`,
    (row) => ({ issue_id: text(row, "issue_id"), text: text(row, "text") }),
  );
  return combine([found], (comments) =>
    grouped(
      comments,
      ({ issue_id }) => issue_id,
      (comment) => comment.text,
    ),
  );
}
