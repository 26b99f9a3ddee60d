import { withSortedKeys } from "../json/go-json.ts";
import type { FieldChanges } from "./change-event.ts";
import type { WireRow } from "./wire-row.ts";

/** A row in the wire's words before and after. */
export interface WireChange {
  readonly before: WireRow | undefined;
  readonly after: WireRow | undefined;
}

/** Whether two values of the wire are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  return JSON.stringify(withSortedKeys(a)) === JSON.stringify(withSortedKeys(b));
}

/** The fields in which two rows differ; of a row that is not there nothing is set. */
export function fieldChanges({ before = {}, after = {} }: WireChange): FieldChanges {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => !sameValue(before[name], after[name]));
  return Object.fromEntries(differing.map((name) => [name, { old: before[name] ?? null, new: after[name] ?? null }]));
}

/** What a row has beside these fields, as the member of an event that is left out where it has nothing. */
export function columnsBeside(row: WireRow | undefined, fields: readonly string[]): { columns?: WireRow } {
  const others = Object.entries(row ?? {}).filter(([name]) => !fields.includes(name));
  return others.length === 0 ? {} : { columns: Object.fromEntries(others) };
}
