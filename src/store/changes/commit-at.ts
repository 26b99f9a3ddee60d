import type { CommitFacts } from "../../core/changes/change-event.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { operationIdIn } from "../protocol/dolt-commit.ts";
import { combine, firstRow, type Query, text } from "../query.ts";
import { sql } from "../sql.ts";

/** What a commit, named by its hash, says of itself. The server refuses the question where there is none. */
export function commitAt(hash: string): Query<CommitFacts> {
  const found = firstRow(
    sql`SELECT commit_hash, parents, committer, date, message FROM DOLT_LOG(${hash}, '--parents') LIMIT 1`,
    (row) => {
      const op = operationIdIn(text(row, "message"));
      return {
        hash: text(row, "commit_hash"),
        parents: text(row, "parents").split(", ").filter(Boolean),
        at: toWireTime(text(row, "date")),
        actor: text(row, "committer"),
        ...(op === undefined ? {} : { op }),
      };
    },
  );
  return combine([found], (commit) => {
    if (commit === undefined) throw new Error(`the log of ${hash} is empty`);
    return commit;
  });
}
