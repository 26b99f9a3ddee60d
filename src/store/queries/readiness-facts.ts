import { gateFromMetadata } from "../../core/dependency-type.ts";
import type { IssueFilter } from "../../core/issue-filter.ts";
import { type ReadinessEdge, type ReadinessFacts, readinessFacts } from "../../core/readiness.ts";
import type { ReadyOrderKey } from "../../core/ready-order.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { combine, number, type Query, type Row, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import { filterConditions, prepared } from "./issue-filter.ts";
import { type ProjectConfig, projectConfig } from "./project-config.ts";
import { ISSUE_TABLES } from "./tables.ts";

/** All that decides about ready and blocked, of the whole database. */
export interface LoadedReadiness {
  readonly config: ProjectConfig;
  /** For `evaluateReadiness` and `freedByClosing`. */
  readonly facts: ReadinessFacts;
}

/**
 * Loads everything that readiness depends on; `now` is a wire time. It reads whole tables, each once and without a
 * join: what a status means and which edges count is decided in `core`, which is faster than asking Dolt for it.
 */
export function loadReadiness(now: string): Query<LoadedReadiness> {
  return combine([projectConfig, statusesOfIssues, edgesThatHold, edgesThatWait], (config, issues, edges, waits) => ({
    config,
    facts: readinessFacts(issues, [...edges, ...waits], { now, customStatuses: config.customStatuses }),
  }));
}

const statusesOfIssues = rows(sql`SELECT i.id, i.status, i.defer_until FROM issues i`, (row) => ({
  id: text(row, "id"),
  status: text(row, "status"),
  defer_until: row["defer_until"] === null ? undefined : toWireTime(text(row, "defer_until")),
}));

const edgesThatHold = rows(
  sql`SELECT d.issue_id, d.depends_on_id, d.type FROM dependencies d
    WHERE d.type IN ('blocks', 'conditional-blocks', 'parent-child')`,
  edgeFromRow,
);

/**
 * Apart from the others, because reading the metadata, where the gate stands, makes the scan five times slower. The
 * empty word keeps Dolt off an index that makes it ten times slower.
 */
const edgesThatWait = rows(
  sql`SELECT d.issue_id, d.depends_on_id, d.type, d.metadata FROM dependencies d WHERE d.type IN ('waits-for', '')`,
  (row): ReadinessEdge => ({ ...edgeFromRow(row), gate: gateFromMetadata(text(row, "metadata")) }),
);

function edgeFromRow(row: Row): ReadinessEdge {
  return { issue_id: text(row, "issue_id"), depends_on_id: text(row, "depends_on_id"), type: text(row, "type") };
}

/** What `ready` orders by, of the issues that a filter finds; in no order. */
export function readyOrderKeys(filter: IssueFilter): Query<ReadyOrderKey[]> {
  const keys = rows(
    sql`SELECT i.id, i.priority, i.created_at FROM issues i WHERE ${filterConditions(filter, ISSUE_TABLES)}`,
    (row) => ({
      id: text(row, "id"),
      priority: number(row, "priority"),
      created_at: toWireTime(text(row, "created_at")),
    }),
  );
  return prepared(filter, keys);
}
