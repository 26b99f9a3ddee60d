import type { Issue, IssueWithCounts } from "../../core/issue.ts";
import { statusIcon } from "../../core/status.ts";
import type { View } from "../command.ts";
import type { Format, Style } from "../terminal.ts";

const LEGEND = "Status: ○ open  ◐ in_progress  ● blocked  ✓ closed  ❄ deferred";

const PRIORITY_FORMATS: readonly Format[] = [["bold", "red"], "red", "yellow", "dim", "dim"];
const STATUS_FORMATS: Readonly<Record<string, Format>> = {
  in_progress: "yellow",
  blocked: "red",
  closed: "green",
  deferred: "cyan",
};

/** `● P1` */
export function priorityBadge(priority: number, style: Style): string {
  return style(PRIORITY_FORMATS[priority] ?? "dim", `● P${priority}`);
}

export function styledIcon(status: string, style: Style): string {
  return style(STATUS_FORMATS[status] ?? "reset", statusIcon(status));
}

/** `○ bd-a1b2 ● P1 [bug] Fix login`: the line of trees, `ready` and `show --short`. */
export function shortLine(issue: Omit<Issue, "dependencies">, style: Style): string {
  const type = issue.issue_type === "task" ? [] : [style("dim", `[${issue.issue_type}]`)];
  return [
    styledIcon(issue.status, style),
    style("bold", issue.id),
    priorityBadge(issue.priority, style),
    ...type,
    issue.title,
  ].join(" ");
}

/** What one issue has to do with others, as a flat list tells it. */
export interface Relations {
  readonly parent?: string | undefined;
  readonly blockedBy: readonly string[];
  readonly blocks: readonly string[];
}

/** `○ bd-a1b2 [● P2] [task] @bob [auth ui] - Title (blocked by: bd-7)`: one line, everything on it. */
export function flatLine(issue: IssueWithCounts, relations: Relations, style: Style): string {
  const held = relations.blockedBy.length > 0 && issue.status === "open";
  const parts = [
    held ? styledIcon("blocked", style) : styledIcon(issue.status, style),
    style("bold", issue.id),
    `[${priorityBadge(issue.priority, style)}]`,
    `[${issue.issue_type}]`,
    ...(issue.assignee === undefined ? [] : [`@${issue.assignee}`]),
    ...(issue.labels === undefined ? [] : [`[${issue.labels.join(" ")}]`]),
    "-",
    issue.title,
  ];
  const notes = [
    ...(relations.parent === undefined ? [] : [`parent: ${relations.parent}`]),
    ...(relations.blockedBy.length === 0 ? [] : [`blocked by: ${relations.blockedBy.join(", ")}`]),
    ...(relations.blocks.length === 0 ? [] : [`blocks: ${relations.blocks.join(", ")}`]),
  ];
  return notes.length === 0 ? parts.join(" ") : `${parts.join(" ")} ${style("dim", `(${notes.join(", ")})`)}`;
}

/** The rule, a summary line and the legend under a list. */
export function footer(summary: string, { style, columns }: Pick<View, "style" | "columns">): string[] {
  return ["", style("dim", "-".repeat(Math.min(80, columns))), summary, "", style("dim", LEGEND)];
}
