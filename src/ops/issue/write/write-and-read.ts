import type { Issue } from "../../../core/issue/issue.ts";
import { labelledIssues } from "../../../store/queries/issues.ts";
import { selectIds } from "../../../store/queries/selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../../store/queries/tables.ts";
import { type FamilyNames, ISSUES, WISPS } from "../../../store/queries/write-issues.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Transaction } from "../../../store/session-types.ts";

/** What is to be written for one issue; nothing where all is as asked for. */
export interface PlannedIssue {
  readonly issue: Issue;
  readonly tables: TableFamily;
  readonly writes: readonly Query<number>[];
}

/** Sends all writes in one packet that also reads the issues back, in the given order. Without writes it sends nothing. */
export async function writeBack(tx: Transaction, planned: readonly PlannedIssue[]): Promise<Issue[]> {
  const writes = planned.flatMap((item) => item.writes);
  if (writes.length === 0) return planned.map(({ issue }) => issue);
  const idsIn = (tables: TableFamily) => planned.filter((item) => item.tables === tables).map(({ issue }) => issue.id);
  const [, issues, wisps] = await tx.all([
    combine(writes, () => undefined),
    changedIssues(ISSUE_TABLES, idsIn(ISSUE_TABLES)),
    changedIssues(WISP_TABLES, idsIn(WISP_TABLES)),
  ]);
  const changed = new Map([...issues, ...wisps].map((issue) => [issue.id, issue]));
  return planned.map(({ issue }) => changed.get(issue.id) ?? issue);
}

/** The names that the statement builder has for a family's tables. */
export function familyNames(tables: TableFamily): FamilyNames {
  return tables === WISP_TABLES ? WISPS : ISSUES;
}

const NONE: Query<Issue[]> = { statements: [], decode: () => [] };

function changedIssues(tables: TableFamily, ids: readonly string[]): Query<Issue[]> {
  if (ids.length === 0) return NONE;
  const selection = selectIds(tables, ids, "changed");
  return combine([selection.choose, labelledIssues(selection)], (_chosen, issues) => issues);
}
