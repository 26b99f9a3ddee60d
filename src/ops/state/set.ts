import * as z from "zod/mini";
import { checkGivenLabel } from "../../core/issue/given-label.ts";
import { parseState, stateLabel, stateOf } from "../../core/issue/state-label.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { lastCommentTimesOf } from "../../store/queries/issue-parts.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { insertComments } from "../../store/queries/write-issues.ts";
import { combine } from "../../store/query.ts";
import { checkComment } from "../comment/check-comment.ts";
import { planUpdate } from "../issue/write/plan-update.ts";
import { NO_CHANGES } from "../issue/write/update-input.ts";
import { updateWrites } from "../issue/write/update-writes.ts";
import { familyNames } from "../issue/write/write-and-read.ts";
import { loadNamed, NOTHING_BESIDE, oneNamed } from "../named-issues/named-issues.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";

const SetStateInput = z.strictObject({
  id: z.string(),
  /** `dimension=value`. */
  state: z.string(),
  /** Becomes a comment. */
  reason: z.optional(z.string()),
});

export interface StateChange {
  readonly id: string;
  readonly dimension: string;
  readonly oldValue: string | undefined;
  readonly newValue: string;
  readonly changed: boolean;
}

/** One label of the dimension in place of those that there are. Throws BdError usage STATE_INVALID and as labels; not-found. */
export const setState = defineOperation({
  name: "state.set",
  access: "write",
  input: SetStateInput,
  async run(context, input: z.infer<typeof SetStateInput>): Promise<StateChange> {
    const wanted = parseState(input.state);
    const label = stateLabel(wanted);
    checkGivenLabel(label);
    if (input.reason !== undefined) checkComment(input.reason);
    const { name: actor } = await context.actor();
    let id = "";
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => `bd: set ${label} on ${id}`,
      async (tx) => {
        const named = await loadNamed(tx, [input.id], { load: labelled, beside: NOTHING_BESIDE });
        moved = named.moved;
        const item = oneNamed(named);
        const { issue, lastComment } = item.found;
        id = issue.id;
        const old = (issue.labels ?? []).filter((one) => stateOf(one)?.dimension === wanted.dimension);
        const oldValue = old.flatMap((one) => stateOf(one)?.value ?? [])[0];
        const state = { id, dimension: wanted.dimension, oldValue, newValue: wanted.value };
        if (old.length === 1 && old[0] === label) return { ...state, changed: false };
        const at = changeTime(tx.now(), issue.updated_at, lastComment);
        const family = familyNames(item.tables);
        const changes = { ...NO_CHANGES, addLabels: [label], removeLabels: old.filter((one) => one !== label) };
        const update = planUpdate(issue, changes, { config: named.config, at, session: undefined });
        const said = `${wanted.dimension}: ${oldValue === undefined ? "" : `${oldValue} → `}${wanted.value}`;
        const text = `${said}\n\n${input.reason}`;
        await tx.all([
          ...updateWrites(family, id, update, { actor, newId: context.newId, at }),
          ...(input.reason === undefined
            ? []
            : [insertComments(family, [{ id: context.newId(), issue_id: id, author: actor, text, created_at: at }])]),
        ]);
        return { ...state, changed: true };
      },
    );
    await sayMoved(context, moved);
    await context.lastTouched.write(result.id);
    return result;
  },
  wire: {
    of: ({ id, dimension, oldValue, newValue, changed }) => ({
      issue_id: id,
      dimension,
      ...(changed ? { old_value: oldValue ?? null, new_value: newValue } : { value: newValue }),
      changed,
    }),
    schema: () =>
      z.looseObject({
        issue_id: z.string(),
        dimension: z.string(),
        value: z.optional(z.string()),
        old_value: z.optional(z.nullable(z.string())),
        new_value: z.optional(z.string()),
        changed: z.boolean(),
      }),
  },
});

function labelled(selection: Selection) {
  return combine([labelledIssues(selection), lastCommentTimesOf(selection)], (issues, times) =>
    issues.map((issue) => ({ issue, lastComment: times.get(issue.id) })),
  );
}
