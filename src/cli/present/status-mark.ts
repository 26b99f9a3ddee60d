import { statusIcon } from "../../core/issue/status.ts";
import { rests, STATUSES_ON_THE_TABLE } from "../../core/ready/rests.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import type { Format } from "../terminal.ts";
import type { ListedIssue } from "./listed-issue.ts";
import type { Segment } from "./text/segments.ts";

const FORMATS: Readonly<Record<string, Format>> = {
  in_progress: "yellow",
  blocked: "red",
  closed: "green",
  deferred: "cyan",
};

/** The status that people see: what rests is `deferred`, what could be begun but waits is `blocked`. */
export function shownStatus(issue: ListedIssue, now: Date): string {
  const { status, waits = [] } = issue;
  if (!STATUSES_ON_THE_TABLE.includes(status)) return status;
  const isResting = rests(issue, toWireTime(now));
  if (isResting && status === "deferred") return status;
  if (waits.length > 0) return "blocked";
  return isResting ? "deferred" : "open";
}

export function statusMark(shown: string): Segment {
  return [statusIcon(shown), FORMATS[shown]];
}

/** The marks that stand in a list, each with its meaning. */
export function legend(shown: readonly string[]): string {
  const meanings = new Map<string, Set<string>>();
  for (const status of shown) {
    const icon = statusIcon(status);
    meanings.set(icon, (meanings.get(icon) ?? new Set()).add(status));
  }
  return [...meanings].map(([icon, names]) => `${icon} ${[...names].join(", ")}`).join("  ");
}
