import { BdError, command } from "../../errors.ts";
import { type CellDates, type Row, type Side, type Sides, sameCell } from "./cell.ts";
import type { LostText } from "./lost-texts.ts";
import type { RowContest, Settled } from "./merge-cell.ts";
import { mergeRow } from "./merge-row.ts";

/** The versions of the row with one key; a missing one was removed, or not there yet. */
export interface RowVersions {
  readonly base?: Row | undefined;
  readonly ours?: Row | undefined;
  readonly theirs?: Row | undefined;
  readonly dates: Sides<CellDates>;
  readonly prefer?: RowContest["prefer"];
}

export interface MergedKeyedRow {
  /** Undefined where the row is removed. */
  readonly row: Row | undefined;
  readonly settled: readonly Settled[];
  readonly lost: readonly LostText[];
}

/**
 * Merges a row of any table but `issues`: rows unite, a removal stands against an unchanged row and yields to a changed
 * one. Throws BdError config OTHER_PROJECT where the sides belong to two projects.
 */
export function mergeKeyedRow(table: string, { base, ours, theirs, dates, prefer }: RowVersions): MergedKeyedRow {
  if (ours === undefined || theirs === undefined) return alone(survivor({ base, ours, theirs })?.row);
  if (table === "metadata") checkSameProject(ours, theirs);
  return mergeRow(table, { base, ours, theirs, dates, prefer });
}

function alone(row: Row | undefined): MergedKeyedRow {
  return { row, settled: [], lost: [] };
}

/** Of a row that at least one side doesn't have: the side whose row stays, or undefined where it is gone. */
export function survivor(
  { base, ours, theirs }: Pick<RowVersions, "base" | "ours" | "theirs">,
  touched: Readonly<Partial<Sides<boolean | undefined>>> = {},
): { side: Side; row: Row } | undefined {
  const [side, row]: [Side, Row | undefined] = ours === undefined ? ["theirs", theirs] : ["ours", ours];
  if (row === undefined) return undefined;
  const isChanged = base === undefined || touched[side] === true || differs(row, base);
  return isChanged ? { side, row } : undefined;
}

function differs(row: Row, base: Row): boolean {
  return [...new Set([...Object.keys(row), ...Object.keys(base)])].some(
    (column) => !sameCell(row[column], base[column]),
  );
}

function checkSameProject(ours: Row, theirs: Row): void {
  if (ours["key"] !== "_project_id" || sameCell(ours["value"], theirs["value"])) return;
  throw new BdError(
    "config",
    "OTHER_PROJECT",
    `the remote belongs to project ${String(theirs["value"])}, but this database to ${String(ours["value"])}: nothing was merged`,
    { hint: command`bd where`, details: { ours: ours["value"], theirs: theirs["value"] } },
  );
}
