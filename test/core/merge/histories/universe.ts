import type { Row, Sides } from "../../../../src/core/merge/cell.ts";
import { issueIdColumns, ownerColumns } from "../../../../src/core/merge/issue-references.ts";
import { TOMBSTONES, type Versions3 } from "../../../../src/core/merge/known-issues.ts";
import { type AlignedRow, alignSnapshots } from "../../../../src/core/merge/merge-snapshots.ts";
import { mergeVersions } from "../../../../src/core/merge/merge-versions.ts";
import { type Snapshot, sameRow, textOf } from "../../../../src/core/merge/snapshot.ts";
import { commonBase, type History } from "../../../../src/federation/merge/common-base.ts";
import { rowDates } from "./dates.ts";
import type { Merge } from "./memory-clone.ts";
import { KEYS } from "./tables.ts";

/** An id without what a move added to it. All that may want one id have one stem. */
function stemOf(id: string): string {
  return id.replace(/(?:_[a-z][0-9a-z]{7})+$/, "");
}

/** The stems of all ids that stand in a row. */
function stemsIn(table: string, row: Row): string[] {
  const columns = table === TOMBSTONES ? ["wanted_id"] : issueIdColumns(table);
  return columns
    .map((column) => textOf(row, column))
    .filter((id) => id !== "")
    .map(stemOf);
}

function isOfNoIssue(table: string): boolean {
  return table !== TOMBSTONES && issueIdColumns(table).length === 0;
}

type Stems = ReadonlySet<string>;

/** The stems in rows that differ between two snapshots. */
function touched(
  before: Snapshot,
  after: Snapshot,
  matters: (table: string, a: Row | undefined, b: Row | undefined) => boolean,
): Stems {
  const found = new Set<string>();
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const [here, there] = [before.get(table), after.get(table)];
    for (const key of new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])])) {
      const [a, b] = [here?.get(key), there?.get(key)];
      if (sameRow(a, b) || !matters(table, a, b)) continue;
      for (const row of [a, b]) if (row !== undefined) for (const stem of stemsIn(table, row)) found.add(stem);
    }
  }
  return found;
}

const always = () => true;

/** Whether a row that differs says of another issue than before that it is there, or of whom it is. */
function changesIdentity(table: string, a: Row | undefined, b: Row | undefined): boolean {
  if (table === "events") return [a, b].some((row) => row?.["event_type"] === "created");
  if (table !== "issues") return false;
  return ["id", "created_by", "created_at"].some((column) => textOf(a, column) !== textOf(b, column));
}

function universeOf(tips: Sides<Snapshot>, bases: readonly Snapshot[]): Stems {
  const [base] = bases;
  if (base === undefined) return touched(tips.ours, tips.theirs, always);
  if (bases.length > 1)
    return new Set([
      ...touched(tips.ours, tips.theirs, always),
      ...bases.flatMap((one) => [
        ...touched(one, tips.ours, changesIdentity),
        ...touched(one, tips.theirs, changesIdentity),
      ]),
    ]);
  const [here, there] = [touched(base, tips.ours, always), touched(base, tips.theirs, always)];
  const both = [...here].filter((stem) => there.has(stem));
  return new Set([
    ...both,
    ...touched(base, tips.ours, changesIdentity),
    ...touched(base, tips.theirs, changesIdentity),
  ]);
}

/**
 * Who names one of the ids by the way, as its hook or its thread, is inside too: its row changes when that one moves, and
 * a row has to be inside in all versions or in none.
 */
function closed(stems: Stems, snapshots: readonly Snapshot[]): Stems {
  const found = new Set(stems);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const snapshot of snapshots) {
      for (const [table, rows] of snapshot) {
        const owners = ownerColumns(table);
        if (owners.length === 0 || owners.length === issueIdColumns(table).length) continue;
        for (const row of rows.values()) {
          if (!isInside(table, row, found)) continue;
          for (const column of owners) found.add(stemOf(textOf(row, column)));
        }
      }
    }
  }
  return found;
}

function restricted(snapshot: Snapshot, stems: Stems): Snapshot {
  return new Map(
    [...snapshot].map(([table, rows]) => [table, new Map([...rows].filter(([, row]) => isInside(table, row, stems)))]),
  );
}

function isInside(table: string, row: Row, stems: Stems): boolean {
  // Rows that belong to no issue are few.
  return isOfNoIssue(table) || stemsIn(table, row).some((stem) => stems.has(stem));
}

/** What neither side moves or both changed, merged row by row. */
function mergedRest({ base, ours, theirs }: Versions3, stems: Stems): Map<string, Map<string, Row>> {
  const merged = new Map<string, Map<string, Row>>();
  for (const table of new Set([...ours.keys(), ...theirs.keys()])) {
    const rows = new Map<string, Row>();
    merged.set(table, rows);
    const [before, here, there] = [base.get(table), ours.get(table), theirs.get(table)];
    for (const key of new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])])) {
      const [a, b, c] = [before?.get(key), here?.get(key), there?.get(key)];
      if ([b, c].some((row) => row !== undefined && isInside(table, row, stems))) continue;
      const row = sameRow(b, c) || sameRow(a, c) ? b : sameRow(a, b) ? c : undefined;
      if (row === undefined && !sameRow(a, b) && !sameRow(a, c)) throw new Error(`${table} ${key} needs rules`);
      if (row !== undefined) rows.set(key, row);
    }
  }
  return merged;
}

/** A merge that looks only at what it has to; the rest is merged row by row. */
export const mergeWhatMayMeet: Merge = async (commits, { ours, theirs }, bases) => {
  const [here, there] = [commits.get(ours), commits.get(theirs)];
  const tips = { ours: here.snapshot, theirs: there.snapshot };
  const before = bases.map((base) => commits.get(base).snapshot);
  const stems = closed(universeOf(tips, before), [...before, tips.ours, tips.theirs]);
  const inside: History = {
    keys: KEYS,
    mergeBases: (some, others) => commits.mergeBases(some, others),
    snapshot: async (commit) => restricted(await commits.snapshot(commit), stems),
  };
  const sides = { ours: restricted(tips.ours, stems), theirs: restricted(tips.theirs, stems) };
  const alignment = alignSnapshots({ base: await commonBase(inside, bases), ...sides }, KEYS);
  const datesOf = (row: AlignedRow) => ({ ours: rowDates(row, here.dates), theirs: rowDates(row, there.dates) });
  const { rows } = mergeVersions(alignment, KEYS, { datesOf });
  // Of several bases, what differs between the tips is all inside.
  const [base = new Map()] = before.length === 1 ? before : [];
  const merged = mergedRest({ base, ...tips }, stems);
  for (const [table, own] of rows) {
    const all = merged.get(table) ?? new Map<string, Row>();
    merged.set(table, all);
    for (const [key, row] of own) all.set(key, row);
  }
  return merged;
};
