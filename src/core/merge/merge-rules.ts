/** How a cell is settled that both sides changed to different values. Anything else needs no rule. */
export type MergeRule =
  | "key"
  | "later"
  | "text"
  | "max"
  | "min"
  | "keys"
  | "closing"
  | "compaction"
  | "setting"
  | "identity";

/** The rules in words, as `docs/merge-rules.md` shows them; a test compares. */
export const RULE_MEANINGS: Readonly<Record<MergeRule, string>> = {
  key: "Names the row, so it never differs.",
  later: "The later commit date of that cell; on the same date the larger value.",
  text: "As `later`. A losing text longer than a line becomes a comment by `bd`.",
  max: "The larger value.",
  min: "The smaller value.",
  keys: "Key by key: only one side changed the key, its value; both did, as `later`; a removal stands.",
  closing:
    "All four from one side: closed beats open, unless the issue was reopened after that closing; else as `later`.",
  compaction: "All four from one side: the higher `compaction_level`; else as `later`.",
  setting: "`status.custom`, `types.custom`, `types.infra` and `allowed_prefixes` unite as `keys`; else as `later`.",
  identity: "`_project_id` must be the same on both sides, or nothing is merged; else as `later`.",
};

type TableRules = Readonly<Partial<Record<MergeRule, readonly string[]>>>;

/**
 * Table, rule, columns. Every table of the schema that has a history is here; a column or a table that a newer program
 * added follows `later`.
 */
export const MERGE_RULES: Readonly<Record<string, TableRules>> = {
  issues: {
    key: ["id"],
    text: ["title", "description", "design", "acceptance_criteria", "notes"],
    closing: ["status", "closed_at", "close_reason", "closed_by_session"],
    compaction: ["compaction_level", "compacted_at", "compacted_at_commit", "original_size"],
    keys: ["metadata"],
    max: ["updated_at"],
    min: ["created_at"],
    later: [
      "actor",
      "agent_state",
      "assignee",
      "await_id",
      "await_type",
      "content_hash",
      "created_by",
      "defer_until",
      "due_at",
      "ephemeral",
      "estimated_minutes",
      "event_kind",
      "external_ref",
      "hook_bead",
      "issue_type",
      "last_activity",
      "mol_type",
      "no_history",
      "owner",
      "payload",
      "pinned",
      "priority",
      "is_template",
      "rig",
      "role_bead",
      "role_type",
      "sender",
      "source_repo",
      "source_system",
      "spec_id",
      "started_at",
      "target",
      "timeout_ns",
      "waiters",
      "wisp_type",
      "work_type",
    ],
  },
  dependencies: {
    key: ["issue_id", "depends_on_id"],
    keys: ["metadata"],
    later: ["type", "created_at", "created_by", "thread_id"],
  },
  labels: { key: ["issue_id", "label"] },
  comments: { key: ["id"], text: ["text"], later: ["issue_id", "author", "created_at"] },
  events: {
    key: ["id"],
    later: ["issue_id", "event_type", "actor", "old_value", "new_value", "comment", "created_at"],
  },
  child_counters: { key: ["parent_id"], max: ["last_child"] },
  issue_counter: { key: ["prefix"], max: ["last_id"] },
  config: { key: ["key"], setting: ["value"] },
  metadata: { key: ["key"], identity: ["value"] },
  custom_statuses: { key: ["name"], later: ["category"] },
  custom_types: { key: ["name"] },
  schema_migrations: { key: ["version"] },
  routes: { key: ["prefix"], max: ["updated_at"], later: ["path", "created_at"] },
  federation_peers: {
    key: ["name"],
    max: ["last_sync", "updated_at"],
    later: ["remote_url", "username", "password_encrypted", "sovereignty", "created_at"],
  },
  interactions: {
    key: ["id"],
    keys: ["extra"],
    later: [
      "kind",
      "created_at",
      "actor",
      "issue_id",
      "model",
      "prompt",
      "response",
      "error",
      "tool_name",
      "exit_code",
      "parent_id",
      "label",
      "reason",
    ],
  },
  issue_snapshots: {
    key: ["id"],
    later: [
      "issue_id",
      "snapshot_time",
      "compaction_level",
      "original_size",
      "compressed_size",
      "original_content",
      "archived_events",
    ],
  },
  compaction_snapshots: { key: ["id"], later: ["issue_id", "compaction_level", "snapshot_json", "created_at"] },
};

const RULE_BY_CELL: ReadonlyMap<string, MergeRule> = new Map(
  Object.entries(MERGE_RULES).flatMap(([table, rules]) =>
    ruleEntries(rules).flatMap(([rule, columns]) => columns.map((column) => [`${table}.${column}`, rule] as const)),
  ),
);

export function ruleOf(table: string, column: string): MergeRule {
  return RULE_BY_CELL.get(`${table}.${column}`) ?? "later";
}

/** The rules of a table in the order of the list above, with their columns. */
export function ruleEntries(rules: TableRules): [MergeRule, readonly string[]][] {
  const names = Object.keys(RULE_MEANINGS).filter((name): name is MergeRule => name in rules);
  return names.map((name) => [name, rules[name] ?? []]);
}
