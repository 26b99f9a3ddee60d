import { firstRow, type Query, query, type StatementResult, text } from "./query.ts";
import { sql } from "./sql.ts";

/** The trailer that names a change in its commit message. */
const OPERATION_TRAILER = "Bd-Op";

/** Commits all that the transaction changed. The answer is the hash, or undefined where nothing had changed. */
export function doltCommit(message: string, author: string): Query<string | undefined> {
  return query(sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${author}, '--skip-empty')`, hashOf);
}

/** Commits a merge that the transaction began: also one that changes no row, because it joins two histories. */
export function doltCommitMerge(message: string, author: string): Query<string | undefined> {
  return query(sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${author})`, hashOf);
}

function hashOf({ rows }: StatementResult): string | undefined {
  const hash = rows[0]?.["hash"];
  return typeof hash === "string" && hash !== "" ? hash : undefined;
}

export function withOperationId(message: string, operationId: string): string {
  return `${message}\n\n${OPERATION_TRAILER}: ${operationId}`;
}

/** The commit that carries an operation id, newest first. */
export function commitOfOperation(operationId: string): Query<string | undefined> {
  return firstRow(
    sql`SELECT commit_hash FROM dolt_log WHERE message LIKE ${`%${OPERATION_TRAILER}: ${operationId}%`} LIMIT 1`,
    (row) => text(row, "commit_hash"),
  );
}
