import { textOf } from "../merge/snapshot.ts";
import type { IssueChange } from "./change-event.ts";
import { type Difference, wireChanges } from "./difference.ts";
import { fieldChanges, type WireChange } from "./wire-change.ts";
import type { WireRow } from "./wire-row.ts";

/** What became of issues themselves. One whose id another issue has now is gone, and the other one is new. */
export function issueChanges(difference: Difference): IssueChange[] {
  const { moved, replaced } = difference;
  const cameFrom = new Map([...moved].map(([oldId, newId]) => [newId, oldId]));
  return wireChanges(difference, "issues").flatMap(({ before, after }): IssueChange[] => {
    const id = textOf(after ?? before, "id");
    if (before !== undefined && after !== undefined && !replaced.has(id)) {
      return [issueChange(typeOf(before, after), { before, after })];
    }
    const [newId, oldId] = [moved.get(id), cameFrom.get(id)];
    const gone = {
      ...issueChange("deleted", { before, after: undefined }),
      ...(newId !== undefined && { moved_to: newId }),
    };
    const come = {
      ...issueChange("created", { before: undefined, after }),
      ...(oldId !== undefined && { moved_from: oldId }),
    };
    return [...(before === undefined ? [] : [gone]), ...(after === undefined ? [] : [come])];
  });
}

function issueChange(type: IssueChange["type"], change: WireChange): IssueChange {
  const row = change.after ?? change.before;
  const { id: _, ...changes } = fieldChanges(change);
  return { type, issue_id: textOf(row, "id"), title: textOf(row, "title"), changes };
}

function typeOf(before: WireRow, after: WireRow): IssueChange["type"] {
  const [was, is] = [before["status"], after["status"]];
  if (was === is) return "updated";
  if (is === "closed") return "closed";
  if (was === "closed") return "reopened";
  return is === "in_progress" && after["assignee"] !== undefined ? "claimed" : "updated";
}
