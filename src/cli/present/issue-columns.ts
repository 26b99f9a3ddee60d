import type { Zone } from "../../core/time/time-zone.ts";
import type { Format } from "../terminal.ts";
import type { ListedIssue } from "./listed-issue.ts";
import { shownStatus, statusMark } from "./status-mark.ts";
import type { Segment } from "./text/segments.ts";
import { shownAge, shownDay, shownMinute } from "./text/shown-time.ts";

/** When and where a list is looked at. */
export interface Moment {
  readonly now: Date;
  readonly zone: Zone;
}

/** What stands in a column for an issue; nothing where it has none. */
export type Column = (issue: ListedIssue, moment: Moment) => readonly Segment[];

const PRIORITY_FORMATS: readonly (Format | undefined)[] = [["bold", "red"], "red", "yellow", "dim", "dim"];

function text(value: string | undefined, format?: Format): Segment[] {
  return value === undefined || value === "" ? [] : [[value, format]];
}

function day(name: string, time: string | undefined, { zone }: Moment, format?: Format): Segment[] {
  return time === undefined ? [] : [[`${name} ${shownDay(time, zone)}`, format]];
}

/** What lists can show, by the names of `--columns`. */
const COLUMNS = {
  mark: (issue, { now }) => [statusMark(shownStatus(issue, now))],
  id: ({ id }) => [[id, "bold"]],
  priority: ({ priority }) => [[`P${priority}`, PRIORITY_FORMATS[priority] ?? "dim"]],
  type: ({ issue_type: type }) => text(type, "dim"),
  status: ({ status }) => text(status),
  title: ({ title }) => [[title]],
  parent: ({ within }) => text(within && `in ${within}`, "dim"),
  assignee: ({ assignee }) => text(assignee && `@${assignee}`, "cyan"),
  labels: ({ labels = [] }) => text(labels.length === 0 ? "" : `[${labels.join(", ")}]`, "dim"),
  due: dueCell,
  waits: waitsCell,
  deferred: ({ defer_until: until }, moment) => day("until", until, moment),
  estimate: ({ estimated_minutes: minutes }) => text(minutes === undefined ? "" : `${minutes} min`),
  creator: ({ created_by: creator }) => text(creator),
  created: ({ created_at: time }, { zone }) => text(shownMinute(time, zone), "dim"),
  updated: ({ updated_at: time }, { zone }) => text(shownMinute(time, zone), "dim"),
  closed: ({ closed_at: time }, { zone }) => text(time && shownMinute(time, zone), "dim"),
  still: ({ still }) => text(still, "dim"),
  age: ({ created_at: time }, { now }) => text(shownAge(time, now), "dim"),
} satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;

export const COLUMN_NAMES = Object.keys(COLUMNS).filter((name) => name !== "still");

export function columnNamed(name: ColumnName): Column {
  return COLUMNS[name];
}

export function isColumnName(name: string): name is ColumnName {
  return Object.hasOwn(COLUMNS, name);
}

function dueCell({ due_at: due, closed_at: closed }: ListedIssue, moment: Moment): Segment[] {
  const isLate = due !== undefined && closed === undefined && Date.parse(due) < moment.now.getTime();
  return day("due", due, moment, isLate ? "red" : undefined);
}

/** Why nobody can begin: other issues, or the calendar. */
function waitsCell(issue: ListedIssue, moment: Moment): Segment[] {
  const { waits = [], defer_until: until } = issue;
  if (waits.length > 0) return [[`waits for ${waits.join(", ")}`, "dim"]];
  return shownStatus(issue, moment.now) === "deferred" ? day("until", until, moment, "dim") : [];
}
