import { type Issue, type IssueParts, withParts } from "../issue/issue.ts";
import { stringifyCompact } from "../json/go-json.ts";

/** The counts at the end of a line; of `blocks` edges only, as the peer counts. */
export interface LineCounts {
  readonly dependency_count: number;
  readonly dependent_count: number;
  readonly comment_count: number;
}

/** An issue as one line of JSONL, without the newline: byte for byte as the peer writes it. */
export function issueLine(issue: Issue, parts: IssueParts, counts: LineCounts): string {
  return stringifyCompact({ _type: "issue", ...withParts({ ...issue, ...counts }, parts) });
}

/** A remembered text as one line of JSONL. */
export function memoryLine(key: string, value: string): string {
  return stringifyCompact({ _type: "memory", key, value });
}
