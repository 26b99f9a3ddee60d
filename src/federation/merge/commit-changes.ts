import type { RowChange } from "../../core/changes/row-change.ts";
import { type CommitStep, stepName, stepsOf } from "../../core/merge/commit-graph.ts";
import { keyText } from "../../core/merge/snapshot.ts";
import { anyNamed, type KeyedTable, rowChange, rowChanges } from "../../store/changes/table-changes.ts";
import { combine, firstRow, type Query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { identifier, list, sql } from "../../store/sql.ts";

/** The commits that lead to `tip` and not to `without`. */
export interface Branch {
  readonly tip: string;
  readonly without: string;
}

export interface WantedRows {
  readonly table: KeyedTable;
  /** As `keyText` writes them. */
  readonly keys: ReadonlySet<string>;
}

/** What one commit changed of the wanted rows, as each of its parents had them: by parent, then by key. */
export interface CommitChanges {
  readonly date: string;
  readonly message: string;
  readonly author: string;
  readonly fromParents: readonly ReadonlyMap<string, RowChange>[];
}

/** A third of a millisecond each, on the server's side. */
const COMMITS_PER_STATEMENT = 500;
/** Up to some milliseconds each. */
const DIFFS_PER_PACKET = 200;

/** Walks the commits of a branch. */
export async function commitChanges(reader: Reader, branch: Branch, wanted: WantedRows): Promise<CommitChanges[]> {
  const [commits, database] = await reader.all([
    rows(
      sql`SELECT commit_hash, date, message, committer, parents FROM DOLT_LOG(${`${branch.without}..${branch.tip}`}, '--parents')`,
      (row) => ({
        hash: text(row, "commit_hash"),
        date: text(row, "date"),
        message: text(row, "message"),
        author: text(row, "committer"),
        parents: text(row, "parents").split(", ").filter(Boolean),
      }),
    ),
    firstRow(sql`SELECT SUBSTRING_INDEX(DATABASE(), '/', 1) AS name`, (row) => text(row, "name")),
  ]);
  const { plain, forked } = stepsOf(commits);
  const place = `${database ?? ""}/${branch.tip}`;
  const found = new Map([
    ...(await plainChanges(reader, place, { steps: plain, wanted })),
    ...(await forkedChanges(reader, forked, wanted)),
  ]);
  return commits.map(({ hash, date, message, author, parents }) => ({
    date,
    message,
    author,
    fromParents: parents.map((from) => found.get(stepName({ from, to: hash })) ?? new Map()),
  }));
}

/** Who deleted each of the issues on a branch; those that came with a merge of others are left out. */
export async function whoDeleted(
  reader: Reader,
  branch: Branch,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const byKey = new Map(ids.map((id) => [keyText([id]), id]));
  if (byKey.size === 0) return new Map();
  const wanted = { table: { name: "issues", key: ["id"] }, keys: new Set(byKey.keys()) };
  const authors = new Map<string, string>();
  for (const { author, fromParents } of await commitChanges(reader, branch, wanted)) {
    for (const [key, id] of byKey) {
      const isDeletion = fromParents.every((change) => {
        const one = change.get(key);
        return one?.before !== undefined && one.after === undefined;
      });
      // From the newest commit on.
      if (isDeletion && !authors.has(id)) authors.set(id, author);
    }
  }
  return authors;
}

type ChangesByStep = ReadonlyMap<string, ReadonlyMap<string, RowChange>>;

/** Many commits in one statement. The table follows the history of the place where it is asked. */
async function plainChanges(
  reader: Reader,
  place: string,
  { steps, wanted }: { readonly steps: readonly CommitStep[]; readonly wanted: WantedRows },
): Promise<ChangesByStep> {
  const known = new Map(steps.map((step) => [stepName(step), new Map<string, RowChange>()]));
  const commits = [...new Set(steps.map(({ to }) => to))];
  for (let start = 0; start < commits.length; start += COMMITS_PER_STATEMENT) {
    const [some] = await reader.all([changesIn(place, commits.slice(start, start + COMMITS_PER_STATEMENT), wanted)]);
    for (const { step, change } of some) known.get(stepName(step))?.set(...change);
  }
  return known;
}

function changesIn(place: string, commits: readonly string[], { table: { name, key }, keys }: WantedRows) {
  const found = rows(
    sql`SELECT * FROM ${identifier(place)}.${identifier(`dolt_diff_${name}`)}
      WHERE to_commit IN ${list(commits)} ${anyNamed(key, keys)}`,
    (row) => ({
      step: { from: text(row, "from_commit"), to: text(row, "to_commit") },
      change: rowChange(row, key),
    }),
  );
  return combine([found], (changes) => changes.filter(({ change: [one] }) => keys.has(one)));
}

async function forkedChanges(
  reader: Reader,
  steps: readonly CommitStep[],
  { table, keys }: WantedRows,
): Promise<ChangesByStep> {
  const known = new Map<string, ReadonlyMap<string, RowChange>>();
  for (let start = 0; start < steps.length; start += DIFFS_PER_PACKET) {
    const some = steps.slice(start, start + DIFFS_PER_PACKET);
    const answers: Map<string, RowChange>[] = await reader.all(
      some.map((step): Query<Map<string, RowChange>> => rowChanges(table, { ...step, keys })),
    );
    some.forEach((step, index) => known.set(stepName(step), answers[index] ?? new Map()));
  }
  return known;
}
