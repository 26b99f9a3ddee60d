import type { Issue } from "../../core/issue/issue.ts";

/** What a list tells of an issue, beside its own fields. */
export interface ListedIssue extends Omit<Issue, "dependencies" | "comments"> {
  /** What it waits for: ids. */
  readonly waits?: readonly string[] | undefined;
  /** What it belongs to, where a list does not draw it: an id or a title. */
  readonly within?: string | undefined;
  /** For how long it has not been changed, in words, in a list of what lies still. */
  readonly still?: string;
}
