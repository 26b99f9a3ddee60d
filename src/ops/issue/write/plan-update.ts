import { isDeepStrictEqual } from "node:util";
import { eventValue, type IssueEvent } from "../../../core/event-row.ts";
import type { Issue } from "../../../core/issue/issue.ts";
import { parseIssueType } from "../../../core/issue/issue-type.ts";
import { isDoneStatus, parseStatus } from "../../../core/issue/status.ts";
import { editMetadata } from "../../../core/json/metadata-json.ts";
import { checkText } from "../../../core/text-limits.ts";
import type { ProjectConfig } from "../../../store/queries/project-config.ts";
import type { IssuePatch } from "../../../store/queries/write-issues.ts";
import { statusEffects, statusEvent } from "./status-effects.ts";
import type { Changes } from "./update-input.ts";

interface UpdateCircumstances {
  readonly config: ProjectConfig;
  /** Wire time. */
  readonly at: string;
  readonly session: string | undefined;
}

/** What an update really changes of an issue; nothing where all is as asked for. */
export interface IssueUpdate {
  readonly patch: IssuePatch;
  readonly addedLabels: readonly string[];
  readonly removedLabels: readonly string[];
  readonly events: readonly IssueEvent[];
}

/** Throws BdError usage INVALID_STATUS, INVALID_ISSUE_TYPE for words that the project does not know. */
export function checkWords({ status, type }: Changes, { customStatuses, customTypes }: ProjectConfig): void {
  if (status !== undefined) parseStatus(status, customStatuses);
  if (type !== undefined) parseIssueType(type, customTypes);
}

/** Throws as `checkWords`, and for notes that grow too long. */
export function planUpdate(issue: Issue, changes: Changes, circumstances: UpdateCircumstances): IssueUpdate {
  const patch = differences(issue, wantedFields(issue, changes, circumstances));
  const labels = issue.labels ?? [];
  const wanted = wantedLabels(labels, changes);
  const addedLabels = wanted.filter((label) => !labels.includes(label));
  const removedLabels = labels.filter((label) => !wanted.includes(label));
  return {
    patch,
    addedLabels,
    removedLabels,
    events: [
      ...(Object.keys(patch).length === 0 ? [] : [fieldsEvent(issue, patch)]),
      ...addedLabels.map((label) => labelEvent(issue.id, "label_added", label)),
      ...removedLabels.map((label) => labelEvent(issue.id, "label_removed", label)),
    ],
  };
}

export function labelEvent(issueId: string, type: "label_added" | "label_removed", label: string): IssueEvent {
  const comment = type === "label_added" ? `Added label: ${label}` : `Removed label: ${label}`;
  return { issue_id: issueId, event_type: type, comment };
}

/** The fields as they are to be, changed or not. */
function wantedFields(issue: Issue, changes: Changes, { config, at, session }: UpdateCircumstances): IssuePatch {
  const status =
    changes.status === undefined
      ? statusAfterDeferral(issue, changes.fields, { config, at })
      : parseStatus(changes.status, config.customStatuses);
  return {
    ...(status === undefined ? {} : { status, ...statusEffects(issue, status, { at, session }) }),
    ...changes.fields,
    ...(changes.appendNotes === undefined ? {} : { notes: appended(issue.notes, changes.appendNotes) }),
    ...(changes.type === undefined ? {} : { issue_type: parseIssueType(changes.type, config.customTypes) }),
    ...(changes.metadata === undefined ? {} : { metadata: metadataAfter(issue, changes.metadata) }),
  };
}

/** Putting work off until a later time sets it aside; taking that back puts it on the table again. */
function statusAfterDeferral(
  issue: Issue,
  fields: IssuePatch,
  { config, at }: Pick<UpdateCircumstances, "config" | "at">,
): string | undefined {
  if (!("defer_until" in fields)) return undefined;
  if (fields.defer_until === undefined) return issue.status === "deferred" ? "open" : undefined;
  const isFinished = isDoneStatus(issue.status, config.customStatuses);
  return fields.defer_until > at && !isFinished ? "deferred" : undefined;
}

function appended(notes: string | undefined, more: string): string {
  const text = notes === undefined ? more : `${notes}\n${more}`;
  checkText("notes", text);
  return text;
}

function metadataAfter(issue: Issue, edits: NonNullable<Changes["metadata"]>): Issue["metadata"] {
  const metadata = editMetadata(issue.metadata, edits);
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

function wantedLabels(labels: readonly string[], { setLabels, addLabels, removeLabels }: Changes): string[] {
  const wanted = new Set([...(setLabels ?? labels), ...addLabels]);
  for (const label of removeLabels) wanted.delete(label);
  return [...wanted];
}

/** Those fields of the patch that the issue has otherwise. */
function differences(issue: Issue, wanted: IssuePatch): IssuePatch {
  const current: Readonly<Record<string, unknown>> = { ...issue };
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(current[name], value)));
}

function fieldsEvent(issue: Issue, patch: IssuePatch): IssueEvent {
  const cleared = Object.entries(patch).map(([name, value]) => [name, value === undefined ? null : value]);
  return {
    issue_id: issue.id,
    event_type: statusEvent(issue.status, patch.status ?? issue.status),
    old_value: eventValue(issue),
    new_value: eventValue(Object.fromEntries(cleared)),
  };
}
