import { compareTexts } from "../merge/cell.ts";
import { textOf } from "../merge/snapshot.ts";
import { CHANGE_STEPS, type Change } from "./change-event.ts";
import { type Difference, wireChanges } from "./difference.ts";
import { issueChanges } from "./issue-changes.ts";
import { partChanges } from "./part-changes.ts";
import { fieldChanges } from "./wire-change.ts";

/**
 * The changes that lead from one state to the other, in a fixed order: by step (`CHANGE_STEPS`), then issue by issue; of
 * one issue by type, labels and dependencies by name, comments by time.
 */
export function changesOf(difference: Difference): Change[] {
  const changes = [...settingChanges(difference), ...issueChanges(difference), ...partChanges(difference)];
  return changes
    .map((change) => ({ change, place: placeOf(change) }))
    .toSorted((one, other) => comparePlaces(one.place, other.place))
    .map(({ change }) => change);
}

function settingChanges(difference: Difference): Change[] {
  return wireChanges(difference, "config").map((change) => {
    const { key: _, ...changes } = fieldChanges(change);
    return { type: "config_changed", key: textOf(change.after ?? change.before, "key"), changes };
  });
}

/** Compared in this order. */
type Place = readonly [step: number, issue: string, type: number, name: string];

const TYPES: readonly (readonly string[])[] = CHANGE_STEPS;

function placeOf(change: Change): Place {
  const step = TYPES.findIndex((types) => types.includes(change.type));
  const type = TYPES[step]?.indexOf(change.type) ?? 0;
  return [step, "issue_id" in change ? change.issue_id : "", type, nameOf(change)];
}

function comparePlaces([step, issue, type, name]: Place, [otherStep, otherIssue, otherType, otherName]: Place): number {
  return step - otherStep || compareTexts(issue, otherIssue) || type - otherType || compareTexts(name, otherName);
}

/** Tells a change from others of its issue and type. */
function nameOf(change: Change): string {
  if ("label" in change) return change.label;
  if ("dependency" in change) return change.dependency.depends_on_id;
  if ("comment" in change) return `${change.comment.created_at} ${change.comment.id}`;
  return change.type === "config_changed" ? change.key : "";
}
