import type { HistoryCommit } from "../../core/changes/issue-history.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { operationIdIn } from "../protocol/dolt-commit.ts";
import { combine, type Query, type Row, rows, text } from "../query.ts";
import { NOTHING, type Sql, sql } from "../sql.ts";

/** The commits that lead to ours, newest first; `condition` stands behind WHERE TRUE. */
export function historyCommits(condition: Sql = NOTHING): Query<HistoryCommit[]> {
  return commitsLeadingTo("HEAD", condition);
}

/** What a commit, named by its hash, says of itself. The server refuses the question where there is none. */
export function commitAt(hash: string): Query<HistoryCommit> {
  return combine([commitsLeadingTo(hash, sql`LIMIT 1`)], ([commit]) => {
    if (commit === undefined) throw new Error(`the log of ${hash} is empty`);
    return commit;
  });
}

/** The parents of a row of `DOLT_LOG` with `--parents`: the first is the state that the commit was made on. */
export function parentsIn(row: Row): string[] {
  return text(row, "parents").split(", ").filter(Boolean);
}

function commitsLeadingTo(tip: string, condition: Sql): Query<HistoryCommit[]> {
  return rows(
    sql`SELECT commit_hash, parents, committer, date, message FROM DOLT_LOG(${tip}, '--parents') WHERE TRUE ${condition}`,
    (row) => {
      const message = text(row, "message");
      const op = operationIdIn(message);
      return {
        hash: text(row, "commit_hash"),
        parents: parentsIn(row),
        at: toWireTime(text(row, "date")),
        actor: text(row, "committer"),
        message: message.split("\n")[0] ?? "",
        ...(op === undefined ? {} : { op }),
      };
    },
  );
}
