import * as z from "zod/mini";
import { changeTime } from "../../core/change-time.ts";
import { planClaim } from "../../core/claim.ts";
import type { Issue, IssueWithCounts } from "../../core/issue.ts";
import type { IssueOrder } from "../../core/issue-filter.ts";
import { issuesByIds, issuesOf, listedIssues } from "../../store/queries/issues.ts";
import { selectIds, selectIssues } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import { insertEvents } from "../../store/queries/write-events.ts";
import { ISSUES, updateIssue } from "../../store/queries/write-issues.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Transaction } from "../../store/session-types.ts";
import { defineOperation } from "../operation.ts";
import { listedIssue } from "../wire/issue-schemas.ts";
import { findReady, movedParent, ReadyInput, type ReadyQuestion, readyQuestion } from "./find-ready.ts";
import { requireKnownWords } from "./known-words.ts";
import { holdsBeside, type Moved, sayMoved } from "./say-moved.ts";

/** Claims the first ready issue that nobody has. Gives no issue where there is none. */
export const claimNext = defineOperation({
  name: "issue.claim-next",
  access: "write",
  input: ReadyInput,
  async run(context, input: ReadyInput): Promise<{ issues: readonly IssueWithCounts[] }> {
    const request = {
      question: await readyQuestion(context, input),
      actor: (await context.actor()).name,
      session: await context.claimSession(),
      newId: context.newId,
    };
    let id = "";
    const { claimed, moved } = await context.write(
      () => `bd: claim ${id}`,
      async (tx) => {
        const next = await claimNextReady(tx, request);
        id = next.claimed?.id ?? "";
        return next;
      },
    );
    await sayMoved(context, moved);
    return { issues: claimed === undefined ? [] : [claimed] };
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(listedIssue()) },
});

export interface NextRequest {
  /** Which work; who it is assigned to does not count, because only unassigned work is taken. */
  readonly question: ReadyQuestion;
  readonly actor: string;
  readonly session: string | undefined;
  readonly newId: () => string;
}

export interface NextClaim {
  /** Undefined when nothing is ready. */
  readonly claimed: IssueWithCounts | undefined;
  /** For `sayMoved`. */
  readonly moved: Moved;
}

/** Under the write lock, so that no two callers get the same issue. */
export async function claimNextReady(tx: Transaction, request: NextRequest): Promise<NextClaim> {
  const { actor, session, newId } = request;
  const { issue, moved } = await findNext(tx, request);
  if (issue === undefined) return { claimed: undefined, moved };
  const at = changeTime(tx.now(), issue.updated_at);
  const plan = planClaim({ issue, lastClaim: undefined, actor, session, now: at });
  if (plan.kind !== "claim") throw new Error(`unassigned work is held by ${actor}`);
  const [, , [claimed]] = await tx.all([
    updateIssue(ISSUES, issue.id, plan.patch),
    insertEvents(ISSUES, [plan.event], { actor, at, newId }),
    listedIssues(selectIds(ISSUE_TABLES, [issue.id], "claimed")),
  ]);
  return { claimed, moved };
}

async function findNext(
  tx: Transaction,
  request: NextRequest,
): Promise<{ readonly issue: Issue | undefined; readonly moved: Moved }> {
  const { input, filter } = request.question;
  const question = { ...request.question, filter: { ...filter, assignee: undefined, unassigned: true } };
  const [found, likely, holds] = await tx.all([findReady(question), likelyIssues(question), holdsBeside(input.below)]);
  await requireKnownWords(tx, filter, found.config);
  const moved = movedParent(input.below, found, holds);
  const [id] = found.ids;
  if (id === undefined) return { issue: undefined, moved };
  const known = likely.find((issue) => issue.id === id);
  const [[issue]] = known === undefined ? await tx.all([issuesByIds(ISSUE_TABLES, [id])]) : [[known]];
  return { issue, moved };
}

const LIKELY = 100;

/**
 * The first candidates in full, ready or not: one of them is nearly always the one, and the event of its claim tells
 * what it was, so having it at hand saves a round trip under the lock.
 */
function likelyIssues({ input, filter }: ReadyQuestion): Query<Issue[]> {
  const order: IssueOrder =
    input.sort === "oldest" ? { field: "created", reverse: true } : { field: "priority", reverse: false };
  const selection = selectIssues(ISSUE_TABLES, { filter, order, limit: LIKELY });
  return combine([selection.choose, issuesOf(selection)], (_chosen, issues) => issues);
}
