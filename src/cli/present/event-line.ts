import type { ChangeEvent, FieldChanges } from "../../core/changes/change-event.ts";
import type { FeedEvent } from "../../core/changes/feed-event.ts";
import { FOLLOWING_FIELDS } from "../../core/changes/following-fields.ts";
import type { Zone } from "../../core/time/time-zone.ts";
import type { Format, Style } from "../terminal.ts";
import { shownMinute } from "./text/shown-time.ts";

interface LineOptions {
  readonly style: Style;
  readonly zone: Zone;
}

const FORMATS: Readonly<Partial<Record<ChangeEvent["type"], Format>>> = {
  created: "green",
  closed: "green",
  reopened: "yellow",
  claimed: "yellow",
  deleted: "red",
};

/** `2026-11-30 18:45  ada  closed shop-hash "Choose a password hash": Argon2id` */
export function eventLine(event: FeedEvent, { style, zone }: LineOptions): string {
  const time = style("dim", shownMinute(event.at, zone));
  if (event.type === "resync") return `${time}  the history was rewritten: read the issues anew`;
  const via = event.via === undefined ? "" : style("dim", ` (${event.via})`);
  return `${time}  ${event.actor}  ${sentence(event, style)}${via}`;
}

function sentence(event: ChangeEvent, style: Style): string {
  if (event.type === "config_changed") return `set ${event.key} ${changesText(event.changes)}`;
  const issue = `${style("bold", event.issue_id)} ${JSON.stringify(event.title)}`;
  switch (event.type) {
    case "labeled":
      return `labeled ${issue} ${event.label}`;
    case "unlabeled":
      return `took the label ${event.label} off ${issue}`;
    case "dependency_added":
    case "dependency_removed": {
      const { depends_on_id: other, type } = event.dependency;
      return `${event.type === "dependency_added" ? "linked" : "unlinked"} ${issue} to ${other} (${type})`;
    }
    case "commented":
      return `commented on ${issue}: ${shortened(event.comment.text)}`;
    case "comment_removed":
      return `took a comment off ${issue}: ${shortened(event.comment.text)}`;
    case "updated":
      return `changed ${issue} ${changesText(event.changes)}`;
    case "created":
    case "closed":
    case "reopened":
    case "claimed":
    case "deleted":
      return `${style(FORMATS[event.type] ?? "reset", event.type)} ${issue}${more(event)}`;
  }
}

/** What there is to say beside what was done. */
function more(event: Extract<ChangeEvent, { readonly moved_to?: string }>): string {
  if (event.moved_to !== undefined) return `: it is ${event.moved_to} now`;
  if (event.moved_from !== undefined) return `: it was ${event.moved_from}`;
  const of = { closed: "close_reason", claimed: "assignee" };
  const field = event.type === "closed" || event.type === "claimed" ? of[event.type] : undefined;
  const value = field === undefined ? undefined : event.changes[field]?.new;
  return typeof value === "string" && value !== "" ? `: ${shortened(value)}` : "";
}

function changesText(changes: FieldChanges): string {
  const said = Object.entries(changes).filter(([field]) => !FOLLOWING_FIELDS.has(field));
  return said.map(([field, { old, new: now }]) => `${field} ${valueText(old)} → ${valueText(now)}`).join(", ");
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  return shortened(typeof value === "string" ? value : JSON.stringify(value));
}

const LONGEST = 60;

function shortened(text: string): string {
  const [line = "", ...rest] = text.split("\n");
  const cut = line.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "");
  return cut === line && rest.length === 0 ? line : `${cut}…`;
}
