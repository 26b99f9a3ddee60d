import { type Row, sameCell } from "./cell.ts";

/** Rows of one table by the values of their key, as `keyText` writes them. */
export type Rows = ReadonlyMap<string, Row>;

/** The rows of a commit, or those of them that a merge has to look at, by table. */
export type Snapshot = ReadonlyMap<string, Rows>;

/** The columns of the primary key, by table. Tables that are not here are not merged row by row. */
export type TableKeys = ReadonlyMap<string, readonly string[]>;

/** The values of a key as one text. */
export function keyText(parts: readonly unknown[]): string {
  return JSON.stringify(parts.map((part) => String(part ?? "")));
}

export function rowKey(row: Row, key: readonly string[]): string {
  return keyText(key.map((column) => row[column]));
}

export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return value === null || value === undefined ? "" : String(value);
}

export function sameRow(a: Row | undefined, b: Row | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((column) => sameCell(a[column], b[column]));
}

export function sameSnapshot(a: Snapshot, b: Snapshot): boolean {
  const tables = new Set([...a.keys(), ...b.keys()]);
  return [...tables].every((table) => {
    const [here, there] = [a.get(table) ?? new Map(), b.get(table) ?? new Map()];
    return here.size === there.size && [...here].every(([key, row]) => sameRow(row, there.get(key)));
  });
}
