import { firstRow, type Query, query } from "../query.ts";
import { type Sql, sql } from "../sql.ts";

/*
 * A change of tables that Dolt ignores leaves no commit that could carry its operation's id. So its transaction also
 * writes a mark, a row of `local_metadata`, which Dolt ignores too: both land or neither does. Whoever got the answer takes
 * the mark away again; what lost answers leave behind goes after a day, by the server's clock.
 */

const MARK = "bd.operation.";

/** Rides in front of the first statement of a transaction that changes an ignored table. */
export function setMark(operationId: string): readonly Sql[] {
  return [
    sql`INSERT INTO local_metadata (\`key\`, value) VALUES (${MARK + operationId}, CAST(UTC_TIMESTAMP() AS CHAR))`,
    sql`DELETE FROM local_metadata WHERE \`key\` LIKE ${`${MARK}%`}
      AND value < CAST(UTC_TIMESTAMP() - INTERVAL 1 DAY AS CHAR)`,
  ];
}

export function removeMark(operationId: string): Query<void> {
  return query(sql`DELETE FROM local_metadata WHERE \`key\` = ${MARK + operationId}`, () => {});
}

export function hasMark(operationId: string): Query<boolean> {
  const found = firstRow(sql`SELECT 1 FROM local_metadata WHERE \`key\` = ${MARK + operationId}`, () => true);
  return { ...found, decode: (results) => found.decode(results) ?? false };
}

/** The tables that Dolt ignores and that hold people's data: `wisps`, `wisp_…`. Statements are made by our own builder. */
const WRITES_IGNORED = /^\s*(?:insert|replace|update|delete)\s+(?:ignore\s+)?(?:into\s+|from\s+)?`?wisp(?:s|_\w+)\b/i;

export function writesIgnoredTable({ text }: Sql): boolean {
  return WRITES_IGNORED.test(text);
}
