import type { IssueFilter } from "../../core/issue/issue-filter.ts";
import { firstRow, number, type Query, rows, text } from "../query.ts";
import { raw, type Sql, sql } from "../sql.ts";
import { filterConditions, prepared } from "./issue-filter.ts";
import type { TableFamily } from "./tables.ts";

export const COUNT_GROUPS = ["status", "priority", "type", "assignee", "label"] as const;

export type CountGroup = (typeof COUNT_GROUPS)[number];

export interface GroupCount {
  /** As stored; empty for nobody and for no label. */
  readonly group: string;
  readonly count: number;
}

/** How many issues of a filter there are in each group. By label an issue counts under each of its labels. */
export function countIssuesBy(group: CountGroup, tables: TableFamily, filter: IssueFilter): Query<GroupCount[]> {
  const counts = rows(
    sql`SELECT ${GROUP_COLUMNS[group]} AS name, COUNT(*) AS n FROM ${tables.issues} i ${joinLabels(group, tables)}
      WHERE ${filterConditions(filter, tables)} GROUP BY name`,
    (row): GroupCount => ({ group: text(row, "name"), count: number(row, "n") }),
  );
  return prepared(filter, counts);
}

const GROUP_COLUMNS: Readonly<Record<CountGroup, Sql>> = {
  status: raw("i.status"),
  priority: raw("i.priority"),
  type: raw("i.issue_type"),
  assignee: raw("COALESCE(i.assignee, '')"),
  label: raw("COALESCE(l.label, '')"),
};

function joinLabels(group: CountGroup, { labels }: TableFamily): Sql {
  return group === "label" ? sql`LEFT JOIN ${labels} l ON l.issue_id = i.id` : raw("");
}

/** Seconds from creation to closing, on average over the closed issues of a filter; 0 when there are none. */
export function averageLeadSeconds(tables: TableFamily, filter: IssueFilter): Query<number> {
  const average = firstRow(
    sql`SELECT AVG(TIMESTAMPDIFF(SECOND, i.created_at, i.closed_at)) AS seconds FROM ${tables.issues} i
      WHERE i.status = 'closed' AND i.closed_at IS NOT NULL AND ${filterConditions(filter, tables)}`,
    (row) => number(row, "seconds"),
  );
  return prepared(filter, { ...average, decode: (results) => average.decode(results) ?? 0 });
}

export interface LabelCount {
  readonly label: string;
  /** How many issues have it. */
  readonly count: number;
}

/** Every label there is, in order. */
export const labelCounts: Query<LabelCount[]> = rows(
  sql`SELECT l.label, COUNT(*) AS n FROM labels l GROUP BY l.label ORDER BY l.label`,
  (row) => ({ label: text(row, "label"), count: number(row, "n") }),
);
