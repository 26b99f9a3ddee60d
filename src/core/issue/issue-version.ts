import { createHash } from "node:crypto";
import { withAllDigits, withSortedKeys } from "../json/go-json.ts";
import { ISSUE_FIELDS, type Issue } from "./issue.ts";

/**
 * Names what an issue says: two texts are equal where all fields and labels are. Times are no measure, because two changes
 * may be of one second. What hangs on it (comments, dependencies) has no part in it.
 */
export function issueVersion(issue: Issue): string {
  const { labels = [] } = issue;
  const values = ISSUE_FIELDS.map(({ name }) => issue[name] ?? null);
  return createHash("sha256")
    .update(withAllDigits(withSortedKeys([...values, labels.toSorted()])))
    .digest("base64url")
    .slice(0, 22);
}
