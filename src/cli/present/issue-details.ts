import type { Comment, Issue, LinkedIssue } from "../../core/issue/issue.ts";
import { isDoneStatus } from "../../core/issue/status.ts";
import { isMetadata } from "../../core/json/metadata-json.ts";
import type { AbsentEnd, IssueDetails, ShowResult } from "../../ops/issue/show.ts";
import type { View } from "../command.ts";
import { listLines } from "./issue-list.ts";
import type { ListedIssue } from "./listed-issue.ts";
import { shownStatus, statusMark } from "./status-mark.ts";
import { styled } from "./text/segments.ts";
import { shownDay, shownMinute } from "./text/shown-time.ts";
import { wrapped, wrappedLine } from "./text/word-wrap.ts";

/** What all forms of an issue share. */
type IssueFields = Omit<Issue, "dependencies">;

/** What `show` says beside the issues themselves. */
type Beside = Pick<ShowResult, "blockers" | "absent">;

/** One issue with all that hangs on it, as lines. */
export function issueDetails(issue: IssueDetails, beside: Beside, view: View): string[] {
  const line = (text: string) => (view.isTerminal ? wrappedLine(text, view.columns) : [text]);
  return [
    ...headlines({ ...issue, waits: beside.blockers.get(issue.id) }, view),
    ...line(peopleLine(issue)),
    ...line(datesLine(issue, view)),
    ...(issue.close_reason === undefined ? [] : hanging(`Close reason: ${issue.close_reason}`, view)),
    ...(issue.external_ref === undefined ? [] : [`External: ${issue.external_ref}`]),
    ...(issue.spec_id === undefined ? [] : [`Spec: ${issue.spec_id}`]),
    ...textSections(issue, view),
    ...(issue.labels === undefined ? [] : ["", ...line(`LABELS: ${issue.labels.join(", ")}`)]),
    ...section("METADATA", metadataLines(issue), view),
    ...(view.flags["long"] === true ? section("FIELDS", fieldLines(issue), view) : []),
    ...linkSections(issue, beside, view),
    ...section(
      "COMMENTS",
      (issue.comments ?? []).flatMap((comment) => commentLines(comment, view)),
      view,
    ),
  ];
}

/** Issues at the other ends of edges, each behind an arrow: `  → ○ bd-7  P1  bug  Fix login`. */
export function linkLines(
  arrow: string,
  links: readonly LinkedIssue[],
  blockers: Beside["blockers"],
  view: View,
): string[] {
  const lines = links.map((issue) => ({ branch: `  ${arrow} `, issue: { ...issue, waits: blockers.get(issue.id) } }));
  return listLines(lines, view);
}

/** `  ` before each line, so that a text stands apart from what frames it. */
export function indentedText(text: string, indent: string, view: View): string[] {
  return textLines(text, { ...view, columns: view.columns - indent.length }).map((line) =>
    line === "" ? "" : `${indent}${line}`,
  );
}

/** The first line as it is, the others indented. */
function hanging(text: string, view: View): string[] {
  return indentedText(text, "  ", view).map((line, index) => (index === 0 ? line.slice(2) : line));
}

function textLines(text: string, { isTerminal, columns }: View): string[] {
  return isTerminal ? wrapped(text, columns) : text.split("\n");
}

/** `○ bd-7 [BUG] · Fix login   [P1 · OPEN]`, in as many lines as it takes. */
function headlines(issue: ListedIssue, view: View): string[] {
  const { style, isTerminal, columns, now } = view;
  const type = issue.issue_type === "task" ? "" : ` [${issue.issue_type.toUpperCase()}]`;
  const whole = `${issue.id}${type} · ${issue.title}   [P${issue.priority} · ${issue.status.toUpperCase()}]`;
  const [first = "", ...more] = isTerminal ? wrappedLine(whole, columns - 2) : [whole];
  const id = first.startsWith(issue.id) ? `${style("bold", issue.id)}${first.slice(issue.id.length)}` : first;
  return [`${styled([statusMark(shownStatus(issue, now))], style)} ${id}`, ...more.map((line) => `  ${line}`)];
}

function peopleLine(issue: IssueFields): string {
  return [
    ...(issue.assignee === undefined ? [] : [`Assignee: ${issue.assignee}`]),
    ...(issue.created_by === undefined ? [] : [`Created by: ${issue.created_by}`]),
    `Type: ${issue.issue_type}`,
  ].join(" · ");
}

function datesLine(issue: IssueFields, { zone }: View): string {
  const dates = [
    ["Created", issue.created_at, shownMinute],
    ["Updated", issue.updated_at, shownMinute],
    ["Started", issue.started_at, shownMinute],
    ["Due", issue.due_at, shownDay],
    ["Deferred until", issue.defer_until, shownDay],
    ["Closed", issue.closed_at, shownMinute],
  ] as const;
  return dates
    .flatMap(([name, time, shown]) => (time === undefined ? [] : [`${name}: ${shown(time, zone)}`]))
    .join(" · ");
}

function textSections(issue: IssueFields, view: View): string[] {
  // Somebody's line can't pass for one of ours.
  const lines = (text: string | undefined) => (text === undefined ? [] : indentedText(text, "  ", view));
  return [
    ...section("DESCRIPTION", issue.description === undefined ? ["  (none)"] : lines(issue.description), view),
    ...section("DESIGN", lines(issue.design), view),
    ...section("NOTES", lines(issue.notes), view),
    ...section("ACCEPTANCE CRITERIA", lines(issue.acceptance_criteria), view),
  ];
}

/** A title over lines; nothing where there are none. */
function section(title: string, lines: readonly string[], { style }: View): string[] {
  return lines.length === 0 ? [] : ["", style("bold", title), ...lines];
}

function metadataLines({ metadata = {} }: IssueFields): string[] {
  if (!isMetadata(metadata)) return [`  ${JSON.stringify(metadata)}`];
  return Object.entries(metadata).map(
    ([key, value]) => `  ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

/** What no other part of the page tells. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(
  `id title description design acceptance_criteria notes spec_id status priority issue_type assignee close_reason
  external_ref metadata labels dependencies dependents comments parent epic_total_children epic_closed_children
  epic_closeable`.split(/\s+/),
);

function fieldLines(issue: IssueDetails): string[] {
  return Object.entries(issue)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .map(([name, value]) => `  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
}

function linkSections(issue: IssueDetails, { blockers, absent }: Beside, view: View): string[] {
  const { dependencies = [], dependents = [] } = issue;
  const children = ofType(dependents, ["parent-child"]);
  const done = children.filter(({ status }) => isDoneStatus(status, [])).length;
  const lines = (arrow: string, links: readonly LinkedIssue[]) => linkLines(arrow, links, blockers, view);
  const elsewhere = (absent.get(issue.id) ?? []).map((end) => `  → ${absentText(end)}`);
  return [
    ...section("PARENT", lines("↑", ofType(dependencies, ["parent-child"])), view),
    ...section("DEPENDS ON", [...lines("→", notOfType(dependencies, [...TOLD_APART])), ...elsewhere], view),
    ...section("DISCOVERED FROM", lines("◊", ofType(dependencies, ["discovered-from"])), view),
    ...section(`CHILDREN (${done}/${children.length} done)`, lines("↳", children), view),
    ...section("BLOCKS", lines("←", notOfType(dependents, [...TOLD_APART])), view),
    ...section("DISCOVERED", lines("◊", ofType(dependents, ["discovered-from"])), view),
    ...section("RELATED", lines("↔", related([...dependencies, ...dependents])), view),
  ];
}

/** Nobody here knows how it stands, so it holds nothing back. */
function absentText({ id, type }: AbsentEnd): string {
  const where = id.startsWith("external:") ? "in another project" : "not in this database";
  return `${id} (${type}; ${where}, holds nothing back)`;
}

const RELATIONS: readonly string[] = ["related", "relates-to"];
/** Types with a section of their own; all others are told as dependencies. */
const TOLD_APART: readonly string[] = ["parent-child", "discovered-from", ...RELATIONS];

function ofType(links: readonly LinkedIssue[], types: readonly string[]): LinkedIssue[] {
  return links.filter((link) => types.includes(link.dependency_type));
}

function notOfType(links: readonly LinkedIssue[], types: readonly string[]): LinkedIssue[] {
  return links.filter((link) => !types.includes(link.dependency_type));
}

/** Each once, though a relation is often told from both ends. */
function related(links: readonly LinkedIssue[]): LinkedIssue[] {
  return [...new Map(ofType(links, RELATIONS).map((link) => [link.id, link])).values()];
}

function commentLines({ created_at: time, author, text }: Comment, view: View): string[] {
  return [`  ${shownMinute(time, view.zone)} ${author}`, ...indentedText(text, "    ", view)];
}
