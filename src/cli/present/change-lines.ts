import type { Change, FieldChanges, IssueChange, ValueChange } from "../../core/changes/change-event.ts";
import { FOLLOWING_FIELDS } from "../../core/changes/following-fields.ts";
import { ISSUE_FIELDS } from "../../core/issue/issue.ts";
import type { View } from "../command.ts";
import { shownInZone } from "./text/shown-time.ts";
import { wordDifference } from "./text/word-difference.ts";

/** For whom. */
export type Look = Pick<View, "style" | "zone">;

/** The title stands in a line of its own. */
const UNSAID: ReadonlySet<string> = new Set([...FOLLOWING_FIELDS, "title"]);
const LONG: ReadonlySet<string> = new Set(["description", "design", "acceptance_criteria", "notes"]);
const ORDER = ISSUE_FIELDS.map(({ name }): string => name);

/** What happened to an issue, as lines, the first of which stand for what mattered most. */
export function changeLines(changes: readonly Change[], id: string, look: Look): string[] {
  const { style } = look;
  const isEdited = editedComments(changes);
  return changes.flatMap((change) => {
    if ("comment" in change) return commentLines(change, isEdited, style);
    if ("label" in change) return [sign(change.type === "labeled", `label ${change.label}`, style)];
    if ("dependency" in change) {
      const { issue_id, depends_on_id, type } = change.dependency;
      const edge = issue_id === id ? `depends on ${depends_on_id}` : `${issue_id} depends on it`;
      return [sign(change.type === "dependency_added", `${edge} (${type})`, style)];
    }
    return change.type === "config_changed" ? [] : issueLines(change, look);
  });
}

function sign(comes: boolean, text: string, style: Look["style"]): string {
  return `${comes ? style("green", "+") : style("red", "-")} ${text}`;
}

function issueLines({ type, title, changes }: IssueChange, look: Look): string[] {
  const { style } = look;
  if (type === "created" || type === "deleted") {
    return [sign(type === "created", `${type}: ${title}`, style), ...fieldLines(onlySet(changes), look)];
  }
  const renamed = changes["title"];
  return [
    ...(renamed === undefined ? [] : [`title: ${wordDifference(said(renamed.old), said(renamed.new), style)}`]),
    ...fieldLines(changes, look),
  ];
}

/** What everybody's issue has needs no line where it comes or goes. */
function onlySet(changes: FieldChanges): FieldChanges {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => name !== "owner"));
}

function fieldLines(changes: FieldChanges, look: Look): string[] {
  return Object.entries(changes)
    .filter(([name]) => !UNSAID.has(name))
    .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([name, change]) => `${name}: ${valueLine(name, change, look)}`);
}

function placeOf(name: string): number {
  const place = ORDER.indexOf(name);
  return place === -1 ? ORDER.length : place;
}

function valueLine(name: string, { old: before, new: after }: ValueChange, { style, zone }: Look): string {
  if (LONG.has(name) && before !== null && after !== null) return wordDifference(said(before), said(after), style);
  const shown = (value: unknown) => shownInZone(said(value), zone);
  if (before === null) return shown(after);
  return `${shown(before)} → ${after === null ? "(none)" : shown(after)}`;
}

function said(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

/** A comment that is changed in place goes and comes. */
function editedComments(changes: readonly Change[]): ReadonlyMap<string, string> {
  const removed = changes.flatMap((change) => (change.type === "comment_removed" ? [change.comment] : []));
  const added = new Set(changes.flatMap((change) => (change.type === "commented" ? [change.comment.id] : [])));
  return new Map(removed.filter(({ id }) => added.has(id)).map(({ id, text }) => [id, text]));
}

function commentLines(
  { type, comment }: Extract<Change, { readonly comment: unknown }>,
  edited: ReadonlyMap<string, string>,
  style: Look["style"],
): string[] {
  const { id, author, text } = comment;
  const before = edited.get(id);
  if (before === undefined) return [sign(type === "commented", `comment by ${author}: ${text}`, style)];
  return type === "commented" ? [`comment by ${author}: ${wordDifference(before, text, style)}`] : [];
}
