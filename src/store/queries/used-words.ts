import { combine, type Query, rows, text } from "../query.ts";
import { identifier, list, sql } from "../sql.ts";
import { ISSUE_TABLES, WISP_TABLES } from "./tables.ts";

/** Which of the words some issue or wisp has in that column. */
export function usedWords(column: "status" | "issue_type", words: readonly string[]): Query<ReadonlySet<string>> {
  const found = [ISSUE_TABLES, WISP_TABLES].map(({ issues }) =>
    rows(
      sql`SELECT DISTINCT i.${identifier(column)} AS word FROM ${issues} i WHERE i.${identifier(column)} IN ${list(words)}`,
      (row) => text(row, "word"),
    ),
  );
  return combine(found, (...answers) => new Set(answers.flat()));
}
