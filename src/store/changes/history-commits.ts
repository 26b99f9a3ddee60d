import type { HistoryCommit } from "../../core/changes/issue-history.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { operationIdIn } from "../protocol/dolt-commit.ts";
import { type Query, rows, text } from "../query.ts";
import { NOTHING, type Sql, sql } from "../sql.ts";

/** The commits that lead to ours, newest first; `condition` stands behind WHERE TRUE. */
export function historyCommits(condition: Sql = NOTHING): Query<HistoryCommit[]> {
  return rows(
    sql`SELECT commit_hash, parents, committer, date, message FROM DOLT_LOG('HEAD', '--parents') WHERE TRUE ${condition}`,
    (row) => {
      const message = text(row, "message");
      const op = operationIdIn(message);
      return {
        hash: text(row, "commit_hash"),
        parents: text(row, "parents").split(", ").filter(Boolean),
        at: toWireTime(text(row, "date")),
        actor: text(row, "committer"),
        message: message.split("\n")[0] ?? "",
        ...(op === undefined ? {} : { op }),
      };
    },
  );
}
