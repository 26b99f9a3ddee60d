/**
 * Which columns hold ids of issues. A merge follows the issue, not its id: an issue that has to move takes along every
 * row that names it in one of these.
 */
export const ISSUE_ID_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  issues: ["id", "hook_bead", "role_bead"],
  labels: ["issue_id"],
  dependencies: ["issue_id", "depends_on_id", "thread_id"],
  comments: ["issue_id"],
  events: ["issue_id"],
  child_counters: ["parent_id"],
  interactions: ["issue_id"],
  issue_snapshots: ["issue_id"],
  compaction_snapshots: ["issue_id"],
};

/** Of these, the columns whose issue takes the row along when it goes. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  issues: ["id"],
  labels: ["issue_id"],
  dependencies: ["issue_id", "depends_on_id"],
  comments: ["issue_id"],
  events: ["issue_id"],
  issue_snapshots: ["issue_id"],
  compaction_snapshots: ["issue_id"],
};

/** Tables of which some rows belong to issues, or name them; issues first, because the others need them. */
export const ISSUE_TABLES: readonly string[] = Object.keys(ISSUE_ID_COLUMNS);

export function issueIdColumns(table: string): readonly string[] {
  return ISSUE_ID_COLUMNS[table] ?? [];
}

export function ownerColumns(table: string): readonly string[] {
  return OWNERS[table] ?? [];
}
