import { BdError, command } from "../../errors.ts";
import { combine, rows, text } from "../query.ts";
import { sql } from "../sql.ts";

/** What of the database no commit has; ignored tables don't count. */
export interface WorkingSet {
  /** Tables with uncommitted changes. */
  readonly dirty: readonly string[];
  /** Those of them whose rows a merge left in conflict: Dolt commits nothing before these are settled. */
  readonly unmerged: readonly string[];
}

const UNMERGED: ReadonlySet<string> = new Set(["conflict", "schema conflict", "constraint violation"]);
const SHOWN = 20;

/** A table stands there twice when only a part of its changes is staged. */
export const workingSet = combine(
  [
    rows(sql`SELECT table_name, status FROM dolt_status`, (row) => ({
      table: text(row, "table_name"),
      status: text(row, "status"),
    })),
  ],
  (found): WorkingSet => {
    const unmerged = found.filter(({ status }) => UNMERGED.has(status));
    return { dirty: namesOf(found), unmerged: namesOf(unmerged) };
  },
);

function namesOf(found: readonly { readonly table: string }[]): string[] {
  return [...new Set(found.map(({ table }) => table))].slice(0, SHOWN);
}

/** Whether to keep or to drop such a merge, only those who began it know. */
export function mergeUnfinished(tables: readonly string[]): BdError {
  return new BdError(
    "conflict",
    "MERGE_UNFINISHED",
    `another program left a merge with conflicts in ${tables.join(", ")}; nothing was written`,
    { hint: command`bd dolt status`, details: { tables } },
  );
}
