import { withAllDigits } from "../json/go-json.ts";

/** One of the two rows of a merge. Nothing below prefers either: swapping them gives the same row. */
export type Side = "ours" | "theirs";

export interface Sides<T> {
  readonly ours: T;
  readonly theirs: T;
}

/** A row as the database gives it: values by column; DATETIME and JSON columns as text. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * By column, the commit date of the cell's last change on one side since the base; where they are known also by
 * `metadata.<key>`. All times of one merge have one form that sorts as text, such as `YYYY-MM-DD HH:MM:SS.mmm`. A missing
 * date counts as older than any.
 */
export type CellDates = Readonly<Record<string, string | undefined>>;

export function otherSide(side: Side): Side {
  return side === "ours" ? "theirs" : "ours";
}

export function sameCell(a: unknown, b: unknown): boolean {
  return compareCells(a, b) === 0;
}

/**
 * The total order that settles ties, equal on every machine: NULL, then booleans, numbers, texts by UTF-16 code unit,
 * bytes, and anything else by its JSON. Negative, zero or positive, as for `toSorted`.
 */
export function compareCells(a: unknown, b: unknown): number {
  const rank = rankOf(a);
  if (rank !== rankOf(b)) return rank - rankOf(b);
  if (typeof a === "string" && typeof b === "string") return order(a, b);
  if (isNumeric(a) && isNumeric(b)) return order(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return order(withAllDigits(a ?? null), withAllDigits(b ?? null));
}

export function compareTexts(a: string | undefined, b: string | undefined): number {
  return order(a ?? "", b ?? "");
}

function order<T extends string | number | bigint>(a: T, b: T): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function rankOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === "boolean") return 1;
  if (isNumeric(value)) return 2;
  if (typeof value === "string") return 3;
  return value instanceof Uint8Array ? 4 : 5;
}
