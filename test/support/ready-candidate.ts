import { TYPES_NEVER_READY } from "../../src/core/issue/issue-type.ts";
import { rests, STATUSES_ON_THE_TABLE } from "../../src/core/ready/rests.ts";

/** The columns that decide about an issue by itself. */
interface ReadyCandidate {
  readonly status: string;
  readonly issue_type: string;
  readonly pinned?: boolean | undefined;
  readonly ephemeral?: boolean | undefined;
  /** Wire time. */
  readonly defer_until?: string | undefined;
}

/**
 * What `readyCandidates` says as a filter, said once more of one issue, to hold the filter and its SQL against. `type` (of
 * `--type`) replaces the list of types that are never ready.
 */
export function isReadyCandidate(
  issue: ReadyCandidate,
  now: string,
  options: { readonly includeDeferred?: boolean; readonly type?: string | undefined } = {},
): boolean {
  if (!STATUSES_ON_THE_TABLE.includes(issue.status)) return false;
  if (issue.pinned === true || issue.ephemeral === true) return false;
  const wantedType =
    options.type === undefined ? !TYPES_NEVER_READY.includes(issue.issue_type) : issue.issue_type === options.type;
  return wantedType && (options.includeDeferred === true || !rests(issue, now));
}
