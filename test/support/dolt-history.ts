import type { TestWorkspace } from "./workspace.ts";

export interface DoltCommit {
  /** Without the trailer that names the operation. */
  readonly message: string;
  readonly author: string;
  readonly email: string;
}

/** The commits of a workspace's database, newest first. */
export async function doltCommits({ sql }: Pick<TestWorkspace, "sql">): Promise<DoltCommit[]> {
  const rows = await sql("SELECT message, committer, email FROM dolt_log");
  return rows.map(({ message, committer, email }) => ({
    message: String(message).split("\n")[0] ?? "",
    author: String(committer),
    email: String(email),
  }));
}

/** What `work` committed, oldest first. */
export async function commitsMadeBy(workspace: TestWorkspace, work: () => Promise<unknown>): Promise<DoltCommit[]> {
  const before = (await doltCommits(workspace)).length;
  await work();
  const after = await doltCommits(workspace);
  return after.slice(0, after.length - before).toReversed();
}
