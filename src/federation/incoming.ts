import { combine, number, type Query, type Row, rows, text } from "../store/query.ts";
import { join, sql } from "../store/sql.ts";

/** A short field with its values; of a long text only that it changed. */
export interface FieldChange {
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/** What became of one issue between two commits. */
export interface IssueChange {
  readonly kind: "added" | "changed" | "removed";
  readonly id: string;
  readonly title: string;
  readonly fields: readonly FieldChange[];
  readonly labels: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly comments: number;
  /** Dependencies that came or went. */
  readonly dependencies: number;
}

const SHORT_FIELDS = ["title", "status", "priority", "issue_type", "assignee"] as const;
const LONG_FIELDS = ["description", "design", "acceptance_criteria", "notes", "metadata", "due_at"] as const;

/** All issues that differ between two commits (or `WORKING`), comments and the like included, by id. */
export function issueChanges(from: string, to: string): Query<IssueChange[]> {
  return combine(
    [
      issueRows(from, to),
      labelRows(from, to),
      childCounts(from, to, "comments"),
      childCounts(from, to, "dependencies"),
      parentTitles(from, to),
    ],
    (issues, labels, comments, dependencies, titles) => {
      const ids = new Set([...issues.keys(), ...labels.keys(), ...comments.keys(), ...dependencies.keys()]);
      return [...ids].toSorted(byText).flatMap((id) => {
        const issue = issues.get(id) ?? { kind: "changed", title: titles.get(id) ?? "", fields: [] };
        const own = labels.get(id) ?? { added: [], removed: [] };
        const [commentCount, edgeCount] = [comments.get(id) ?? 0, dependencies.get(id) ?? 0];
        const change = { id, ...issue, labels: own, comments: commentCount, dependencies: edgeCount };
        return isShown(change) ? [change] : [];
      });
    },
  );
}

/** A new time of change alone says nothing. */
function isShown({ kind, fields, labels, comments, dependencies }: IssueChange): boolean {
  if (kind !== "changed") return true;
  return fields.length + labels.added.length + labels.removed.length + comments + dependencies > 0;
}

type IssueRow = Pick<IssueChange, "kind" | "title" | "fields">;

function issueRows(from: string, to: string): Query<Map<string, IssueRow>> {
  const found = rows(
    sql`SELECT COALESCE(to_id, from_id) AS id, COALESCE(to_title, from_title) AS title, diff_type,
      from_title, to_title, from_status, to_status, from_priority, to_priority, from_issue_type, to_issue_type,
      from_assignee, to_assignee,
      NOT (from_description <=> to_description) AS description, NOT (from_design <=> to_design) AS design,
      NOT (from_acceptance_criteria <=> to_acceptance_criteria) AS acceptance_criteria,
      NOT (from_notes <=> to_notes) AS notes, NOT (from_metadata <=> to_metadata) AS metadata,
      NOT (from_due_at <=> to_due_at) AS due_at
      FROM DOLT_DIFF(${from}, ${to}, 'issues')`,
    (row) => [text(row, "id"), { kind: kindOf(row), title: text(row, "title"), fields: fieldsOf(row) }] as const,
  );
  return combine([found], (pairs) => new Map(pairs));
}

function kindOf(row: Row): IssueChange["kind"] {
  const type = text(row, "diff_type");
  return type === "added" || type === "removed" ? type : "changed";
}

function fieldsOf(row: Row): FieldChange[] {
  if (kindOf(row) !== "changed") return [];
  const short = SHORT_FIELDS.map((field) => ({
    field,
    from: text(row, `from_${field}`),
    to: text(row, `to_${field}`),
  }));
  const long = LONG_FIELDS.filter((field) => number(row, field) === 1);
  return [...short.filter(({ from, to }) => from !== to), ...long.map((field) => ({ field }))];
}

function labelRows(from: string, to: string): Query<Map<string, { added: string[]; removed: string[] }>> {
  const found = rows(
    sql`SELECT COALESCE(to_issue_id, from_issue_id) AS id, COALESCE(to_label, from_label) AS label, diff_type
      FROM DOLT_DIFF(${from}, ${to}, 'labels') ORDER BY 1, 2`,
    (row) => ({ id: text(row, "id"), label: text(row, "label"), isRemoved: text(row, "diff_type") === "removed" }),
  );
  return combine([found], (labels) => {
    const byId = new Map<string, { added: string[]; removed: string[] }>();
    for (const { id, label, isRemoved } of labels) {
      const own = byId.get(id) ?? { added: [], removed: [] };
      byId.set(id, own);
      own[isRemoved ? "removed" : "added"].push(label);
    }
    return byId;
  });
}

function childCounts(from: string, to: string, table: "comments" | "dependencies"): Query<Map<string, number>> {
  const found = rows(
    sql`SELECT COALESCE(to_issue_id, from_issue_id) AS id, COUNT(*) AS count
      FROM DOLT_DIFF(${from}, ${to}, ${table}) GROUP BY 1`,
    (row) => [text(row, "id"), number(row, "count")] as const,
  );
  return combine([found], (pairs) => new Map(pairs));
}

/** Of issues that may differ in what hangs on them alone. */
function parentTitles(from: string, to: string): Query<Map<string, string>> {
  const ids = ["labels", "comments", "dependencies"].map(
    (table) => sql`SELECT COALESCE(to_issue_id, from_issue_id) AS id FROM DOLT_DIFF(${from}, ${to}, ${table})`,
  );
  const found = rows(
    sql`SELECT i.id, i.title FROM (${join(ids, " UNION ")}) AS v JOIN issues AS OF ${to} AS i ON i.id = v.id`,
    (row) => [text(row, "id"), text(row, "title")] as const,
  );
  return combine([found], (pairs) => new Map(pairs));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
