import * as z from "zod/mini";
import { eventValue, type IssueEvent } from "../../core/event-row.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { checkText } from "../../core/text-limits.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import { type EventSource, insertEvents } from "../../store/queries/write-events.ts";
import { updateIssue } from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";
import { bare, loadNamed, type NamedIssue, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type Several } from "../operation.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { statusEffects, statusEvent } from "./write/status-effects.ts";
import { familyNames, writeBack } from "./write/write-and-read.ts";

export const ReopenInput = z.strictObject({
  ids: z.array(z.string()),
  reason: z.optional(z.string()),
});

export type ReopenInput = z.infer<typeof ReopenInput>;

export interface ReopenResult extends Several {
  readonly issues: readonly Issue[];
  /** Ids of those that were open already, which stay as they were. */
  readonly already: readonly string[];
}

const OPEN = "open";

export const reopenIssues = defineOperation({
  name: "issue.reopen",
  access: "write",
  input: ReopenInput,
  async run(context, { ids, reason }: ReopenInput): Promise<ReopenResult> {
    if (reason !== undefined) checkText("text", reason);
    const source = {
      actor: (await context.actor()).name,
      newId: context.newId,
    };
    let reopened: readonly string[] = [];
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => `bd: reopen ${reopened.join(" ")}`,
      async (tx) => {
        const { items, failures, ...named } = await loadNamed(tx, ids, {
          load: (selection) => bare(labelledIssues(selection)),
          beside: NOTHING_BESIDE,
        });
        moved = named.moved;
        const closed = items.filter(({ found }) => found.issue.status !== OPEN);
        reopened = closed.map(({ found }) => found.issue.id);
        const planned = closed.map((item) => ({
          issue: item.found.issue,
          tables: item.tables,
          writes: writesOf(item, reason, { ...source, at: changeTime(tx.now(), item.found.issue.updated_at) }),
        }));
        return {
          issues: await writeBack(tx, planned),
          already: items.filter((item) => !closed.includes(item)).map(({ found }) => found.issue.id),
          failures,
        };
      },
    );
    await sayMoved(context, moved);
    const [first] = result.issues;
    if (first !== undefined) await context.lastTouched.write(first.id);
    return result;
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(labelledIssue()) },
});

interface Target {
  readonly issue: Issue;
}

/** The reason becomes an event, not a comment, as with the peer. */
function writesOf(
  { tables, found: { issue } }: NamedIssue<Target>,
  reason: string | undefined,
  source: EventSource,
): Query<number>[] {
  const family = familyNames(tables);
  const events: IssueEvent[] = [
    {
      issue_id: issue.id,
      event_type: statusEvent(issue.status, OPEN),
      old_value: eventValue(issue),
      new_value: eventValue({ status: OPEN, defer_until: null }),
    },
    ...(reason === undefined ? [] : [{ issue_id: issue.id, event_type: "commented" as const, comment: reason }]),
  ];
  const patch = {
    status: OPEN,
    ...statusEffects(issue, OPEN, { at: source.at, session: undefined }),
    updated_at: source.at,
  };
  return [updateIssue(family, issue.id, patch), insertEvents(family, events, source)];
}
