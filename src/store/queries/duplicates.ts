import { combine, number, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";

/** An unfinished issue that says the same as another one. */
export interface Twin {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly priority: number;
  /** How many dependencies begin or end at it. */
  readonly references: number;
}

/** Groups of issues with equal texts and status, byte for byte, each in the order of their ids. */
export const duplicateGroups: Query<Twin[][]> = combine([twins(), references()], (found, counts) => {
  const groups = new Map<string, Twin[]>();
  for (const { content, ...twin } of found) {
    const group = groups.get(content) ?? [];
    groups.set(content, [...group, { ...twin, references: counts.get(twin.id) ?? 0 }]);
  }
  return [...groups.values()].toSorted(([a], [b]) => ((a?.id ?? "") < (b?.id ?? "") ? -1 : 1));
});

function twins() {
  const content = sql`SHA2(CONCAT_WS(CHAR(0), status, title, description, design, acceptance_criteria), 256)`;
  return rows(
    sql`SELECT id, title, status, priority, ${content} AS content FROM issues
      WHERE status <> 'closed' AND ${content} IN (
        SELECT ${content} AS content FROM issues WHERE status <> 'closed' GROUP BY content HAVING COUNT(*) > 1
      ) ORDER BY id`,
    (row) => ({
      id: text(row, "id"),
      title: text(row, "title"),
      status: text(row, "status"),
      priority: number(row, "priority"),
      content: text(row, "content"),
    }),
  );
}

function references(): Query<ReadonlyMap<string, number>> {
  const ends = rows(
    sql`SELECT id, COUNT(*) AS n FROM (
        SELECT issue_id AS id FROM dependencies UNION ALL SELECT depends_on_id FROM dependencies
      ) ends GROUP BY id`,
    (row) => [text(row, "id"), number(row, "n")] as const,
  );
  return combine([ends], (counts) => new Map(counts));
}
