import type { Comment, Issue, LinkedIssue } from "../../core/issue.ts";
import { isMetadata } from "../../core/metadata-json.ts";
import { isDoneStatus } from "../../core/status.ts";
import type { IssueDetails } from "../../ops/issue/show.ts";
import type { Style } from "../terminal.ts";
import { priorityBadge, styledIcon } from "./issue-line.ts";
import { shownDate, shownMinute } from "./shown-time.ts";

/** What all forms of an issue share. */
type IssueFields = Omit<Issue, "dependencies">;

export interface DetailsStyle {
  /** On whose clock times are shown. */
  readonly zone: string;
  readonly style: Style;
  /** Fields that say little to most people, too. */
  readonly long: boolean;
}

/** One issue with all that hangs on it, as lines. */
export function issueDetails(issue: IssueDetails, options: DetailsStyle): string[] {
  const { style } = options;
  return [
    headline(issue, style),
    peopleLine(issue),
    datesLine(issue, options.zone),
    ...(issue.close_reason === undefined ? [] : [`Close reason: ${issue.close_reason}`]),
    ...(issue.external_ref === undefined ? [] : [`External: ${issue.external_ref}`]),
    ...(issue.spec_id === undefined ? [] : [`Spec: ${issue.spec_id}`]),
    ...textSections(issue, style),
    ...(issue.labels === undefined ? [] : ["", `${style("bold", "LABELS:")} ${issue.labels.join(", ")}`]),
    ...section("METADATA", metadataLines(issue), style),
    ...(options.long ? section("FIELDS", fieldLines(issue), style) : []),
    ...linkSections(issue, style),
    ...section(
      "COMMENTS",
      (issue.comments ?? []).flatMap((comment) => commentLines(comment, options.zone)),
      style,
    ),
  ];
}

/** `  → ○ bd-7: (BUG) Fix login ● P1` */
export function linkLine(arrow: string, link: Issue, style: Style): string {
  const badge = typeBadge(link.issue_type);
  const title = badge === undefined ? link.title : `(${badge}) ${link.title}`;
  return `  ${arrow} ${styledIcon(link.status, style)} ${style("bold", link.id)}: ${title} ${priorityBadge(link.priority, style)}`;
}

/** `  ` before each line, so that a text stands apart from what frames it. */
export function indented(text: string, indent: string): string[] {
  return text.split("\n").map((line) => (line === "" ? "" : `${indent}${line}`));
}

function headline(issue: IssueFields, style: Style): string {
  const badge = typeBadge(issue.issue_type);
  const id = badge === undefined ? style("bold", issue.id) : `${style("bold", issue.id)} [${badge}]`;
  const state = `[${priorityBadge(issue.priority, style)} · ${issue.status.toUpperCase()}]`;
  return `${styledIcon(issue.status, style)} ${id} · ${issue.title}   ${state}`;
}

/** The types that people look out for. */
function typeBadge(type: string): string | undefined {
  return type === "bug" || type === "epic" ? type.toUpperCase() : undefined;
}

function peopleLine(issue: IssueFields): string {
  const owner = issue.created_by ?? issue.owner;
  return [
    ...(owner === undefined ? [] : [`Owner: ${owner}`]),
    ...(issue.assignee === undefined ? [] : [`Assignee: ${issue.assignee}`]),
    `Type: ${issue.issue_type}`,
  ].join(" · ");
}

function datesLine(issue: IssueFields, zone: string): string {
  const dates: readonly (readonly [name: string, time: string | undefined])[] = [
    ["Created", issue.created_at],
    ["Updated", issue.updated_at],
    ["Due", issue.due_at],
    ["Deferred until", issue.defer_until],
    ["Closed", issue.closed_at],
  ];
  return dates.flatMap(([name, time]) => (time === undefined ? [] : [`${name}: ${shownDate(time, zone)}`])).join(" · ");
}

function textSections(issue: IssueFields, style: Style): string[] {
  return [
    ...section("DESCRIPTION", issue.description?.split("\n") ?? ["  (none)"], style),
    ...section("DESIGN", issue.design?.split("\n") ?? [], style),
    ...section("NOTES", issue.notes?.split("\n") ?? [], style),
    ...section("ACCEPTANCE CRITERIA", issue.acceptance_criteria?.split("\n") ?? [], style),
  ];
}

/** A title over lines; nothing where there are none. */
function section(title: string, lines: readonly string[], style: Style): string[] {
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

function linkSections(issue: IssueDetails, style: Style): string[] {
  const { dependencies = [], dependents = [] } = issue;
  const children = ofType(dependents, ["parent-child"]);
  const done = children.filter(({ status }) => isDoneStatus(status, [])).length;
  const lines = (arrow: string, links: readonly LinkedIssue[]) => links.map((link) => linkLine(arrow, link, style));
  return [
    ...section("PARENT", lines("↑", ofType(dependencies, ["parent-child"])), style),
    ...section("DEPENDS ON", lines("→", notOfType(dependencies, [...TOLD_APART])), style),
    ...section("DISCOVERED FROM", lines("◊", ofType(dependencies, ["discovered-from"])), style),
    ...section(`CHILDREN (${done}/${children.length} done)`, lines("↳", children), style),
    ...section("BLOCKS", lines("←", notOfType(dependents, [...TOLD_APART])), style),
    ...section("DISCOVERED", lines("◊", ofType(dependents, ["discovered-from"])), style),
    ...section("RELATED", lines("↔", related([...dependencies, ...dependents])), style),
  ];
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

function commentLines(comment: Comment, zone: string): string[] {
  return [`  ${shownMinute(comment.created_at, zone)} ${comment.author}`, ...indented(comment.text, "    ")];
}
