import type { Side, Sides } from "../../core/merge/cell.ts";
import type { Conflict } from "../../core/merge/merge-versions.ts";
import type { Reason } from "../../core/merge/row-contest.ts";
import { combine, firstRow, number, type Query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";

/**
 * Tables whose rows nobody can name or write, such as those of views and procedures: Dolt merges them, and where it
 * calls rows a conflict, one side has them all. That is the side whose newest commit is the later one.
 */
export async function settleWhole(
  reader: Reader,
  { ours, theirs }: Sides<string>,
  { tables, prefer }: { readonly tables: readonly string[]; readonly prefer: Side | undefined },
): Promise<Conflict[]> {
  if (tables.length === 0) return [];
  const [inConflict, here, there] = await reader.all([conflictCounts(ours, theirs), dateOf(ours), dateOf(theirs)]);
  const verdict = verdictOn({ ours: [here, ours], theirs: [there, theirs] }, prefer);
  return tables.flatMap((table): Conflict[] => {
    const count = inConflict.get(table) ?? 0;
    if (count === 0) return [];
    const shown = count === 1 ? "1 row" : `${count} rows`;
    return [{ ...verdict, table, item: "table", field: "rows", ours: shown, theirs: shown }];
  });
}

/** By date and hash of the newest commits. */
function verdictOn(tips: Sides<readonly [string, string]>, prefer: Side | undefined): { winner: Side; why: Reason } {
  if (prefer !== undefined) return { winner: prefer, why: "chosen" };
  const isTie = tips.ours[0] === tips.theirs[0];
  const at = isTie ? 1 : 0;
  return { winner: tips.ours[at] > tips.theirs[at] ? "ours" : "theirs", why: isTie ? "larger" : "later" };
}

function conflictCounts(ours: string, theirs: string): Query<Map<string, number>> {
  const found = rows(
    sql`SELECT \`table\` AS name, num_data_conflicts AS n FROM dolt_preview_merge_conflicts_summary(${ours}, ${theirs})`,
    (row) => [text(row, "name"), number(row, "n")] as const,
  );
  return combine([found], (tables) => new Map(tables));
}

function dateOf(commit: string): Query<string> {
  const found = firstRow(sql`SELECT date FROM DOLT_LOG(${commit}) LIMIT 1`, (row) => text(row, "date"));
  return combine([found], (date) => date ?? "");
}
