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

export function insertEvents(family: FamilyNames, events: readonly IssueEvent[], source: EventSource): Query<number> {
  return write(
    build.insertInto(family.events).values(
      events.map((event) => ({
        id: source.newId(),
        issue_id: event.issue_id,
        event_type: event.event_type,
        actor: source.actor,
        old_value: event.old_value ?? "",
        new_value: event.new_value ?? "",
        comment: event.comment ?? null,
        created_at: fromWireTime(source.at),
      })),
    ),
  );
}
