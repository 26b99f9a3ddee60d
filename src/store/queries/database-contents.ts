import { number, type Query, query, rows, text } from "../query.ts";
import { raw, sql } from "../sql.ts";

/** How many issues there are, wisps left out. */
export const issueCount: Query<number> = query(sql`SELECT COUNT(*) AS n FROM issues`, ({ rows: [row = {}] }) =>
  number(row, "n"),
);

export const sampleIssueIds: Query<string[]> = rows(sql`SELECT id FROM issues ORDER BY id LIMIT 3`, (row) =>
  text(row, "id"),
);

/** Tables and views but Dolt's own, by name. */
export const tableNames: Query<string[]> = query(raw("SHOW TABLES"), (result) =>
  result.rows
    .map((row) => String(Object.values(row)[0]))
    .filter((name) => !name.startsWith("dolt_"))
    .toSorted((a, b) => (a < b ? -1 : 1)),
);
