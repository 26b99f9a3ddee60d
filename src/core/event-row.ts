import type { Issue } from "./issue/issue.ts";
import { withAllDigits } from "./json/go-json.ts";

/** What the table `events` records, with the peer's words. Edges and comments leave no event, as with the peer. */
export type EventType =
  | "created"
  | "updated"
  | "status_changed"
  | "closed"
  | "reopened"
  | "claimed"
  | "label_added"
  | "label_removed"
  | "commented"
  | "renamed";

export interface IssueEvent {
  readonly issue_id: string;
  readonly event_type: EventType;
  readonly old_value?: string | undefined;
  readonly new_value?: string | undefined;
  readonly comment?: string | undefined;
}

/** What the event `created` of an import says, so that nobody takes it for the event of the making itself. */
export const IMPORTED = "imported";

/** The column's size in bytes. */
const MAX_VALUE_BYTES = 65_535;

const LONG_FIELDS = ["description", "design", "acceptance_criteria", "notes", "close_reason", "payload"] as const;

/**
 * An issue as an event remembers it. Together its long texts may exceed what the column holds; those are then left
 * out, because Dolt's history has them anyway.
 */
export function eventValue(value: Readonly<Record<string, unknown>> | Issue): string {
  const text = withAllDigits(value);
  if (Buffer.byteLength(text) <= MAX_VALUE_BYTES) return text;
  const shortened: Record<string, unknown> = { ...value };
  for (const name of LONG_FIELDS) delete shortened[name];
  return withAllDigits(shortened);
}
