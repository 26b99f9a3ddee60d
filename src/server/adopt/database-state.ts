import type { ServerEnvironment } from "../server-environment.ts";
import { doltSql, named, quoted, type SqlPlace, type SqlRow } from "./dolt-sql.ts";

/** What a database holds, by Dolt's hashes and by counting; two that say the same are the same. */
export interface DatabaseState {
  readonly branches: readonly BranchState[];
  /** Tags with their commits. */
  readonly tags: readonly (readonly [name: string, commit: string])[];
  /** Of the branch that the database opens on. */
  readonly tables: readonly TableState[];
}

interface BranchState {
  readonly name: string;
  readonly commit: string;
  /** Of all tables, as they are, those that no commit has included. */
  readonly workingHash: string;
  readonly stagedHash: string;
  readonly uncommitted: number;
}

interface TableState {
  readonly name: string;
  readonly hash: string;
  readonly rows: number;
  /** Whether commits have it; Dolt's ignored tables lie beside them. */
  readonly isCommitted: boolean;
}

/** Looks at all branches of a database, and into all tables of the first. Throws as `doltSql`. */
export async function databaseState(
  environment: ServerEnvironment,
  place: SqlPlace,
  database: string,
): Promise<DatabaseState> {
  const ask = (statements: readonly string[]) => doltSql(environment, place, statements);
  const use = `USE ${named(database)}`;
  const found = await ask([
    use,
    "SELECT 'branch' AS kind, name, hash FROM dolt_branches ORDER BY name",
    "SELECT 'tag' AS kind, tag_name AS name, tag_hash AS hash FROM dolt_tags ORDER BY tag_name",
    `SELECT 'table' AS kind, table_name AS name FROM information_schema.tables
      WHERE table_schema = ${quoted(database)} AND table_type = 'BASE TABLE' ORDER BY table_name`,
  ]);
  const tables = ofKind(found, "table").map((row) => textOf(row, "name"));
  const branches = ofKind(found, "branch");
  const details = await ask([
    use,
    "SHOW TABLES AS OF 'HEAD'",
    ...tables.map(
      (name) =>
        `SELECT 'table' AS kind, ${quoted(name)} AS name, dolt_hashof_table(${quoted(name)}) AS hash,
          (SELECT COUNT(*) FROM ${named(name)}) AS count`,
    ),
    ...branches.flatMap((row) => [
      `USE ${named(database, textOf(row, "name"))}`,
      `SELECT 'roots' AS kind, dolt_hashof_db('WORKING') AS working, dolt_hashof_db('STAGED') AS staged,
        (SELECT COUNT(*) FROM dolt_status) AS count`,
    ]),
  ]);
  const roots = ofKind(details, "roots");
  const committed = new Set(details.filter((row) => row["kind"] === undefined).flatMap((row) => Object.values(row)));
  return {
    branches: branches.map((row, at) => ({
      name: textOf(row, "name"),
      commit: textOf(row, "hash"),
      workingHash: textOf(roots[at] ?? {}, "working"),
      stagedHash: textOf(roots[at] ?? {}, "staged"),
      uncommitted: Number(roots[at]?.["count"]),
    })),
    tags: ofKind(found, "tag").map((row) => [textOf(row, "name"), textOf(row, "hash")] as const),
    tables: ofKind(details, "table").map((row) => ({
      name: textOf(row, "name"),
      hash: textOf(row, "hash"),
      rows: Number(row["count"]),
      isCommitted: committed.has(textOf(row, "name")),
    })),
  };
}

export function isSame(one: DatabaseState, other: DatabaseState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a database of ours holds everything that an old one does, because it was made of it and has gone on. */
export async function holdsAll(
  environment: ServerEnvironment,
  { place, database, old }: { readonly place: SqlPlace; readonly database: string; readonly old: DatabaseState },
): Promise<boolean> {
  if (isSame(await databaseState(environment, place, database), old)) return true;
  const isCommitted =
    old.branches.every(({ uncommitted }) => uncommitted === 0) &&
    old.tables.every(({ rows, isCommitted: is }) => is || rows === 0);
  if (!isCommitted) return false;
  const commits = [...new Set([...old.branches.map(({ commit }) => commit), ...old.tags.map(([, commit]) => commit)])];
  const known = await doltSql(environment, place, [
    `USE ${named(database)}`,
    `SELECT 'commit' AS kind, commit_hash AS hash FROM dolt_commits
      WHERE commit_hash IN (${commits.map((commit) => quoted(commit)).join(", ")})`,
  ]);
  return known.length === commits.length;
}

function ofKind(found: readonly SqlRow[], kind: string): SqlRow[] {
  return found.filter((row) => row["kind"] === kind);
}

function textOf(row: SqlRow, column: string): string {
  return String(row[column] ?? "");
}
