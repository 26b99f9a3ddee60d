import type { MovedIssue } from "../../core/merge/merge-versions.ts";
import { combine, type Query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { join, sql } from "../../store/sql.ts";
import { childChanges, type Difference, NO_DIFFERENCE } from "./issue-children.ts";
import { type IssueRowChange, issueRows, type Moves } from "./issue-rows.ts";
import { movedIssues, movesOfOurs } from "./moved-issues.ts";

/** How many came and how many went. */
export interface CountChange {
  readonly added: number;
  readonly removed: number;
}

/** What became of one issue between two commits, whatever its id was before. */
export interface IssueChange extends IssueRowChange {
  /** Of an issue that is still there the id that it has now. */
  readonly id: string;
  readonly labels: Difference;
  readonly comments: CountChange;
  readonly dependencies: CountChange;
}

/** A setting that travels with the issues; undefined where it has no value. The values may be secrets. */
export interface SettingChange {
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** How the issues and the settings differ between two commits (or `WORKING`), and which of them have another id in the later one. */
export interface Changes {
  readonly changes: readonly IssueChange[];
  readonly settings: readonly SettingChange[];
  readonly moved: readonly MovedIssue[];
}

/** By issue, not by id: one that moved is neither new nor is its old id another issue's change. */
export async function readChanges(reader: Reader, from: string, to: string): Promise<Changes> {
  const moved = await movedIssues(reader, from, to);
  const [changes, settings] = await reader.all([issueChanges(from, to, movesOfOurs(moved)), settingChanges(from, to)]);
  return { changes, settings, moved };
}

function settingChanges(from: string, to: string): Query<SettingChange[]> {
  return rows(
    sql`SELECT COALESCE(to_key, from_key) AS name, from_value, to_value, diff_type
      FROM DOLT_DIFF(${from}, ${to}, 'config') ORDER BY 1`,
    (row) => {
      const type = text(row, "diff_type");
      return {
        key: text(row, "name"),
        from: type === "added" ? undefined : text(row, "from_value"),
        to: type === "removed" ? undefined : text(row, "to_value"),
      };
    },
  );
}

function issueChanges(from: string, to: string, moves: Moves): Query<IssueChange[]> {
  const between = { from, to, moves };
  return combine(
    [
      issueRows(from, to, moves),
      childChanges("labels", between),
      childChanges("comments", between),
      childChanges("dependencies", between),
      parentTitles(from, to),
    ],
    (issues, labels, comments, dependencies, titles) => {
      const ids = new Set([...issues.keys(), ...labels.keys(), ...comments.keys(), ...dependencies.keys()]);
      return [...ids].toSorted(byNumbers.compare).flatMap((id) => {
        const issue: IssueRowChange = issues.get(id) ?? { kind: "changed", title: titles.get(id) ?? "", fields: [] };
        const change = {
          id,
          ...issue,
          labels: labels.get(id) ?? NO_DIFFERENCE,
          comments: countsOf(comments.get(id)),
          dependencies: countsOf(dependencies.get(id)),
        };
        return isShown(change) ? [change] : [];
      });
    },
  );
}

/** The ninth child stands before the tenth. */
const byNumbers = new Intl.Collator("en", { numeric: true });

function countsOf({ added, removed }: Difference = NO_DIFFERENCE): CountChange {
  return { added: added.length, removed: removed.length };
}

/** A new time of change alone says nothing. */
function isShown({ kind, fields, labels, comments, dependencies }: IssueChange): boolean {
  if (kind !== "changed") return true;
  const counts = [comments, dependencies].map(({ added, removed }) => added + removed);
  return fields.length + labels.added.length + labels.removed.length + Math.max(...counts) > 0;
}

/** Of issues that may differ in what hangs on them alone. */
function parentTitles(from: string, to: string): Query<Map<string, string>> {
  const ids = ["labels", "comments", "dependencies"].map(
    (table) => sql`SELECT COALESCE(to_issue_id, from_issue_id) AS id FROM DOLT_DIFF(${from}, ${to}, ${table})`,
  );
  const found = rows(
    sql`SELECT i.id, i.title FROM (${join(ids, " UNION ")}) AS v JOIN issues AS OF ${to} AS i ON i.id = v.id`,
    (row) => [text(row, "id"), text(row, "title")] as const,
  );
  return combine([found], (pairs) => new Map(pairs));
}
