import { statusIcon } from "../../core/issue/status.ts";
import type { Format } from "../terminal.ts";
import type { ListedIssue } from "./listed-issue.ts";
import type { Segment } from "./text/segments.ts";

const FORMATS: Readonly<Record<string, Format>> = {
  in_progress: "yellow",
  blocked: "red",
  closed: "green",
  deferred: "cyan",
};

/** The status that people see: what is open but waits is `blocked`, what sleeps is `deferred`. */
export function shownStatus({ status, defer_until: until, waits = [] }: ListedIssue, now: Date): string {
  if (status !== "open") return status;
  if (waits.length > 0) return "blocked";
  return until !== undefined && Date.parse(until) > now.getTime() ? "deferred" : status;
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
