import * as z from "zod/mini";
import { checkExplicitId } from "../../core/issue/issue-id.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import { bare, loadNamed, NOTHING_BESIDE, oneNamed } from "../named-issues/named-issues.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { loadRenaming, renameWrites } from "./write/rename-writes.ts";

const RenameInput = z.strictObject({
  /** The issue, or a part of its id. */
  id: z.string(),
  /** The new id, whole. */
  to: z.string(),
  /** Let any prefix pass. */
  force: z.boolean(),
});

export interface RenamedIssue {
  readonly from: string;
  readonly to: string;
  /** Old ids and the new ones, those of numbered children too. */
  readonly ids: ReadonlyMap<string, string>;
  /** How many issues and comments mention one of them. */
  readonly mentions: number;
}

/**
 * Gives an issue another id, and its numbered children along with it, in one commit: wherever the ids stand, in texts too.
 * Throws BdError usage INVALID_ID; rejected ID_EXISTS, PREFIX_MISMATCH; not-found.
 */
export const renameIssue = defineOperation({
  name: "issue.rename",
  access: "write",
  input: RenameInput,
  async run(context, input: z.infer<typeof RenameInput>): Promise<RenamedIssue> {
    const actor = (await context.actor()).name;
    const { to } = input;
    let from = "";
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => `bd: rename ${from} to ${to}`,
      async (tx) => {
        const named = await loadNamed(tx, [input.id], {
          load: (selection) => bare(issuesOf(selection)),
          beside: NOTHING_BESIDE,
        });
        moved = named.moved;
        const item = oneNamed(named);
        from = item.found.issue.id;
        checkExplicitId(to, { ...named.config, force: input.force });
        const renaming = await loadRenaming(tx, { from, to, joint: ".", others: [] });
        refuseTaken(renaming.taken ?? (from === to ? to : undefined));
        const source = { actor, newId: context.newId, at: toWireTime(tx.now()) };
        await tx.all(renameWrites(renaming, source, tx.now()));
        const { facts, ids } = renaming;
        const texts = [facts.issueTexts, facts.wispTexts, facts.commentTexts, facts.wispCommentTexts];
        return { from, to, ids, mentions: texts.flat().length };
      },
    );
    await sayMoved(context, moved);
    await context.lastTouched.move(result.ids);
    return result;
  },
  wire: {
    of: ({ from, to, ids, mentions }) => ({
      old_id: from,
      new_id: to,
      issues_count: ids.size,
      references_updated: mentions,
    }),
    schema: () =>
      z.looseObject({
        old_id: z.string(),
        new_id: z.string(),
        issues_count: natural(),
        references_updated: natural(),
      }),
  },
});

function refuseTaken(taken: string | undefined): void {
  if (taken === undefined) return;
  throw new BdError("rejected", "ID_EXISTS", `issue ${taken} exists already`, { hint: command`bd show ${taken}` });
}
