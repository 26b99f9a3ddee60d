import { ONLY_COMMIT_HASH } from "../../core/commit-hash.ts";
import { answerInvalid, firstRow, type Query, query, type StatementResult, text } from "../query.ts";
import { type Sql, sql } from "../sql.ts";

/** The trailer that names a change in its commit message. */
const OPERATION_TRAILER = "Bd-Op";
/** The session of the person or agent who made the change. The last line, where there is one. */
const SESSION_TRAILER = "Bd-Session";

/**
 * Commits all that the transaction changed. The answer is the hash, or undefined where nothing had changed; whatever else
 * comes is none. Decoding throws BdError unavailable ANSWER_INVALID.
 */
export function doltCommit(message: string, author: string): Query<string | undefined> {
  return query(sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${author}, '--skip-empty')`, (result) =>
    result.isTable && result.rows.length === 0 ? undefined : hashOf(result),
  );
}

/** Commits a merge that the transaction began: also one that changes no row, because it joins two histories. As `doltCommit`. */
export function doltCommitMerge(message: string, author: string): Query<string | undefined> {
  return query(sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${author})`, hashOf);
}

/** The hash that a procedure answers with, in its one row. Throws BdError unavailable ANSWER_INVALID. */
export function hashOf({ rows: [row, ...more] }: StatementResult): string {
  const hash = row?.["hash"];
  if (typeof hash === "string" && ONLY_COMMIT_HASH.test(hash) && more.length === 0) return hash;
  throw answerInvalid("a commit got no hash");
}

export function withTrailers(message: string, operationId: string, session: string | undefined): string {
  return `${message}\n\n${OPERATION_TRAILER}: ${operationId}${session === undefined ? "" : sessionLine(session)}`;
}

function sessionLine(session: string): string {
  return `\n${SESSION_TRAILER}: ${session.trim().replaceAll(/\s+/g, " ")}`;
}

/** A further condition on commits: that a session made them. */
export function madeBySession(session: string): Sql {
  const line = sessionLine(session);
  return sql`AND RIGHT(message, CHAR_LENGTH(${line})) = ${line}`;
}

/** A further condition on commits: that no session made them. Agents that share a name name their sessions. */
export const madeWithoutSession: Sql = sql`AND LOCATE(${`\n${SESSION_TRAILER}: `}, message) = 0`;

/** The commit that carries an operation id, among those that came after `since`. */
export function commitOfOperation(operationId: string, since: string): Query<string | undefined> {
  return firstRow(
    sql`SELECT commit_hash FROM dolt_log('HEAD', '--not', ${since})
      WHERE message LIKE ${`%${OPERATION_TRAILER}: ${operationId}%`} LIMIT 1`,
    (row) => text(row, "commit_hash"),
  );
}

/** The operation id that a commit message carries. */
export function operationIdIn(message: string): string | undefined {
  return new RegExp(`^${OPERATION_TRAILER}: (\\S+)$`, "m").exec(message)?.[1];
}

/** The newest commit of our branch. */
export const headCommit: Query<string> = query(sql`SELECT DOLT_HASHOF('HEAD') AS head`, ({ rows: [row = {}] }) =>
  text(row, "head"),
);
