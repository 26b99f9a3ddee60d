import { isHolder } from "../../../core/claim/claim.ts";
import { type ClaimableFacts, type NothingToClaim, nextToClaim, whyNothing } from "../../../core/claim/next-claim.ts";
import type { Issue } from "../../../core/issue/issue.ts";
import type { IssueFilter, IssueOrder } from "../../../core/issue/issue-filter.ts";
import { readyOrder } from "../../../core/ready/ready-order.ts";
import { STATUSES_ON_THE_TABLE } from "../../../core/ready/rests.ts";
import { toWireTime } from "../../../core/time/wire-time.ts";
import { issuesByIds, issuesOf } from "../../../store/queries/issues.ts";
import { lastClaimsOf } from "../../../store/queries/last-claims.ts";
import { idsThatFit, unclaimedWork } from "../../../store/queries/readiness-facts.ts";
import { selectIssues } from "../../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../../store/queries/tables.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Transaction } from "../../../store/session-types.ts";
import { type Moved, movedBeside } from "../../named-issues/say-moved.ts";
import { type FoundReady, findReady, idsBelow, movedParent, type ReadyQuestion } from "./find-ready.ts";
import { requireKnownWords } from "./known-words.ts";

export interface NextRequest {
  /** Which work. */
  readonly question: ReadyQuestion;
  readonly actor: string;
  readonly session: string | undefined;
}

export interface NextFound {
  readonly issue: Issue | undefined;
  /** Whether the session has it already. */
  readonly held: boolean;
  /** Where there is no issue. */
  readonly nothing: NothingToClaim | undefined;
  readonly moved: Moved;
}

/** What the session holds, or the ready issue that its claimant is to be given. One packet, mostly. */
export async function findNext(tx: Transaction, request: NextRequest): Promise<NextFound> {
  const { actor } = request;
  const { input, filter: asked } = request.question;
  const filter: IssueFilter = { ...asked, statuses: takeable(input), freeFor: actor };
  const question = { ...request.question, filter };
  const [found, mine, epics, likely, holding, movedIds] = await tx.all([
    findReady(question),
    idsThatFit({ ...filter, assignee: actor }),
    asked.types?.includes("epic") === true
      ? NO_EPICS
      : idsThatFit({ types: ["epic"], statuses: STATUSES_ON_THE_TABLE }),
    likelyIssues(question),
    heldIssues(request),
    movedBeside(input.below),
  ]);
  await requireKnownWords(tx, asked, found.config);
  const moved = await movedParent(tx, input.below, { loaded: found, movedIds });
  const held = heldFirst(holding, found, request.question);
  if (held !== undefined) return { issue: held, held: true, nothing: undefined, moved };
  const facts = { readiness: found.readiness, mine: new Set(mine), epics: new Set(epics) };
  const id = nextToClaim(found.ids, facts);
  if (id === undefined) {
    return { issue: undefined, held: false, nothing: await obstacles(tx, found, request.question, facts), moved };
  }
  const known = likely.find((issue) => issue.id === id);
  const [[issue]] = known === undefined ? await tx.all([issuesByIds(ISSUE_TABLES, [id])]) : [[known]];
  return { issue, held: false, nothing: undefined, moved };
}

/** Nobody is given work that still rests, not even where it may be shown. */
function takeable({ include_deferred: shown }: ReadyQuestion["input"]): readonly string[] {
  return shown ? ["open"] : STATUSES_ON_THE_TABLE;
}

const NO_EPICS: Query<string[]> = { statements: [], decode: () => [] };

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

/** What the session works on, of the work that is asked for. Without a session nobody can say which of them it is. */
function heldIssues({ question: { filter }, actor, session }: NextRequest): Query<Issue[]> {
  if (session === undefined) return { statements: [], decode: () => [] };
  const own: IssueFilter = { ...filter, statuses: ["in_progress"], freeFor: actor, awakeAt: undefined };
  const selection = selectIssues(ISSUE_TABLES, {
    filter: own,
    order: { field: "priority", reverse: false },
    limit: 0,
  });
  return combine([selection.choose, issuesOf(selection), lastClaimsOf(selection)], (_chosen, issues, claims) =>
    issues.filter((issue) => isHolder({ issue, lastClaim: claims.get(issue.id), actor, session })),
  );
}

function heldFirst(held: readonly Issue[], found: FoundReady, { input, now }: ReadyQuestion): Issue | undefined {
  const below = input.below === undefined ? undefined : idsBelow(input.below, found);
  return held.filter(({ id }) => below?.has(id) ?? true).toSorted(readyOrder(input.sort, now))[0];
}

async function obstacles(
  tx: Transaction,
  found: FoundReady,
  { input, filter, now }: ReadyQuestion,
  facts: ClaimableFacts,
): Promise<NothingToClaim> {
  const statuses = [...STATUSES_ON_THE_TABLE, "in_progress"];
  const [work] = await tx.all([unclaimedWork({ ...filter, statuses, awakeAt: undefined }, toWireTime(now))]);
  const below = input.below === undefined ? undefined : idsBelow(input.below, found);
  return whyNothing(
    work.filter(({ id }) => below?.has(id) ?? true),
    facts,
  );
}
