import { BdError } from "../errors.ts";
import type { Session } from "../store/store.ts";
import {
  type CommitLine,
  compareCommits,
  countChangedIssues,
  countIssues,
  isEmptyBeginning,
  listCommits,
  trackedHash,
} from "./compare.ts";
import { fetchRemote } from "./fetch.ts";
import { type Patience, reaching } from "./reach.ts";
import { otherHistory, remoteAhead } from "./remote-errors.ts";
import type { Transport } from "./transport.ts";

export interface PushPlan {
  /** Our newest commit. */
  readonly local: string;
  /** The remote's newest commit as of the last fetch; undefined where nothing was ever pushed there. */
  readonly remote: string | undefined;
  /** Commits that go there. */
  readonly commits: number;
  /** Issues that they change. */
  readonly issues: number;
  /** What only the remote has: pushing would throw it away. */
  readonly lost: Lost | undefined;
}

export interface Lost {
  readonly commits: number;
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
  readonly note: (line: string) => void;
}

const SHOWN_COMMITS = 10;

/** What a push would do. Reaches for the remote where `fresh` says so, or nothing was fetched from it yet. */
export async function planPush(options: PushOptions, { fresh }: { readonly fresh: boolean }): Promise<PushPlan> {
  const { session, transport, patience, local } = options;
  const [known] = await session.read((reader) => reader.all([trackedHash(transport.trackingRef)]));
  const remote = fresh || known === undefined ? (await fetchRemote(transport, patience)).hash : known;
  return planAgainst(session, local, remote);
}

async function planAgainst(session: Session, local: string, remote: string | undefined): Promise<PushPlan> {
  if (remote === local) return { local, remote, commits: 0, issues: 0, lost: undefined };
  if (remote === undefined || (await isForeignBeginning(session, local, remote))) {
    const [all, issues] = await session.read((reader) =>
      reader.all([listedCount(local), countIssues(local)]),
    );
    return { local, remote: undefined, commits: all, issues, lost: undefined };
  }
  const { ahead, behind, isRelated } = await compareCommits(session, local, remote);
  const [issues, newest] = await session.read((reader) =>
    reader.all([countChangedIssues(remote, local), listCommits(local, remote, SHOWN_COMMITS)]),
  );
  const lost = behind === 0 ? undefined : { commits: behind, issues, newest, isRelated };
  return { local, remote, commits: ahead, issues: ahead === 0 ? 0 : issues, lost };
}
