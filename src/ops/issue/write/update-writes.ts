import { type EventSource, insertEvents } from "../../../store/queries/write-events.ts";
import { deleteLabels, type FamilyNames, insertLabels, updateIssue } from "../../../store/queries/write-issues.ts";
import type { Query } from "../../../store/query.ts";
import type { IssueUpdate } from "./plan-update.ts";

/**
 * The writes of an update. As with the peer, `updated_at` tells of the issue's own fields: labels, comments and
 * dependencies come and go beside it, whichever command changes them.
 */
export function updateWrites(
  family: FamilyNames,
  id: string,
  { patch, addedLabels, removedLabels, events }: IssueUpdate,
  source: EventSource,
): Query<number>[] {
  const added = addedLabels.map((label) => ({ issue_id: id, label }));
  return [
    ...(Object.keys(patch).length === 0 ? [] : [updateIssue(family, id, { ...patch, updated_at: source.at })]),
    ...(added.length === 0 ? [] : [insertLabels(family, added)]),
    ...(removedLabels.length === 0 ? [] : [deleteLabels(family, id, removedLabels)]),
    ...(events.length === 0 ? [] : [insertEvents(family, events, source)]),
  ];
}
