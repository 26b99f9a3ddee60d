/**
 * The issue as data. Field names are those of the wire (JSON, JSONL) and of the schema, which agree, so there is no
 * renaming anywhere: this table is the one place that says which fields there are, in which order they are written,
 * how they are stored, and when they are left out.
 */
export interface Issue {
  id: string;
  title: string;
  description?: string;
  design?: string;
  acceptance_criteria?: string;
  notes?: string;
  spec_id?: string;
  status: string;
  priority: number;
  issue_type: string;
  assignee?: string;
  owner?: string;
  estimated_minutes?: number;
  created_at: string;
  created_by?: string;
  updated_at: string;
  started_at?: string;
  closed_at?: string;
  close_reason?: string;
  closed_by_session?: string;
  due_at?: string;
  defer_until?: string;
  external_ref?: string;
  source_system?: string;
  /** An object, but for rows of other programs. */
  metadata?: unknown;
  compaction_level?: number;
  compacted_at?: string;
  compacted_at_commit?: string;
  original_size?: number;
  labels?: string[];
  dependencies?: Dependency[];
  comments?: Comment[];
  sender?: string;
  ephemeral?: boolean;
  no_history?: boolean;
  wisp_type?: string;
  pinned?: boolean;
  is_template?: boolean;
  await_type?: string;
  await_id?: string;
  /** Nanoseconds; a bigint where a number would be rounded. */
  timeout?: number | bigint;
  waiters?: string[];
  mol_type?: string;
  work_type?: string;
  event_kind?: string;
  actor?: string;
  target?: string;
  payload?: string;
}

/** An edge: `issue_id` depends on `depends_on_id`. `metadata` is a string that holds JSON, as the peer writes it. */
export interface Dependency {
  issue_id: string;
  depends_on_id: string;
  type: string;
  created_at: string;
  created_by?: string;
  metadata?: string;
  thread_id?: string;
}

export interface Comment {
  id: string;
  issue_id: string;
  author: string;
  text: string;
  created_at: string;
}

/** What lists show: counts are of `blocks` edges only, as the peer counts. */
export interface IssueWithCounts extends Issue {
  dependency_count: number;
  dependent_count: number;
  comment_count: number;
  parent?: string;
}

/** An issue at the other end of an edge, and the edge's type. */
export interface LinkedIssue extends Issue {
  dependency_type: string;
}

/** How a field is stored, which decides how it is read, written and left out. */
export type FieldKind =
  | "key" // VARCHAR, always written
  | "text" // '' is "not set"
  | "nullable-text" // NULL is "not set"
  | "count" // 0 is "not set"
  | "number" // always written
  | "nullable-number" // NULL is "not set"
  | "flag" // TINYINT(1), false is left out
  | "time" // DATETIME NOT NULL
  | "nullable-time"
  | "object" // JSON column, {} is left out
  | "list"; // JSON list in a TEXT column, [] is left out

export interface IssueField {
  readonly name: keyof Issue;
  readonly column: string;
  readonly kind: FieldKind;
  /** The column's default where it isn't the kind's own empty value: stored when not set, left out when read. */
  readonly unset?: string;
}

function field(name: keyof Issue, kind: FieldKind, column: string = name): IssueField {
  return { name, column, kind };
}

/** Fields in wire order up to where labels, dependencies and comments are embedded. */
const LEADING_FIELDS: readonly IssueField[] = [
  field("id", "key"),
  field("title", "key"),
  field("description", "text"),
  field("design", "text"),
  field("acceptance_criteria", "text"),
  field("notes", "text"),
  field("spec_id", "nullable-text"),
  field("status", "key"),
  field("priority", "number"),
  field("issue_type", "key"),
  field("assignee", "nullable-text"),
  field("owner", "text"),
  field("estimated_minutes", "nullable-number"),
  field("created_at", "time"),
  field("created_by", "text"),
  field("updated_at", "time"),
  field("started_at", "nullable-time"),
  field("closed_at", "nullable-time"),
  field("close_reason", "text"),
  field("closed_by_session", "text"),
  field("due_at", "nullable-time"),
  field("defer_until", "nullable-time"),
  field("external_ref", "nullable-text"),
  field("source_system", "text"),
  field("metadata", "object"),
  field("compaction_level", "count"),
  field("compacted_at", "nullable-time"),
  field("compacted_at_commit", "nullable-text"),
  field("original_size", "nullable-number"),
];

/** Fields in wire order after labels, dependencies and comments. */
const TRAILING_FIELDS: readonly IssueField[] = [
  field("sender", "text"),
  field("ephemeral", "flag"),
  field("no_history", "flag"),
  field("wisp_type", "text"),
  field("pinned", "flag"),
  field("is_template", "flag"),
  field("await_type", "text"),
  field("await_id", "text"),
  field("timeout", "count", "timeout_ns"),
  field("waiters", "list"),
  field("mol_type", "text"),
  { name: "work_type", column: "work_type", kind: "text", unset: "mutex" },
  field("event_kind", "text"),
  field("actor", "text"),
  field("target", "text"),
  field("payload", "text"),
];

export const ISSUE_FIELDS: readonly IssueField[] = [...LEADING_FIELDS, ...TRAILING_FIELDS];

/** What is embedded in an issue on the wire. */
export interface IssueParts {
  readonly labels?: readonly string[] | undefined;
  readonly dependencies?: readonly Dependency[] | undefined;
  readonly comments?: readonly Comment[] | undefined;
}

/**
 * The issue with its parts at their place in the wire order; empty parts are left out. What else it has (counts, parent,
 * …) follows its own fields. A new object.
 */
export function withParts<T extends Issue>(issue: T, parts: IssueParts): T {
  const ordered: Record<string, unknown> = {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- copying its entries instead takes lists a third longer
  const values = issue as unknown as Readonly<Record<string, unknown>>;
  for (const { name } of LEADING_FIELDS) if (values[name] !== undefined) ordered[name] = values[name];
  if (parts.labels?.length) ordered["labels"] = parts.labels;
  if (parts.dependencies?.length) ordered["dependencies"] = parts.dependencies;
  if (parts.comments?.length) ordered["comments"] = parts.comments;
  for (const { name } of TRAILING_FIELDS) if (values[name] !== undefined) ordered[name] = values[name];
  for (const name of Object.keys(issue)) if (!ISSUE_NAMES.has(name)) ordered[name] = values[name];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields in another order
  return ordered as unknown as T;
}

/** The fields of an issue on the wire, its parts at their place. */
export const WIRE_ORDER: readonly string[] = [
  ...LEADING_FIELDS.map(({ name }) => name),
  "labels",
  "dependencies",
  "comments",
  ...TRAILING_FIELDS.map(({ name }) => name),
];

/** What an issue on the wire has a word for. */
export const ISSUE_NAMES: ReadonlySet<string> = new Set(WIRE_ORDER);
