import { shownUrl } from "../../core/remote-url.ts";
import { combine, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";
import { countCommits, countToTwo, currentBranch, isEmptyBeginning } from "../compare.ts";
import { allServerRemotes, RELAY_PREFIX } from "./remotes.ts";

/** How our branch stands to a remote's, as of the last fetch or push. */
export interface TrackedRemote {
  readonly name: string;
  readonly url: string;
  /** Undefined before the first fetch, and so are the counts. */
  readonly hash: string | undefined;
  /** Commits that only we have, and that only the remote has. */
  readonly ahead: number | undefined;
  readonly behind: number | undefined;
}

export interface BranchStatus {
  readonly branch: string;
  /** Our newest commit. */
  readonly head: string;
  readonly remotes: readonly TrackedRemote[];
}

const remoteBranches = rows(
  sql`SELECT name, hash FROM dolt_remote_branches`,
  (row) => [text(row, "name"), text(row, "hash")] as const,
);

/** Asks no remote: what the database knows. */
export async function readBranchStatus(reader: Reader): Promise<BranchStatus> {
  const known = combine([currentBranch, allServerRemotes, remoteBranches], (current, all, branches) => ({
    ...current,
    hashes: new Map(branches),
    remotes: all.filter(({ name }) => !name.startsWith(RELAY_PREFIX)),
  }));
  const [{ branch, hash: head, hashes, remotes }] = await reader.all([known]);
  const tracked = remotes.map(({ name, url }) => ({
    name,
    url: shownUrl(url),
    hash: hashes.get(`remotes/${name}/${branch}`),
  }));
  const hashesSeen = tracked.flatMap(({ hash }) => hash ?? []);
  const answers = (hashesSeen.length === 0 ? [] : await standingsOf(reader, head, hashesSeen)).values();
  return {
    branch,
    head,
    remotes: tracked.map((remote) =>
      remote.hash === undefined
        ? { ...remote, ahead: undefined, behind: undefined }
        : { ...remote, ...(answers.next().value ?? { ahead: undefined, behind: undefined }) },
    ),
  };
}

interface Standing {
  readonly ahead: number;
  readonly behind: number;
}

/** The first commit of an empty database is nothing that a pull would bring. */
async function standingsOf(reader: Reader, head: string, hashes: readonly string[]): Promise<Standing[]> {
  const counts = await reader.all(
    hashes.map((theirs) =>
      combine(
        [countCommits(theirs, head), countCommits(head, theirs), countToTwo(theirs)],
        (ahead, behind, commits) => ({ theirs, ahead, behind, commits }),
      ),
    ),
  );
  const standings: Standing[] = [];
  for (const { theirs, ahead, behind, commits } of counts) {
    const isEmpty = await isEmptyBeginning(reader, theirs, commits);
    standings.push({ ahead, behind: isEmpty ? 0 : behind });
  }
  return standings;
}
