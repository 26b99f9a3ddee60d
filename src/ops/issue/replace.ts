import * as z from "zod/mini";
import { allEdges } from "../../store/queries/edges.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import type { WriteContext } from "../context.ts";
import { bare, loadNamed } from "../named-issues/named-issues.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { replacementWrites } from "./write/replacement-writes.ts";

const ReplaceInput = z.strictObject({
  id: z.string(),
  /** The issue that stays. */
  by: z.string(),
});

type ReplaceInput = z.infer<typeof ReplaceInput>;

export interface ReplacedIssue {
  readonly id: string;
  readonly by: string;
}

/** Closes an issue that says the same as another one. Throws BdError as `planDependencies`; not-found. */
export const duplicateIssue = defineOperation({
  name: "issue.duplicate",
  access: "write",
  input: ReplaceInput,
  run: (context, input: ReplaceInput): Promise<ReplacedIssue> =>
    replace(context, input, { type: "duplicates", reason: "Duplicate of" }),
  wire: {
    of: ({ id, by }) => ({ duplicate: id, canonical: by, status: "closed" }),
    schema: () => z.looseObject({ duplicate: z.string(), canonical: z.string(), status: z.literal("closed") }),
  },
});

/** Closes an issue in whose place another one has come. Throws as `duplicateIssue`. */
export const supersedeIssue = defineOperation({
  name: "issue.supersede",
  access: "write",
  input: ReplaceInput,
  run: (context, input: ReplaceInput): Promise<ReplacedIssue> =>
    replace(context, input, { type: "supersedes", reason: "Superseded by" }),
  wire: {
    of: ({ id, by }) => ({ superseded: id, replacement: by, status: "closed" }),
    schema: () => z.looseObject({ superseded: z.string(), replacement: z.string(), status: z.literal("closed") }),
  },
});

/** An edge to the issue that stays, and the other one closed, whatever waits for it or belongs to it. */
async function replace(
  context: WriteContext,
  input: ReplaceInput,
  { type, reason }: { readonly type: string; readonly reason: string },
): Promise<ReplacedIssue> {
  const actor = (await context.actor()).name;
  const session = await context.claimSession();
  let replaced: ReplacedIssue = input;
  let moved = NOBODY_MOVED;
  await context.write(
    () => `bd: close ${replaced.id}, ${type} ${replaced.by}`,
    async (tx) => {
      const named = await loadNamed(tx, [input.id, input.by], {
        load: (selection) => bare(labelledIssues(selection)),
        beside: allEdges,
      });
      moved = named.moved;
      const [failure] = named.failures;
      if (failure !== undefined) throw failure.error;
      // Two names of one issue are one item, and the rules refuse an edge to itself.
      const [item, other = item] = named.items;
      if (item === undefined || other === undefined) throw new Error("issues were neither found nor missed");
      replaced = { id: item.found.issue.id, by: other.found.issue.id };
      const closing = { session, source: { actor, newId: context.newId }, now: tx.now() };
      const writes = replacementWrites([item, other], named.beside, { type, reason, ...closing });
      if (writes.length > 0) await tx.all(writes);
    },
  );
  await sayMoved(context, moved);
  await context.lastTouched.write(replaced.id);
  return replaced;
}
