import type { Comment, Dependency } from "../issue/issue.ts";
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
    ...saidOf(difference, "labels", ({ row, owner, comes }) => {
      const others = columnsBeside(row, ["issue_id", "label"]);
      return { type: comes ? "labeled" : "unlabeled", ...owner, label: textOf(row, "label"), ...others };
    }),
    ...saidOf(difference, "dependencies", ({ row, owner, comes }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wire's row has the fields of a dependency
      const dependency = row as unknown as Dependency;
      return { type: comes ? "dependency_added" : "dependency_removed", ...owner, dependency };
    }),
    ...saidOf(difference, "comments", ({ row, owner, comes }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wire's row has the fields of a comment
      const comment = row as unknown as Comment;
      return { type: comes ? "commented" : "comment_removed", ...owner, comment };
    }),
  ];
}

/** A row that goes or comes, and the issue that it hangs on. */
interface Part {
  readonly row: WireRow;
  readonly owner: Owner;
  readonly comes: boolean;
}

function saidOf(difference: Difference, table: PartTable, say: (part: Part) => PartChange): PartChange[] {
  return wireChanges(difference, table).flatMap(({ before, after }) => {
    const rows = [before, after].filter((row) => row !== undefined);
    return rows.map((row) => {
      const comes = row === after;
      return say({ row, owner: ownerOf(difference, row, comes ? "after" : "before"), comes });
    });
  });
}

/** What goes belonged to the issue that had the id before. */
function ownerOf({ rows, replaced, titles }: Difference, part: WireRow, side: "before" | "after"): Owner {
  const id = textOf(part, "issue_id");
  const issue = issueRow(rows, id);
  const row = side === "before" && replaced.has(id) ? issue?.before : (issue?.after ?? issue?.before);
  return { issue_id: id, title: row === undefined ? (titles.get(id) ?? "") : textOf(row, "title") };
}
