import * as z from "zod/mini";
import type { Issue } from "../../core/issue/issue.ts";
import { blockedIds, blockersOf, evaluateReadiness } from "../../core/ready/readiness.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { labelledByIds } from "../../store/queries/issues.ts";
import { idsThatFit, loadReadiness, readyOrderKeys } from "../../store/queries/readiness-facts.ts";
import type { Reader } from "../../store/session-types.ts";
import { movedBeside, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { idsBelow, inReadyOrder, movedParent } from "./find/find-ready.ts";

const BlockedInput = z.strictObject({
  /** Only what is assigned to whoever asks. */
  mine: z.optional(z.boolean()),
  /** Only what stands below that issue, at any depth. */
  below: z.optional(z.string()),
});

export type BlockedIssue = Issue & {
  readonly blocked_by_count: number;
  /** What it waits for; of a child whose parent waits, the parent. */
  readonly blocked_by: readonly string[];
};

export interface BlockedResult {
  readonly issues: readonly BlockedIssue[];
  /** Ids of those that wait for nothing here, although somebody gave them the status `blocked`. */
  readonly byHand: readonly string[];
}

export const blockedIssues = defineOperation({
  name: "issue.blocked",
  access: "read",
  input: BlockedInput,
  async run(context, { mine, below }: z.infer<typeof BlockedInput>): Promise<BlockedResult> {
    const me = mine === true ? (await context.actor()).name : undefined;
    const { moved, ...result } = await context.read(async (reader) => {
      const now = context.clock();
      const [loaded, marked, keys, movedIds] = await reader.all([
        loadReadiness(toWireTime(now)),
        idsThatFit({ statuses: ["blocked"] }),
        readyOrderKeys({ hideClosed: true, ...(me === undefined ? {} : { assignee: me }) }),
        movedBeside(below),
      ]);
      const readiness = evaluateReadiness(loaded.facts);
      const wanted = below === undefined ? undefined : idsBelow(below, loaded);
      const blocked = new Set(blockedIds(readiness));
      const asked = keys.filter(({ id }) => wanted?.has(id) ?? true);
      const waiting = asked.filter(({ id }) => blocked.has(id));
      const ids = inReadyOrder(waiting, loaded, { sort: "priority", now }).map(({ id }) => id);
      const found = await issuesWith(reader, ids);
      return {
        moved: await movedParent(reader, below, { loaded, movedIds }),
        issues: found.map((issue) => {
          const blockers = blockersOf(readiness, issue.id);
          return { ...issue, blocked_by_count: blockers.length, blocked_by: blockers };
        }),
        byHand: marked.filter((id) => asked.some((key) => key.id === id) && !blocked.has(id)),
      };
    });
    await sayMoved(context, moved);
    return result;
  },
  wire: {
    of: ({ issues }) => issues,
    schema: () => z.array(labelledIssue({ blocked_by_count: natural(), blocked_by: z.array(z.string()) })),
  },
});

async function issuesWith(reader: Reader, ids: readonly string[]): Promise<Issue[]> {
  if (ids.length === 0) return [];
  const [issues] = await reader.all([labelledByIds(ids)]);
  return issues;
}
