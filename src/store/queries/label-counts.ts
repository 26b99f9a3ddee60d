import { number, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";

export interface LabelCount {
  readonly label: string;
  /** How many issues have it. */
  readonly count: number;
}

/** Every label there is, in order. */
export const labelCounts: Query<LabelCount[]> = rows(
  sql`SELECT l.label, COUNT(*) AS n FROM labels l GROUP BY l.label ORDER BY l.label`,
  (row) => ({ label: text(row, "label"), count: number(row, "n") }),
);
