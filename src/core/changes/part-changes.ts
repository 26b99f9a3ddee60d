import type { Comment, Dependency } from "../issue.ts";
import { textOf } from "../merge/snapshot.ts";
import type { CommentChange, DependencyChange, LabelChange } from "./change-event.ts";
import { type Difference, issueRow, wireChanges } from "./difference.ts";
import type { PartTable } from "./state-tables.ts";
import { columnsBeside } from "./wire-change.ts";
import type { WireRow } from "./wire-row.ts";

type PartChange = LabelChange | DependencyChange | CommentChange;
type Owner = Pick<PartChange, "issue_id" | "title">;

/** What became of labels, dependencies and comments. What was changed in place goes and comes again. */
export function partChanges(difference: Difference): PartChange[] {
  return [
    ...gone(difference, "labels", (row, owner) => labelChange("unlabeled", row, owner)),
    ...come(difference, "labels", (row, owner) => labelChange("labeled", row, owner)),
    ...gone(difference, "dependencies", (row, owner) => dependencyChange("dependency_removed", row, owner)),
    ...come(difference, "dependencies", (row, owner) => dependencyChange("dependency_added", row, owner)),
    ...gone(difference, "comments", (row, owner) => commentChange("comment_removed", row, owner)),
    ...come(difference, "comments", (row, owner) => commentChange("commented", row, owner)),
  ];
}

type Say = (row: WireRow, owner: Owner) => PartChange;

function gone(difference: Difference, table: PartTable, say: Say): PartChange[] {
  const rows = wireChanges(difference, table).flatMap(({ before }) => (before === undefined ? [] : [before]));
  return rows.map((row) => say(row, ownerOf(difference, row, "before")));
}

function come(difference: Difference, table: PartTable, say: Say): PartChange[] {
  const rows = wireChanges(difference, table).flatMap(({ after }) => (after === undefined ? [] : [after]));
  return rows.map((row) => say(row, ownerOf(difference, row, "after")));
}

/** What goes belonged to the issue that had the id before. */
function ownerOf({ rows, replaced, titles }: Difference, part: WireRow, side: "before" | "after"): Owner {
  const id = textOf(part, "issue_id");
  const issue = issueRow(rows, id);
  const row = side === "before" && replaced.has(id) ? issue?.before : (issue?.after ?? issue?.before);
  return { issue_id: id, title: row === undefined ? (titles.get(id) ?? "") : textOf(row, "title") };
}

function labelChange(type: LabelChange["type"], row: WireRow, owner: Owner): LabelChange {
  return { type, ...owner, label: textOf(row, "label"), ...columnsBeside(row, ["issue_id", "label"]) };
}

function dependencyChange(type: DependencyChange["type"], row: WireRow, owner: Owner): DependencyChange {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields of the wire's row are those of a dependency
  return { type, ...owner, dependency: row as unknown as Dependency };
}

function commentChange(type: CommentChange["type"], row: WireRow, owner: Owner): CommentChange {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields of the wire's row are those of a comment
  return { type, ...owner, comment: row as unknown as Comment };
}
