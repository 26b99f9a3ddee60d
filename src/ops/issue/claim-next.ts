import * as z from "zod/mini";
import { planClaim } from "../../core/claim/claim.ts";
import type { NothingToClaim } from "../../core/claim/next-claim.ts";
import type { IssueWithCounts } from "../../core/issue/issue.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { listedIssues } from "../../store/queries/issues.ts";
import { selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import { insertEvents } from "../../store/queries/write-events.ts";
import { ISSUES, updateIssue } from "../../store/queries/write-issues.ts";
import type { Transaction } from "../../store/session-types.ts";
import { type Moved, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { listedIssue } from "../wire/issue-schemas.ts";
import { findNext, type NextRequest } from "./find/find-next.ts";
import { ReadyInput, readyQuestion } from "./find/find-ready.ts";

export interface ClaimNextResult {
  /** One or none. */
  readonly issues: readonly IssueWithCounts[];
  /** Whether the session had it before. */
  readonly held: boolean;
  /** Where there is no issue. */
  readonly nothing: NothingToClaim | undefined;
}

/**
 * Gives what the session holds already, or claims the first ready issue that is assigned to the actor, or else one that
 * nobody has.
 */
export const claimNext = defineOperation({
  name: "issue.claim-next",
  access: "write",
  input: ReadyInput,
  async run(context, input: ReadyInput): Promise<ClaimNextResult> {
    const request = {
      question: await readyQuestion(context, input),
      actor: (await context.actor()).name,
      session: await context.claimSession(),
    };
    let id = "";
    const { claimed, held, nothing, moved } = await context.write(
      () => `bd: claim ${id}`,
      async (tx) => {
        const next = await claimNextReady(tx, request, context.newId);
        id = next.claimed?.id ?? "";
        return next;
      },
    );
    await sayMoved(context, moved);
    return { issues: claimed === undefined ? [] : [claimed], held, nothing };
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(listedIssue()) },
});

export interface NextClaim {
  readonly claimed: IssueWithCounts | undefined;
  readonly held: boolean;
  readonly nothing: NothingToClaim | undefined;
  /** For `sayMoved`. */
  readonly moved: Moved;
}

/** Under the write lock, so that no two callers get the same issue. */
export async function claimNextReady(tx: Transaction, request: NextRequest, newId: () => string): Promise<NextClaim> {
  const { actor, session } = request;
  const { issue, held, nothing, moved } = await findNext(tx, request);
  if (issue === undefined) return { claimed: undefined, held, nothing, moved };
  const shown = listedIssues(selectIds(ISSUE_TABLES, [issue.id], "claimed"));
  if (held) {
    const [[claimed]] = await tx.all([shown]);
    return { claimed, held, nothing, moved };
  }
  const at = changeTime(tx.now(), issue.updated_at);
  const plan = planClaim({ issue, lastClaim: undefined, actor, session, now: at });
  if (plan.kind !== "claim") throw new Error(`${issue.id} is open, and held by ${actor}`);
  const [, , [claimed]] = await tx.all([
    updateIssue(ISSUES, issue.id, plan.patch),
    insertEvents(ISSUES, [plan.event], { actor, at, newId }),
    shown,
  ]);
  return { claimed, held, nothing, moved };
}
