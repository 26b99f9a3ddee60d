import type { Migration } from "./read-migrations.ts";

export interface SchemaStatus {
  /** `empty`: nothing was ever recorded. `newer`: a version that this program does not know. */
  readonly kind: "empty" | "older" | "current" | "newer";
  /** The newest version of the database; 0 when empty. */
  readonly have: number;
  /** The newest version of this program. */
  readonly want: number;
  /** In the order in which they would be applied. */
  readonly pending: readonly Migration[];
}

/** Compares the versions that a database has recorded with those that this program knows. */
export function schemaStatus(have: readonly number[], known: readonly Migration[]): SchemaStatus {
  const recorded = new Set(have);
  const pending = known.filter(({ version }) => !recorded.has(version));
  const newest = Math.max(0, ...have);
  const want = Math.max(0, ...known.map(({ version }) => version));
  return { kind: kindOf(newest, want, pending.length), have: newest, want, pending };
}

function kindOf(have: number, want: number, pending: number): SchemaStatus["kind"] {
  if (have === 0) return "empty";
  if (have > want) return "newer";
  return pending > 0 ? "older" : "current";
}
