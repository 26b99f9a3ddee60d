import * as z from "zod/mini";
import type { Issue } from "../../core/issue.ts";
import { blockedIds, blockersOf, evaluateReadiness } from "../../core/readiness.ts";
import { readyOrder } from "../../core/ready-order.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { labelledByIds } from "../../store/queries/issues.ts";
import { loadReadiness, readyOrderKeys, unfinishedWork, type WorkLine } from "../../store/queries/readiness-facts.ts";
import type { Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { defineOperation } from "../operation.ts";
import { natural, time } from "../wire/formats.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { idsBelow, movedParent } from "./find-ready.ts";
import { holdsBeside, sayMoved } from "./say-moved.ts";

const BlockedInput = z.strictObject({
  /** Only what is assigned to whoever asks. */
  mine: z.optional(z.boolean()),
  /** Only what stands below that issue, at any depth. */
  below: z.optional(z.string()),
  /** Every field of each issue, not only what a line tells; takes another round trip. */
  whole: z.boolean(),
});

export type BlockedIssue = (Issue | WorkLine) & {
  readonly blocked_by_count: number;
  /** What it waits for; of a child whose parent waits, the parent. */
  readonly blocked_by: readonly string[];
};

export const blockedIssues = defineOperation({
  name: "issue.blocked",
  access: "read",
  input: BlockedInput,
  async run(
    context,
    { mine, below, whole }: z.infer<typeof BlockedInput>,
  ): Promise<{ issues: readonly BlockedIssue[] }> {
    const me = mine === true ? (await context.actor()).name : undefined;
    const { moved, issues } = await context.read(async (reader) => {
      const now = context.clock();
      const [loaded, lines, own, holds] = await reader.all([
        loadReadiness(toWireTime(now)),
        whole ? NO_LINES : unfinishedWork,
        me === undefined ? ANYBODYS : readyOrderKeys({ assignee: me }),
        holdsBeside(below),
      ]);
      const readiness = evaluateReadiness(loaded.facts);
      const wanted = below === undefined ? undefined : idsBelow(below, loaded);
      const mineIds = own && new Set(own.map(({ id }) => id));
      const ids = blockedIds(readiness).filter((id) => (wanted?.has(id) ?? true) && (mineIds?.has(id) ?? true));
      const found = whole ? await issuesWith(reader, ids) : ids.map((id) => lines.get(id));
      return {
        moved: movedParent(below, loaded, holds),
        issues: found
          .filter((issue) => issue !== undefined)
          .toSorted(readyOrder("priority", now))
          .map((issue) => {
            const blockers = blockersOf(readiness, issue.id);
            return { ...issue, blocked_by_count: blockers.length, blocked_by: blockers };
          }),
      };
    });
    await sayMoved(context, moved);
    return { issues };
  },
  wire: {
    of: ({ issues }) => issues,
    schema() {
      const waits = { blocked_by_count: natural(), blocked_by: z.array(z.string()) };
      const line = { id: z.string(), priority: z.int(), created_at: time(), title: z.string() };
      return z.array(z.union([labelledIssue(waits), z.looseObject({ ...line, ...waits })]));
    },
  },
});

const ANYBODYS: Query<undefined> = { statements: [], decode: () => undefined };
const NO_LINES: typeof unfinishedWork = { statements: [], decode: () => new Map() };

async function issuesWith(reader: Reader, ids: readonly string[]): Promise<Issue[]> {
  if (ids.length === 0) return [];
  const [issues] = await reader.all([labelledByIds(ids)]);
  return issues;
}
