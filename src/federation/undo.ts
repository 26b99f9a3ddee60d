import type { HistoryCommit } from "../core/changes/issue-history.ts";
import type { RowChanges } from "../core/changes/row-change.ts";
import { STATE_TABLES } from "../core/changes/state-tables.ts";
import { TOMBSTONES } from "../core/merge/known-issues.ts";
import { rowKey, type TableKeys, textOf } from "../core/merge/snapshot.ts";
import { type Clash, type Reversal, reversalOf, type TableChanges } from "../core/undo/reversal.ts";
import { partsAt, titlesAt } from "../store/changes/issues-at.ts";
import { issuesAt, primaryKeys, rowChanges, tableDifferences } from "../store/changes/table-changes.ts";
import { takenWispIds } from "../store/queries/id-matches.ts";
import { combine, type Query, rows } from "../store/query.ts";
import type { Reader } from "../store/session-types.ts";
import { list, sql } from "../store/sql.ts";
import { deleteRow, upsertRows } from "./merge/write-rows.ts";

/** Tables of which rows are taken back: what the tracker says, copies of that for SQL, and what hangs on issues. */
const TAKEN_BACK: readonly string[] = [
  ...STATE_TABLES,
  "custom_statuses",
  "custom_types",
  "events",
  "issue_snapshots",
  "compaction_snapshots",
];

/** Numbers that were given away stay so: of these only what a commit took away, with an id that is another now, comes back. */
const COUNTERS: readonly string[] = ["child_counters", "issue_counter"];

/** Tables that stay as they are, such as the memory of deleted issues. */
const STAYING: readonly string[] = [TOMBSTONES];

export interface UndoPlan extends Reversal {
  readonly keys: TableKeys;
  /** Of issues that are there now. */
  readonly titles: ReadonlyMap<string, string>;
}

/** What can't be undone row by row: tables of another form now, or rows of tables that are none of the tracker's. */
export interface NotUndoable {
  readonly forms: readonly string[];
  readonly others: readonly string[];
}

/** What undoing a commit with one parent takes. Three round trips. It only reads. */
export async function planUndo(
  reader: Reader,
  { hash, parents: [parent = ""] }: HistoryCommit,
): Promise<UndoPlan | NotUndoable> {
  const [keys, tables] = await reader.all([primaryKeys, tableDifferences({ from: parent, to: hash })]);
  const names = tables.map(({ before, after }) => after || before);
  const forms = tables.filter(({ hasOtherForm }) => hasOtherForm).map(({ before, after }) => after || before);
  const others = names.filter((name) => ![...TAKEN_BACK, ...COUNTERS, ...STAYING].includes(name));
  if (forms.length + others.length > 0) return { forms, others };
  const changed = names.filter((name) => [...TAKEN_BACK, ...COUNTERS].includes(name));
  const keyed = changed.map((name) => ({ name, key: keys.get(name) ?? [] }));
  const found = await reader.all(keyed.map((table) => rowChanges(table, { from: parent, to: hash })));
  const done: TableChanges = new Map(changed.map((name, index) => [name, takenBack(name, found[index] ?? new Map())]));
  const { made, owners, touched } = idsOf(done);
  const since = keyed.map((table) =>
    rowChanges(table, { from: hash, to: "HEAD", keys: new Set(done.get(table.name)?.keys()) }),
  );
  const [later, parts, there, titles, wisps] = await reader.all([
    combine(since, (...all) => all),
    hangingOn(made),
    issuesAt("HEAD", [...owners]),
    titlesAt("HEAD", touched),
    takenWispIds([...owners]),
  ]);
  const { changes, clashes } = reversalOf(
    done,
    new Map(changed.map((name, index) => [name, later[index] ?? new Map()])),
  );
  return {
    changes,
    clashes: [
      // A counter that is there again counts by itself.
      ...clashes.filter(({ table }) => !COUNTERS.includes(table)),
      ...lost(parts, changes, keys),
      ...homeless(changes, new Set(there)),
      ...wispsNow(changes, new Set(wisps)),
    ],
    keys,
    titles,
  };
}

function takenBack(table: string, rowsOf: RowChanges): RowChanges {
  return COUNTERS.includes(table) ? new Map([...rowsOf].filter(([, { after }]) => after === undefined)) : rowsOf;
}

/** Issues that a commit made, those that rows hung on which it took away, and all that it touched. */
function idsOf(done: TableChanges) {
  const issues = [...(done.get("issues")?.values() ?? [])];
  const made = new Set(issues.filter(({ before }) => before === undefined).map(({ after }) => textOf(after, "id")));
  const rowsOf = (side: "before" | "after") =>
    [...done].flatMap(([table, changes]) =>
      [...changes.values()].map((change) => textOf(change[side], table === "issues" ? "id" : "issue_id")),
    );
  const owners = new Set(rowsOf("before").filter((id) => id !== ""));
  return { made, owners, touched: new Set([...owners, ...rowsOf("after").filter((id) => id !== "")]) };
}

const PARTS = ["labels", "dependencies", "comments"] as const;

/** What hangs on issues now, by table; of dependencies those too that end at one. */
function hangingOn(ids: ReadonlySet<string>): Query<(readonly [string, Readonly<Record<string, unknown>>[]])[]> {
  if (ids.size === 0) return combine([], () => []);
  const ending = rows(sql`SELECT * FROM dependencies WHERE depends_on_id IN ${list([...ids])}`, (row) => row);
  return combine([ending, ...PARTS.map((table) => partsAt("HEAD", table, ids))], (edges, ...own) => [
    ["dependencies", edges] as const,
    ...PARTS.map((table, index) => [table, own[index] ?? []] as const),
  ]);
}

/** What would go with the issues, and came to them since. */
function lost(
  parts: readonly (readonly [string, readonly Readonly<Record<string, unknown>>[]])[],
  changes: TableChanges,
  keys: TableKeys,
): Clash[] {
  return parts.flatMap(([table, all]) => {
    const going = changes.get(table);
    const stays = (row: Readonly<Record<string, unknown>>) => {
      const change = going?.get(rowKey(row, keys.get(table) ?? []));
      return change === undefined || textOf(change.after, "issue_id") === textOf(row, "issue_id");
    };
    const staying = all.filter(stays);
    return staying.map((row) => ({ table, item: textOf(row, "issue_id"), field: undefined }));
  });
}

/** Issues that would come back, and are wisps now. */
function wispsNow(changes: TableChanges, wisps: ReadonlySet<string>): Clash[] {
  const back = [...(changes.get("issues")?.values() ?? [])].filter(({ before }) => before === undefined);
  const ids = back.map(({ after }) => textOf(after, "id")).filter((id) => wisps.has(id));
  return ids.map((item) => ({ table: "wisps", item, field: undefined }));
}

/** Rows that would come back to an issue that is not there, and does not come back. */
function homeless(changes: TableChanges, there: ReadonlySet<string>): Clash[] {
  const issues = changes.get("issues");
  const back = new Set([...(issues?.values() ?? [])].map(({ after }) => textOf(after, "id")));
  const gone = new Set(
    [...(issues?.values() ?? [])].flatMap(({ before, after }) => (after ? [] : textOf(before, "id"))),
  );
  const lives = (id: string) => back.has(id) || (there.has(id) && !gone.has(id));
  return [...changes].flatMap(([table, all]) => {
    const rowsBack = [...all.values()].flatMap(({ after }) =>
      after !== undefined && "issue_id" in after ? [after] : [],
    );
    const ids = new Set(rowsBack.map((row) => textOf(row, "issue_id")).filter((id) => !lives(id)));
    return [...ids].map((item) => ({ table, item, field: undefined }));
  });
}

/** Issues come first and go last: what belongs to them needs them, and goes with them. */
export function undoWrites({ changes, keys }: UndoPlan): Query<number>[] {
  const tables = [...changes].toSorted(([a], [b]) => Number(b === "issues") - Number(a === "issues"));
  return [
    ...tables.flatMap(([table, rowsOf]) =>
      upsertRows(
        table,
        [...rowsOf.values()].map(({ after }) => after).filter((row) => row !== undefined),
      ),
    ),
    ...tables
      .toReversed()
      .flatMap(([table, rowsOf]) =>
        [...rowsOf.values()].flatMap(({ before, after }) =>
          before === undefined || after !== undefined
            ? []
            : [deleteRow(table, Object.fromEntries((keys.get(table) ?? []).map((column) => [column, before[column]])))],
        ),
      ),
  ];
}
