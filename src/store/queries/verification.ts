import type { EarlyDependency } from "../../core/verify/dependencies.ts";
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

/** Issues that are children of several, with all of their parents. */
export const parentRows: Query<{ readonly child: string; readonly parent: string }[]> = rows(
  sql`SELECT d.issue_id, d.depends_on_id FROM dependencies d
    JOIN (SELECT issue_id FROM dependencies WHERE type = 'parent-child' GROUP BY issue_id HAVING COUNT(*) > 1) p
      ON p.issue_id = d.issue_id
    WHERE d.type = 'parent-child' ORDER BY 1, 2`,
  (row) => ({ child: text(row, "issue_id"), parent: text(row, "depends_on_id") }),
);

/** Dependencies that are older than the issue that they point to. */
export const earlyDependencies: Query<EarlyDependency[]> = rows(
  sql`SELECT d.issue_id, d.depends_on_id, d.created_at AS since, i.title, i.created_by, i.created_at
    FROM dependencies d JOIN issues i ON i.id = d.depends_on_id WHERE d.created_at < i.created_at ORDER BY 1, 2`,
  (row) => ({
    from: text(row, "issue_id"),
    since: text(row, "since").slice(0, 19),
    target: {
      id: text(row, "depends_on_id"),
      title: text(row, "title"),
      createdBy: text(row, "created_by"),
      createdAt: text(row, "created_at").slice(0, 19),
    },
  }),
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
