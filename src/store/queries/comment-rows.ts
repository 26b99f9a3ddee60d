import type { Comment } from "../../core/issue/issue.ts";
import { execute, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import { commentFromRow } from "./issue-rows.ts";
import type { TableFamily } from "./tables.ts";

/** A comment and the issue or wisp that it stands with. */
export interface PlacedComment {
  readonly tables: TableFamily;
  readonly comment: Comment;
  readonly title: string;
}

/** Two at most whose id begins or ends so; the part holds letters, digits and hyphens alone. */
export function commentsNamed(tables: TableFamily, part: string): Query<PlacedComment[]> {
  return rows(
    sql`SELECT c.id, c.issue_id, c.author, c.text, c.created_at, i.title FROM ${tables.comments} c
      JOIN ${tables.issues} i ON i.id = c.issue_id WHERE c.id LIKE ${`${part}%`} OR c.id LIKE ${`%${part}`} LIMIT 2`,
    (row) => ({ tables, comment: commentFromRow(row), title: text(row, "title") }),
  );
}

export function updateComment(
  { comments }: TableFamily,
  { id, text: words }: Pick<Comment, "id" | "text">,
): Query<number> {
  return execute(sql`UPDATE ${comments} SET text = ${words} WHERE id = ${id}`);
}

export function deleteComment({ comments }: TableFamily, id: string): Query<number> {
  return execute(sql`DELETE FROM ${comments} WHERE id = ${id}`);
}
