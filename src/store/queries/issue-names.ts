import { type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";

/** What a list of choices says of an issue. */
export interface IssueName {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

/** Issues whose ids begin so: what is not closed first, the urgent first, then what was changed last. */
export function issueNames(prefix: string, limit: number): Query<IssueName[]> {
  return rows(
    sql`SELECT i.id, i.title, i.status FROM issues i WHERE LEFT(i.id, CHAR_LENGTH(${prefix})) = ${prefix}
      ORDER BY i.status = 'closed', i.priority, i.updated_at DESC, i.id LIMIT ${limit}`,
    (row) => ({ id: text(row, "id"), title: text(row, "title"), status: text(row, "status") }),
  );
}
