import { bestCommonAncestors, type CommitGraph } from "../../core/merge/commit-graph.ts";
import { issueIdColumns } from "../../core/merge/issue-references.ts";
import { TOMBSTONES } from "../../core/merge/known-issues.ts";
import { wantedIdIn } from "../../core/merge/moved-id.ts";
import { type Appearance, appearancesIn, isSameBirth, secondsAround } from "../../core/merge/same-issue.ts";
import { type Rows, rowKey, type Snapshot, type TableKeys, textOf } from "../../core/merge/snapshot.ts";
import { tablesAt } from "../../store/changes/table-changes.ts";
import { combine, type Query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { identifier, join, list, type Sql, sql } from "../../store/sql.ts";
import type { History } from "./common-base.ts";
import { issueTablesOf, type Universe } from "./merge-universe.ts";

/** All commits that lead to one of the tips. */
export function commitGraph(tips: readonly string[]): Query<CommitGraph> {
  const names = join(
    tips.map((tip) => sql`${tip}`),
    ", ",
  );
  const found = rows(
    sql`SELECT commit_hash, parents FROM DOLT_LOG(${names}, '--parents')`,
    (row) => [text(row, "commit_hash"), text(row, "parents").split(", ").filter(Boolean)] as const,
  );
  return combine([found], (commits) => new Map(commits));
}

interface Place {
  readonly keys: TableKeys;
  readonly graph: CommitGraph;
  readonly universe: Universe;
}

/** Above that many the server sends all rows: naming them would cost more. */
const MAX_NAMED = 500;

/** The commits of a database, as far as a merge has to look at them. */
export class DoltHistory implements History {
  readonly keys: TableKeys;
  readonly #reader: Reader;
  readonly #place: Place;
  readonly #snapshots = new Map<string, Promise<Snapshot>>();
  /** All issues of the universe that were met in any commit. */
  readonly #met: Appearance[] = [];

  constructor(reader: Reader, place: Place) {
    this.#reader = reader;
    this.#place = place;
    this.keys = place.keys;
  }

  async mergeBases(some: readonly string[], others: readonly string[]): Promise<string[]> {
    return bestCommonAncestors(this.#place.graph, some, others);
  }

  snapshot(commit: string): Promise<Snapshot> {
    const known = this.#snapshots.get(commit) ?? this.#read(commit);
    this.#snapshots.set(commit, known);
    return known;
  }

  async #read(commit: string): Promise<Snapshot> {
    const { keys, universe } = this.#place;
    const [existing] = await this.#reader.all([tablesAt(commit)]);
    const tables = [...new Set([...issueTablesOf(keys), ...universe.keys.keys(), TOMBSTONES])].filter(
      (table) => keys.has(table) && (existing.has(table) || table.startsWith("dolt_")),
    );
    const answers = await this.#reader.all(tables.map((table) => this.#rowsAt(table, commit)));
    const snapshot = new Map(tables.map((table, index) => [table, answers[index] ?? new Map()]));
    this.#met.push(...appearancesIn("ours", snapshot));
    return snapshot;
  }

  #rowsAt(table: string, commit: string): Query<Rows> {
    const { ids, keys: rowKeys } = this.#place.universe;
    const key = this.keys.get(table) ?? [];
    const columns = table === TOMBSTONES ? ["wanted_id"] : issueIdColumns(table);
    const wanted = rowKeys.get(table) ?? new Set<string>();
    const known = table === TOMBSTONES ? new Set([...ids, ...[...ids].map(wantedIdIn)]) : ids;
    const isWanted = (row: Readonly<Record<string, unknown>>) =>
      wanted.has(rowKey(row, key)) || columns.some((column) => known.has(textOf(row, column)));
    const named = columns.length > 0 && wanted.size === 0 && known.size <= MAX_NAMED;
    const condition = named ? anyOf(columns, [...known]) : sql`TRUE`;
    const found = rows(sql`SELECT * FROM ${identifier(table)} AS OF ${commit} WHERE ${condition}`, (row) => row);
    return combine([found], (all) => new Map(all.filter(isWanted).map((row) => [rowKey(row, key), row])));
  }

  /**
   * Looks in every commit that was read for issues of the universe that have another id there, and takes these ids in.
   * Gives whether there were any: then everything has to be read again.
   */
  async grows(): Promise<boolean> {
    const { ids } = this.#place.universe;
    const before = ids.size;
    for (const [commit, reading] of this.#snapshots) {
      const here = Map.groupBy(appearancesIn("ours", await reading), ({ id }) => id);
      const missing = this.#met.filter(({ id, ...one }) => !(here.get(id) ?? []).some((row) => isSameBirth(row, one)));
      for (const id of await this.#idsOf(missing, commit)) ids.add(id);
    }
    return ids.size > before;
  }

  /** The ids that issues of these creators and seconds have in a commit. */
  async #idsOf(missing: readonly Birthday[], commit: string): Promise<string[]> {
    if (missing.length === 0) return [];
    const times = [...new Set(missing.flatMap(({ createdAt }) => secondsAround(createdAt)))];
    const condition = times.length <= MAX_NAMED ? sql`created_at IN ${list(times)}` : sql`TRUE`;
    const [found] = await this.#reader.all([
      rows(sql`SELECT id, created_by, created_at FROM issues AS OF ${commit} WHERE ${condition}`, (row) => ({
        id: text(row, "id"),
        createdBy: text(row, "created_by"),
        createdAt: text(row, "created_at").slice(0, 19),
      })),
    ]);
    const byCreator = Map.groupBy(missing, ({ createdBy }) => createdBy);
    return found
      .filter((row) => (byCreator.get(row.createdBy) ?? []).some((one) => isSameBirth(row, one)))
      .map(({ id }) => id);
  }
}

type Birthday = Pick<Appearance, "createdBy" | "createdAt">;

function anyOf(columns: readonly string[], ids: readonly string[]): Sql {
  return join(
    columns.map((column) => sql`${identifier(column)} IN ${list(ids)}`),
    " OR ",
  );
}
