import type { TestWorkspace } from "./workspace.ts";

/** One Dolt commit and the rows that it changed. */
export interface CommitChanges {
  readonly hash: string;
  readonly committer: string;
  /** Without the trailer. */
  readonly message: string;
  /** Sorted: `+issue bd-1`, `~issue bd-1 notes`, `+event bd-1 created by ann`, `+label bd-1 x`, `+edge bd-1 bd-2 blocks`. */
  readonly changes: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** How a row of a table is called, from its columns. */
const NAMES: Readonly<Record<string, (row: (column: string) => string) => string>> = {
  issues: (row) => `issue ${row("id")}`,
  events: (row) => `event ${row("issue_id")} ${row("event_type")} by ${row("actor")}`,
  labels: (row) => `label ${row("issue_id")} ${row("label")}`,
  dependencies: (row) => `edge ${row("issue_id")} ${row("depends_on_id")} ${row("type")}`,
  comments: (row) => `comment ${row("issue_id")} by ${row("author")}`,
};

/** Every change of an issue touches these, so they tell nothing. */
const ALWAYS_TOUCHED: ReadonlySet<string> = new Set(["updated_at", "content_hash"]);

/** What each commit of the database's history changed, oldest first. */
export async function commitChanges(workspace: TestWorkspace): Promise<CommitChanges[]> {
  const byCommit = new Map<string, string[]>();
  const add = (hash: unknown, change: string): void => {
    byCommit.set(String(hash), [...(byCommit.get(String(hash)) ?? []), change]);
  };
  for (const [table, name] of Object.entries(NAMES)) {
    for (const row of await workspace.sql(`SELECT * FROM dolt_diff_${table} WHERE to_commit <> 'WORKING'`))
      for (const change of changeOf(row, name)) add(row["to_commit"], change);
  }
  for (const { commit_hash, table_name } of await workspace.sql("SELECT commit_hash, table_name FROM dolt_diff"))
    if (NAMES[String(table_name)] === undefined) add(commit_hash, `table ${String(table_name)}`);
  const log = await workspace.sql("SELECT commit_hash, committer, message FROM dolt_log");
  return log.toReversed().map(({ commit_hash, committer, message }) => ({
    hash: String(commit_hash),
    committer: String(committer),
    message: String(message).split("\n")[0] ?? "",
    changes: (byCommit.get(String(commit_hash)) ?? []).toSorted(),
  }));
}

/** One change, or none where only what every change touches is different. */
function changeOf(row: Row, name: (row: (column: string) => string) => string): string[] {
  const kind = row["diff_type"];
  const side = kind === "removed" ? "from" : "to";
  const named = name((column) => String(row[`${side}_${column}`]));
  if (kind !== "modified") return [`${kind === "added" ? "+" : "-"}${named}`];
  const columns = Object.keys(row)
    .filter((column) => column.startsWith("to_") && !column.startsWith("to_commit"))
    .map((column) => column.slice("to_".length))
    .filter((column) => String(row[`to_${column}`]) !== String(row[`from_${column}`]))
    .filter((column) => !ALWAYS_TOUCHED.has(column));
  return columns.length === 0 ? [] : [`~${named} ${columns.toSorted().join(" ")}`];
}
