import { BdError } from "../errors.ts";
import { operationIdIn } from "../store/protocol/dolt-commit.ts";
import { combine, firstRow, number, type Query, query, type Row, rows, text } from "../store/query.ts";
import type { Reader, Session } from "../store/session-types.ts";
import { identifier, join, sql } from "../store/sql.ts";
import { classifyRemoteError } from "./remote/remote-errors.ts";

/** A commit as people see it. */
export interface CommitLine {
  readonly hash: string;
  readonly author: string;
  readonly email: string;
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly date: string;
  /** The first line. */
  readonly message: string;
  /** Of the change, where it is ours. */
  readonly operation_id?: string;
}

/** Tables whose rows belong to an issue, each with the column that names it. */
const ISSUE_TABLES = [
  ["issues", "id"],
  ["labels", "issue_id"],
  ["dependencies", "issue_id"],
  ["comments", "issue_id"],
] as const;

/** The branch that the session works on, and its newest commit. */
export const currentBranch: Query<{ readonly branch: string; readonly hash: string }> = query(
  sql`SELECT active_branch() AS branch, dolt_hashof('HEAD') AS hash`,
  ({ rows: [row = {}] }) => ({ branch: text(row, "branch"), hash: text(row, "hash") }),
);

/** The newest commit that was last seen on a remote's branch; undefined before the first fetch. */
export function trackedHash(trackingRef: string): Query<string | undefined> {
  return firstRow(sql`SELECT hash FROM dolt_remote_branches WHERE name = ${`remotes/${trackingRef}`}`, (row) =>
    text(row, "hash"),
  );
}

/** How many commits lead to `to` and not to `from`; all that lead to it where `from` is undefined. */
export function countCommits(from: string | undefined, to: string): Query<number> {
  return query(sql`SELECT COUNT(*) AS n FROM dolt_log(${range(from, to)})`, ({ rows: [row = {}] }) => number(row, "n"));
}

/** The newest of them, newest first. */
export function listCommits(from: string | undefined, to: string, limit: number): Query<CommitLine[]> {
  return rows(
    sql`SELECT commit_hash, committer, email, date, message FROM dolt_log(${range(from, to)}) LIMIT ${limit}`,
    commitLine,
  );
}

function commitLine(row: Row): CommitLine {
  const operationId = operationIdIn(text(row, "message"));
  return {
    hash: text(row, "commit_hash"),
    author: text(row, "committer"),
    email: text(row, "email"),
    date: `${text(row, "date").slice(0, 19).replace(" ", "T")}Z`,
    message: text(row, "message").split("\n")[0] ?? "",
    ...(operationId === undefined ? {} : { operation_id: operationId }),
  };
}

/**
 * How many ids stand for another issue in a commit of another history, or for one with other labels, dependencies or
 * comments: two histories without a common commit have no issues in common.
 */
export function countOtherIssues(from: string, to: string): Query<number> {
  const parts = ISSUE_TABLES.map(
    ([table, column]) =>
      sql`SELECT COALESCE(${identifier(`to_${column}`)}, ${identifier(`from_${column}`)}) AS id FROM dolt_diff(${from}, ${to}, ${table})`,
  );
  return query(sql`SELECT COUNT(*) AS n FROM (${join(parts, " UNION ")}) changed`, ({ rows: [row = {}] }) =>
    number(row, "n"),
  );
}

/** All issues of a commit. */
export function countIssues(at: string): Query<number> {
  return query(sql`SELECT COUNT(*) AS n FROM issues AS OF ${at}`, ({ rows: [row = {}] }) => number(row, "n"));
}

/** How two commits stand to one another. */
export interface Standing {
  /** Commits that only ours has. */
  readonly ahead: number;
  /** Commits that only theirs has. */
  readonly behind: number;
  /** Where both parted; undefined where they have no commit in common, and `ahead` and `behind` are all commits. */
  readonly base: string | undefined;
}

export async function compareCommits(session: Session, ours: string, theirs: string): Promise<Standing> {
  const counts = combine([countCommits(theirs, ours), countCommits(ours, theirs)], (ahead, behind) => ({
    ahead,
    behind,
  }));
  const [{ ahead, behind }] = await session.read((reader) => reader.all([counts]));
  const base = ahead === 0 ? ours : behind === 0 ? theirs : await commonAncestor(session, ours, theirs);
  return { ahead, behind, base };
}

async function commonAncestor(session: Session, ours: string, theirs: string): Promise<string | undefined> {
  const base = query(sql`SELECT dolt_merge_base(${ours}, ${theirs}) AS base`, ({ rows: [row = {}] }) =>
    text(row, "base"),
  );
  try {
    return (await session.call(base)) || undefined;
  } catch (error) {
    if (!(error instanceof BdError) && classifyRemoteError(error) === "unrelated") return undefined;
    throw error;
  }
}

/**
 * Whether a commit is all that a database has in which nothing was ever done: Dolt begins each with a commit of its own.
 * The tables of no other commit are listed: that may fail by what the commit says (`dolt_nonlocal_tables`).
 */
export async function isEmptyBeginning(reader: Reader, hash: string, known?: number): Promise<boolean> {
  const [commits] = known === undefined ? await reader.all([countToTwo(hash)]) : [known];
  if (commits !== 1) return false;
  const [tables] = await reader.all([countTables(hash)]);
  return tables === 0;
}

/** How many commits lead to it, as far as two. */
export function countToTwo(hash: string): Query<number> {
  return query(
    sql`SELECT COUNT(*) AS n FROM (SELECT commit_hash FROM dolt_log(${hash}) LIMIT 2) newest`,
    ({ rows: [row = {}] }) => number(row, "n"),
  );
}

/** Views are listed as they are today, whatever the commit; so they don't count. */
function countTables(hash: string): Query<number> {
  return query(sql`SHOW FULL TABLES AS OF ${hash} WHERE table_type = 'BASE TABLE'`, (result) => result.rows.length);
}

function range(from: string | undefined, to: string): string {
  return from === undefined ? to : `${from}..${to}`;
}
