import { combine, number, type Query, rows, text } from "../query.ts";
import { join, raw, type Sql, sql } from "../sql.ts";

/** The columns that tell issues apart, and the events of their creations. */
export const creationRows: Query<{ readonly issues: CellRow[]; readonly events: CellRow[] }> = combine(
  [
    rows(sql`SELECT id, title, created_by, created_at, updated_at FROM issues ORDER BY id`, (row) => row),
    rows(
      sql`SELECT id, issue_id, event_type, actor, created_at FROM events WHERE event_type = 'created' ORDER BY created_at, id`,
      (row) => row,
    ),
  ],
  (issues, events) => ({ issues, events }),
);

type CellRow = Readonly<Record<string, unknown>>;

/** Rows of one table that name an issue that is not there. */
export interface DanglingRows {
  readonly table: string;
  /** The issue that is missing. */
  readonly missing: string;
  /** Of dependencies, the issue that waits for it. */
  readonly from: string;
  readonly count: number;
}

const OWNED = ["labels", "comments", "events", "dependencies"];

/** By table and id. The other end of a dependency may also be a wisp, or something outside. */
export const danglingRows: Query<DanglingRows[]> = rows(
  sql`${join(
    OWNED.map(
      (table): Sql => sql`SELECT ${table} AS t, x.issue_id AS missing, '' AS source, COUNT(*) AS n
        FROM ${raw(table)} x LEFT JOIN issues i ON i.id = x.issue_id WHERE i.id IS NULL GROUP BY x.issue_id`,
    ),
    " UNION ALL ",
  )} UNION ALL
    SELECT 'dependencies', d.depends_on_id, d.issue_id, 1 FROM dependencies d
      LEFT JOIN issues i ON i.id = d.depends_on_id LEFT JOIN wisps w ON w.id = d.depends_on_id
      WHERE i.id IS NULL AND w.id IS NULL AND d.depends_on_id NOT LIKE 'external:%'
    ORDER BY 1, 2, 3`,
  (row) => ({
    table: text(row, "t"),
    missing: text(row, "missing"),
    from: text(row, "source"),
    count: number(row, "n"),
  }),
);

export const childCounters: Query<ReadonlyMap<string, number>> = combine(
  [
    rows(
      sql`SELECT parent_id, last_child FROM child_counters ORDER BY parent_id`,
      (row) => [text(row, "parent_id"), number(row, "last_child")] as const,
    ),
  ],
  (found) => new Map(found),
);

/** Whether somebody began a merge and did not end it. */
export const isMerging: Query<boolean> = combine(
  [rows(sql`SELECT is_merging FROM dolt_merge_status`, (row) => number(row, "is_merging") === 1)],
  (found) => found.includes(true),
);

/** Tables with rows that break a rule of the database, each with their number. */
export const violatedTables: Query<{ readonly table: string; readonly count: number }[]> = rows(
  sql`SELECT \`table\` AS t, num_violations AS n FROM dolt_constraint_violations ORDER BY 1`,
  (row) => ({ table: text(row, "t"), count: number(row, "n") }),
);
