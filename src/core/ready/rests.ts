/** What decides; the time is a wire time. */
export interface Rest {
  readonly status: string;
  readonly defer_until?: string | undefined;
}

/**
 * Whether an issue is put off: until a time that lies ahead, or, with the status `deferred` and no time, until somebody
 * takes it up. One whose time has come is as good as open, whatever its status says; nobody has to wake it.
 * `now` is a wire time, which sorts as text.
 */
export function rests({ status, defer_until: until }: Rest, now: string): boolean {
  return until === undefined ? status === "deferred" : until > now;
}

/** Whether somebody may begin with an issue, as far as its status and its time decide. */
export function isOnTheTable(issue: Rest, now: string): boolean {
  return STATUSES_ON_THE_TABLE.includes(issue.status) && !rests(issue, now);
}

/** What the status of work may be that can be begun; `rests` decides about the second. */
export const STATUSES_ON_THE_TABLE: readonly string[] = ["open", "deferred"];
