import { TOMBSTONE_COLUMNS, TOMBSTONES, tombstoneRow } from "../../../core/merge/known-issues.ts";
import { appearancesIn } from "../../../core/merge/same-issue.ts";
import { type Snapshot, textOf } from "../../../core/merge/snapshot.ts";
import { addKeys } from "../../../store/queries/deletion.ts";
import type { Query } from "../../../store/query.ts";

/** Remembers deleted issues in the table for that, by what tells who they were. */
export function tombstonesOf(births: Snapshot): Query<number>[] {
  const rows = appearancesIn("ours", births).map(({ wanted, level, createdBy, createdAt, fresh }) =>
    tombstoneRow({ wanted, createdBy, createdAt, ext: [...fresh].toSorted()[0] ?? "" }, level),
  );
  return addKeys(
    TOMBSTONES,
    TOMBSTONE_COLUMNS,
    rows.map((row) => TOMBSTONE_COLUMNS.map((column) => textOf(row, column))),
  );
}
