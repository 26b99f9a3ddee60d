import * as z from "zod/mini";
import { BdError } from "../../errors.ts";
import { defineOperation, type ItemFailure, type Several } from "../operation.ts";
import { type RestoreResult, restoreIssue } from "./restore.ts";

const RestoreAllInput = z.strictObject({
  ids: z.array(z.string()),
  /** A commit's hash, or its beginning. Default: the last one in which each was there. */
  from: z.optional(z.string()),
  dry_run: z.boolean(),
});

type RestoreAllInput = z.infer<typeof RestoreAllInput>;

export interface RestoredIssues extends Several {
  readonly restored: readonly RestoreResult[];
}

/**
 * Brings deleted issues back, one after the other and each in a commit of its own: the second finds the first there, so
 * dependencies between them come back too. One that can't be restored does not stop the others.
 */
export const restoreAll = defineOperation({
  name: "issue.restore-all",
  access: "write",
  input: RestoreAllInput,
  async run(context, { ids, from, dry_run }: RestoreAllInput): Promise<RestoredIssues> {
    const restored: RestoreResult[] = [];
    const failures: ItemFailure[] = [];
    for (const id of new Set(ids)) {
      try {
        restored.push(await restoreIssue.run(context, { id, from, dry_run }));
      } catch (error) {
        if (!(error instanceof BdError) || !["not-found", "rejected", "usage"].includes(error.kind)) throw error;
        failures.push({ item: id, error });
      }
    }
    return { restored, failures };
  },
  wire: {
    of: ({ restored }, { from, dry_run }) =>
      restored.map((one) => restoreIssue.wire.of(one, { id: one.issue.id, from, dry_run })),
    schema: async () => z.array(await restoreIssue.wire.schema()),
  },
});
