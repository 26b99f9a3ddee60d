import { BdError } from "../errors.ts";
import type { Session } from "../store/store.ts";
import {
  type CommitLine,
  compareCommits,
  countChangedIssues,
  countCommits,
  countIssues,
  isEmptyBeginning,
  listCommits,
  trackedHash,
} from "./compare.ts";
import { fetchRemote } from "./fetch.ts";
import { type Patience, reaching } from "./reach.ts";
import { otherHistory, type RemotePlace, remoteAhead } from "./remote-errors.ts";
import type { Transport } from "./transport.ts";

export interface PushPlan {
  /** Our newest commit. */
  readonly local: string;
  /** The remote's newest commit, as far as we know; undefined where nothing was ever pushed there. */
  readonly remote: string | undefined;
  /** Commits that go there. */
  readonly commits: number;
  /** Issues that they change. */
  readonly issues: number;
  /** What only the remote has: pushing would throw it away. */
  readonly lost: Lost | undefined;
  /** The remote is a database in which nothing was ever done: ours takes its place. */
  readonly replacesBeginning: boolean;
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
  readonly patience: Patience;
  /** The commit to push. */
  readonly local: string;
}

const SHOWN_COMMITS = 10;

/**
 * What a push would do. Asks the remote where `fresh` says so, and where what we know of it would stop the push: otherwise
 * the push itself says whether we knew its newest commit. Throws BdError.
 */
export async function planPush(options: PushOptions, { fresh }: { readonly fresh: boolean }): Promise<PushPlan> {
  const { session, transport, patience, local } = options;
  if (!fresh) {
    const [known] = await session.read((reader) => reader.all([trackedHash(transport.trackingRef)]));
    const plan = known === undefined ? undefined : await planAgainst(session, local, known);
    if (plan !== undefined && plan.lost === undefined) return plan;
  }
  const { hash: remote } = await fetchRemote(transport, patience);
  return remote === undefined ? wholeHistory(session, { local, remote }) : planAgainst(session, local, remote);
}

async function planAgainst(session: Session, local: string, remote: string): Promise<PushPlan> {
  const { ahead, behind, isRelated } = await compareCommits(session, local, remote);
  if (!isRelated && (await isEmptyBeginning(session, remote, local))) return wholeHistory(session, { local, remote });
  const [issues, issuesLost, newest] = await session.read((reader) =>
    reader.all([
      countChangedIssues(remote, local, isRelated),
      countChangedIssues(local, remote, isRelated),
      listCommits(local, remote, SHOWN_COMMITS),
    ]),
  );
  const lost = behind === 0 ? undefined : { commits: behind, issues: issuesLost, newest, isRelated };
  return { local, remote, commits: ahead, issues, lost, replacesBeginning: false };
}

async function wholeHistory(session: Session, ends: Pick<PushPlan, "local" | "remote">): Promise<PushPlan> {
  const [commits, issues] = await session.read((reader) =>
    reader.all([countCommits(undefined, ends.local), countIssues(ends.local)]),
  );
  return { ...ends, commits, issues, lost: undefined, replacesBeginning: ends.remote !== undefined };
}

/**
 * Pushes, then fetches back and compares: the push counts only when the remote has our commit. Gives the remote's newest
 * commit. With `force` the remote must still be as it was in the plan, which was shown to somebody.
 * Throws BdError, among them conflict REMOTE_AHEAD, OTHER_HISTORY, REMOTE_DIRTY; unavailable PUSH_NOT_VERIFIED.
 */
export async function executePush(
  options: PushOptions,
  plan: PushPlan,
  { force }: { readonly force: boolean },
): Promise<string> {
  const { session, transport, patience, local } = options;
  const place: RemotePlace = { name: transport.remote.name, url: transport.remote.url.text };
  if (plan.lost !== undefined) {
    if (!force) throw plan.lost.isRelated ? remoteAhead(place, plan.lost.commits) : otherHistory(place);
    const { hash } = await fetchRemote(transport, patience);
    if (hash !== plan.remote) throw remoteAhead(place);
  }
  const overwrites = plan.lost !== undefined || plan.replacesBeginning;
  const there = await pushOnce(options, { place, overwrites });
  const missing = there === undefined ? undefined : await compareCommits(session, local, there);
  if (there === undefined || missing === undefined || missing.ahead > 0) throw notVerified(place, local, there);
  return there;
}

/** A rejected push says by how much the remote is ahead, which takes a fetch. */
async function pushOnce(
  { session, transport, patience, local }: PushOptions,
  { place, overwrites }: { readonly place: RemotePlace; readonly overwrites: boolean },
): Promise<string | undefined> {
  try {
    return await reaching(transport, patience, () => transport.push({ commit: local, force: overwrites }));
  } catch (error) {
    if (!(error instanceof BdError) || error.code !== "REMOTE_AHEAD") throw error;
    const { hash } = await fetchRemote(transport, patience);
    if (hash === undefined) throw error;
    const { behind } = await compareCommits(session, local, hash);
    throw remoteAhead(place, behind);
  }
}

function notVerified({ name }: RemotePlace, local: string, there: string | undefined): BdError {
  const has = there === undefined ? "nothing" : there.slice(0, 8);
  return new BdError(
    "unavailable",
    "PUSH_NOT_VERIFIED",
    `remote '${name}' took the push without an error, but has ${has} where ${local.slice(0, 8)} should be`,
    { hint: "bd dolt push", details: { remote: name, local, remote_hash: there } },
  );
}
