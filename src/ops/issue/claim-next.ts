import type { Issue, IssueWithCounts } from "../../core/issue.ts";
import type { IssueOrder } from "../../core/issue-filter.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { combine, type Query } from "../../store/query.ts";
import { issuesByIds, issuesOf } from "../../store/queries/issues.ts";
import { listedIssues } from "../../store/queries/listed-issues.ts";
import { selectIds, selectIssues } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { Transaction } from "../../store/store.ts";
import { defineOperation } from "../operation.ts";
import { claimWrites } from "./claim.ts";
import { findReady, ReadyInput, readyFilter } from "./find-ready.ts";

/** Claims the first ready issue that nobody has. Under the write lock, so that no two callers get the same. */
export const claimNext = defineOperation({
  name: "issue.claim-next",
  access: "write",
  input: ReadyInput,
  async run(context, input: ReadyInput): Promise<{ issues: readonly IssueWithCounts[] }> {
    const request: NextRequest = {
      input: { ...input, filter: { ...input.filter, assignee: undefined, unassigned: true } },
      now: context.clock(),
      actor: (await context.actor()).name,
      session: await context.claimSession(),
      newId: context.newId,
    };
    let id = "";
    const issues = await context.write(
      () => `bd: claim ${id}`,
      async (tx) => {
        const next = await findNext(tx, request);
        if (next === undefined) return [];
        id = next.id;
        return claimIt(tx, next, request);
      },
    );
    return { issues };
  },
});

interface NextRequest {
  readonly input: ReadyInput;
  readonly now: Date;
  readonly actor: string;
  readonly session: string | undefined;
  readonly newId: () => string;
}

async function findNext(tx: Transaction, { input, now }: NextRequest): Promise<Issue | undefined> {
  const [found, likely] = await tx.all([findReady(input, now), likelyIssues(input, now)]);
  const [id] = found.ids;
  if (id === undefined) return undefined;
  const known = likely.find((issue) => issue.id === id);
  if (known !== undefined) return known;
  const [[next]] = await tx.all([issuesByIds(ISSUE_TABLES, [id])]);
  return next;
}

const LIKELY = 100;

/**
 * The first candidates in full, ready or not: one of them is nearly always the one, and the event of its claim tells
 * what it was, so having it at hand saves a round trip under the lock.
 */
function likelyIssues(input: ReadyInput, now: Date): Query<Issue[]> {
  const order: IssueOrder =
    input.sort === "oldest" ? { field: "created", reverse: true } : { field: "priority", reverse: false };
  const selection = selectIssues(ISSUE_TABLES, { filter: readyFilter(input, now), order, limit: LIKELY });
  return combine([selection.choose, issuesOf(selection)], (_chosen, issues) => issues);
}

async function claimIt(tx: Transaction, issue: Issue, request: NextRequest): Promise<readonly IssueWithCounts[]> {
  const { actor, session, now, newId } = request;
  const writes = claimWrites({ issue, lastClaim: undefined, actor, session, now: toWireTime(now) }, newId);
  const [, claimed] = await tx.all([
    combine(writes, () => {}),
    listedIssues(selectIds(ISSUE_TABLES, [issue.id], "claimed")),
  ]);
  return claimed;
}
