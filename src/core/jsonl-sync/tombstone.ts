import { stringifyCompact } from "../json/go-json.ts";

/** An issue that the tracker had, and who deleted it. Times are wire times. */
export interface DeletedIssue {
  readonly id: string;
  readonly title: string;
  readonly priority: number;
  readonly issue_type: string;
  readonly created_at: string;
  readonly created_by: string;
  readonly deleted_at: string;
  readonly deleted_by: string;
  readonly delete_reason: string;
}

/** The line that keeps an issue deleted wherever the file goes. */
export function tombstoneText(issue: DeletedIssue): string {
  const { id, title, priority, issue_type: type, created_at: created, created_by: creator } = issue;
  return stringifyCompact({
    _type: "issue",
    id,
    title,
    status: "tombstone",
    priority,
    issue_type: type,
    created_at: created,
    ...(creator === "" ? {} : { created_by: creator }),
    updated_at: issue.deleted_at,
    deleted_at: issue.deleted_at,
    deleted_by: issue.deleted_by,
    ...(issue.delete_reason === "" ? {} : { delete_reason: issue.delete_reason }),
    original_type: type,
  });
}
