import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import type { StoredBirth } from "../../core/jsonl/match-lines.ts";
import { commentName, edgeName } from "../../core/jsonl-sync/take-in.ts";
import type { DeletedIssue } from "../../core/jsonl-sync/tombstone.ts";
import { fromWireTime, toWireTime } from "../../core/time/wire-time.ts";
import { combine, number, type Query, type Row, rows, text } from "../query.ts";
import { join, list, sql } from "../sql.ts";

/** An issue that is not there under that id any more. */
export interface GoneIssue extends DeletedIssue {
  /** It was not deleted, but got this one. */
  readonly movedTo?: string;
}

/** Of the ids that no issue has now those that our history had, as they were last, with who deleted them and why. */
export function goneIssues(ids: readonly string[]): Query<Map<string, GoneIssue>> {
  if (ids.length === 0) return combine([], () => new Map());
  const removals = sql`FROM dolt_diff_issues WHERE diff_type = 'removed' AND to_commit <> 'WORKING' AND from_id IN ${list(ids)}`;
  return combine(
    [
      rows(
        sql`SELECT from_id, from_title, from_priority, from_issue_type, from_created_at, from_created_by, to_commit ${removals}
          ORDER BY to_commit_date`,
        (row) => row,
      ),
      rows(
        sql`SELECT commit_hash, committer, date, message FROM dolt_log WHERE commit_hash IN (SELECT to_commit ${removals})`,
        (row) => [text(row, "commit_hash"), row] as const,
      ),
      rows(
        sql`SELECT to_id, to_commit, to_created_at, to_created_by FROM dolt_diff_issues
          WHERE diff_type = 'added' AND to_commit IN (SELECT to_commit ${removals})`,
        (row) => [moveKey(row, "to"), text(row, "to_id")] as const,
      ),
      rows(sql`SELECT id FROM issues WHERE id IN ${list(ids)}`, (row) => text(row, "id")),
    ],
    (removed, log, added, living) => {
      const moves = new Map(added);
      const commits = new Map(log);
      const gone = removed.filter((row) => !living.includes(text(row, "from_id")));
      return new Map(
        gone.map((row) => {
          const { committer, date, message } = commits.get(text(row, "to_commit")) ?? {};
          const movedTo = moves.get(moveKey(row, "from"));
          const deleted: GoneIssue = {
            id: text(row, "from_id"),
            title: text(row, "from_title"),
            priority: number(row, "from_priority"),
            issue_type: text(row, "from_issue_type"),
            created_at: toWireTime(text(row, "from_created_at")),
            created_by: text(row, "from_created_by"),
            deleted_at: toWireTime(String(date ?? row["from_created_at"])),
            deleted_by: String(committer ?? ""),
            delete_reason: reasonIn(String(message ?? "")),
            ...(movedTo === undefined ? {} : { movedTo }),
          };
          return [deleted.id, deleted] as const;
        }),
      );
    },
  );
}

/** In one commit an issue goes under one id and comes under another. */
function moveKey(row: Row, side: "from" | "to"): string {
  return JSON.stringify([row["to_commit"], row[`${side}_created_at`], row[`${side}_created_by`]].map(String));
}

/** What `bd delete --reason` left in the message of its commit. */
function reasonIn(message: string): string {
  return /^bd: delete [^:\n]*: (.+)/.exec(message)?.[1] ?? "";
}

/** The issues that the same people made in the same seconds, whatever their ids. */
export function bornAs(births: readonly StoredBirth[]): Query<StoredBirth[]> {
  if (births.length === 0) return combine([], () => []);
  const named = join(
    births.map(({ created_by: by, created_at: at }) => sql`(${by}, ${fromWireTime(at)})`),
    ", ",
  );
  return rows(
    sql`SELECT id, created_by, created_at FROM issues WHERE (created_by, created_at) IN (${named})`,
    (row) => ({
      id: text(row, "id"),
      created_by: text(row, "created_by"),
      created_at: toWireTime(text(row, "created_at")),
    }),
  );
}

/** When issues were last brought back from the history: wire times, by id. */
export function restoredAt(ids: readonly string[]): Query<Map<string, string>> {
  if (ids.length === 0) return combine([], () => new Map());
  const found = rows(
    sql`SELECT issue_id, MAX(created_at) AS at FROM events WHERE event_type = 'updated'
      AND comment LIKE 'Restored as it was in commit %' AND issue_id IN ${list(ids)} GROUP BY issue_id`,
    (row) => [text(row, "issue_id"), toWireTime(text(row, "at"))] as const,
  );
  return combine([found], (times) => new Map(times));
}

/** `partNames` of those comments and dependencies that were taken away here at some time. */
export function deletedParts({
  comments,
  dependencies,
}: Pick<StoredIssue, "comments" | "dependencies">): Query<Set<string>> {
  const removed = sql`diff_type = 'removed' AND to_commit <> 'WORKING'`;
  const [ids, issues] = [comments.map(({ id }) => id), dependencies.map(({ issue_id: id }) => id)];
  return combine(
    [
      ...(ids.length === 0
        ? []
        : [
            rows(
              sql`SELECT DISTINCT from_id FROM dolt_diff_comments WHERE ${removed} AND from_id IN ${list(ids)}`,
              (row) => commentName({ id: text(row, "from_id") }),
            ),
          ]),
      ...(issues.length === 0
        ? []
        : [
            rows(
              sql`SELECT DISTINCT from_issue_id, from_depends_on_id FROM dolt_diff_dependencies
                WHERE ${removed} AND from_issue_id IN ${list(issues)}`,
              (row) =>
                edgeName({ issue_id: text(row, "from_issue_id"), depends_on_id: text(row, "from_depends_on_id") }),
            ),
          ]),
    ],
    (...names) => new Set(names.flat()),
  );
}
