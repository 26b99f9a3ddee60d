import { BdError, command } from "../errors.ts";
import { beginMerge, haveSameTables } from "../store/merge.ts";
import type { CommitRequest, Reader, Session } from "../store/session-types.ts";
import {
  type CommitLine,
  compareCommits,
  countCommits,
  countIssues,
  countOtherIssues,
  listCommits,
} from "./compare.ts";
import { fetchRemote } from "./fetch.ts";
import { readChanges } from "./incoming/incoming.ts";
import { type RetryPolicy, reaching } from "./remote/reach.ts";
import { otherHistory, type RemotePlace, remoteAhead } from "./remote/remote-errors.ts";
import type { Transport } from "./remote/transport.ts";

export interface PushPlan {
  /** Our newest commit. */
  readonly local: string;
  /** The remote's newest commit; undefined where nothing was ever pushed there. */
  readonly remote: string | undefined;
  /** Commits that go there. */
  readonly commits: number;
  /** Issues that they change, by themselves or in what hangs on them; one that moved is one. */
  readonly issues: number;
  /** What only the remote has: pushing would throw it away. */
  readonly lost: Lost | undefined;
  /** Whether the remote has our tables, by whatever commits. */
  readonly isSame: boolean;
  /** The remote's commit that ours takes the place of, instead of following it. */
  readonly replaces: string | undefined;
}

export interface Lost {
  readonly commits: number;
  /** Issues that would become others than they are there. */
  readonly issues: number;
  /** The newest of the commits. */
  readonly newest: readonly CommitLine[];
  /** Whether the two histories have a commit in common. */
  readonly isRelated: boolean;
}

export interface PushOptions {
  readonly session: Session;
  readonly transport: Transport;
  readonly retry: RetryPolicy;
  /** The commit to push. */
  readonly local: string;
}

const SHOWN_COMMITS = 10;

/** What a push would do, by what the remote has right now: what we knew of it may be old. Throws BdError. */
export async function planPush(options: PushOptions): Promise<PushPlan> {
  const { session, local } = options;
  const { hash: remote, beginning } = await fetchRemote(options);
  if (remote !== undefined) return planAgainst(session, local, remote);
  const [commits, issues] = await session.read((reader) =>
    reader.all([countCommits(beginning, local), countIssues(local)]),
  );
  return {
    local,
    remote,
    commits,
    issues,
    lost: undefined,
    isSame: false,
    replaces: await inTheWay(session, local, beginning),
  };
}

async function planAgainst(session: Session, local: string, remote: string): Promise<PushPlan> {
  const { ahead, behind, base } = await compareCommits(session, local, remote);
  const counts = await session.read(async (reader) => {
    const [newest, isSame] = await reader.all([
      listCommits(local, remote, SHOWN_COMMITS),
      haveSameTables(local, remote),
    ]);
    const issues = await changedIssues(reader, { base, other: remote, to: local });
    return { newest, isSame, issues, issuesLost: await changedIssues(reader, { base, other: local, to: remote }) };
  });
  const { newest, isSame, issues, issuesLost } = counts;
  const plan = { local, remote, commits: ahead, issues, isSame };
  if (behind === 0) return { ...plan, lost: undefined, replaces: undefined };
  const lost = { commits: behind, issues: issuesLost, newest, isRelated: base !== undefined };
  return { ...plan, lost, replaces: remote };
}

/** How many issues one side changed since both parted, as a pull counts them; without a common commit, how many differ. */
async function changedIssues(
  reader: Reader,
  { base, other, to }: { readonly base: string | undefined; readonly other: string; readonly to: string },
): Promise<number> {
  if (base === to) return 0;
  if (base !== undefined) return (await readChanges(reader, base, to)).changes.length;
  const [differing] = await reader.all([countOtherIssues(other, to)]);
  return differing;
}

/**
 * Where the remote came to our tables by other commits there is nothing to pull, and it takes ours only when they follow
 * its own: joins the two. Gives the commit to push, or undefined where that is not so.
 */
export async function joinSameTables(
  session: Session,
  { remote, lost, isSame }: PushPlan,
  commit: CommitRequest,
): Promise<string | undefined> {
  if (remote === undefined || lost?.isRelated !== true || !isSame) return undefined;
  const request = { commit, theirs: remote, joins: "histories" } as const;
  const { head } = await session.merge(request, async (merge) => {
    if (merge.kind === "merge") await merge.all([beginMerge(remote)]);
  });
  return head;
}

/** The beginning of an empty database, unless our history is one that began with it. */
async function inTheWay(session: Session, local: string, beginning: string | undefined): Promise<string | undefined> {
  if (beginning === undefined) return undefined;
  const { base } = await compareCommits(session, local, beginning);
  return base === undefined ? beginning : undefined;
}

export interface Pushed {
  /** What was pushed: another plan than the given one where the remote has moved since that. */
  readonly plan: PushPlan;
  /** The remote's newest commit. */
  readonly there: string;
}

/**
 * Pushes, then fetches back and compares: the push counts only when the remote has our commit. What it overwrites must
 * still be there as it was in the plan: where the remote has moved, there is a new plan, once, but none that throws away
 * what nobody was shown.
 * Throws BdError, among them conflict REMOTE_AHEAD, OTHER_HISTORY, REMOTE_DIRTY; unavailable PUSH_NOT_VERIFIED.
 */
export async function executePush(
  options: PushOptions,
  plan: PushPlan,
  { force }: { readonly force: boolean },
): Promise<Pushed> {
  const { transport } = options;
  const place: RemotePlace = { name: transport.remote.name, url: transport.remote.url.text };
  if (!force) refuseLoss(plan, place);
  try {
    return await pushPlanned(options, plan, place);
  } catch (error) {
    if (force || !saysThatRemoteMoved(error)) throw error;
  }
  const second = await planPush(options);
  refuseLoss(second, place);
  return pushPlanned(options, second, place);
}

function refuseLoss({ lost }: PushPlan, place: RemotePlace): void {
  if (lost !== undefined) throw lost.isRelated ? remoteAhead(place, lost.commits) : otherHistory(place);
}

function saysThatRemoteMoved(error: unknown): boolean {
  return error instanceof BdError && (error.code === "REMOTE_AHEAD" || error.code === "OTHER_HISTORY");
}

async function pushPlanned(
  { session, transport, retry, local }: PushOptions,
  plan: PushPlan,
  place: RemotePlace,
): Promise<Pushed> {
  const { lost, replaces } = plan;
  if (replaces !== undefined && lost === undefined)
    retry.note(`remote '${place.name}' holds an empty database; ours takes its place`);
  const there = await reaching(transport, retry, () => transport.push({ commit: local, replaces }));
  const missing = there === undefined ? undefined : await compareCommits(session, local, there);
  if (there === undefined || missing === undefined || missing.ahead > 0) throw notVerified(place, local, there);
  return { plan, there };
}

function notVerified({ name }: RemotePlace, local: string, there: string | undefined): BdError {
  const has = there === undefined ? "nothing" : there.slice(0, 8);
  return new BdError(
    "unavailable",
    "PUSH_NOT_VERIFIED",
    `remote '${name}' took the push without an error, but has ${has} where ${local.slice(0, 8)} should be`,
    { hint: command`bd dolt push`, details: { remote: name, local, remote_hash: there } },
  );
}
