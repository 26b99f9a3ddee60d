import type { IssueEvent } from "../../core/event-row.ts";
import { fromWireTime } from "../../core/time/wire-time.ts";
import { build, write } from "../builder.ts";
import type { Query } from "../query.ts";
import type { FamilyNames } from "./write-issues.ts";

/** Who did it, when, and where fresh ids come from. */
export interface EventSource {
  readonly actor: string;
  /** Wire time. */
  readonly at: string;
  readonly newId: () => string;
}

/** An event whose id says what it is: who writes it again, or has it already, has it once. */
export interface NamedEvent extends IssueEvent {
  readonly id: string;
  readonly actor: string;
  /** Wire time. */
  readonly at: string;
}

export function insertNamedEvents(family: FamilyNames, events: readonly NamedEvent[]): Query<number> {
  return write(
    build
      .insertInto(family.events)
      .ignore()
      .values(events.map(({ id, actor, at, ...event }) => eventRow(event, { id, actor, at }))),
  );
}

export function insertEvents(family: FamilyNames, events: readonly IssueEvent[], source: EventSource): Query<number> {
  return write(
    build
      .insertInto(family.events)
      .values(events.map((event) => eventRow(event, { id: source.newId(), actor: source.actor, at: source.at }))),
  );
}

function eventRow(event: IssueEvent, { id, actor, at }: Pick<NamedEvent, "id" | "actor" | "at">) {
  return {
    id,
    issue_id: event.issue_id,
    event_type: event.event_type,
    actor,
    old_value: event.old_value ?? "",
    new_value: event.new_value ?? "",
    comment: event.comment ?? null,
    created_at: fromWireTime(at),
  };
}
