import type { Change, FieldChanges } from "./change-event.ts";
import { STATE_TABLES, type StateTable } from "./state-tables.ts";
import { stateKey, type TrackerState } from "./tracker-state.ts";
import type { WireRow } from "./wire-row.ts";

/** The state after these changes, made one by one. Those of a comparison lead from its one end to its other. */
export function applyChanges(state: TrackerState, changes: Iterable<Change>): TrackerState {
  const tables = new Map(STATE_TABLES.map((table) => [table, new Map(state.get(table))]));
  for (const change of changes) {
    const { table, row, isThere } = outcomeOf(change, tables);
    const rows = tables.get(table);
    if (isThere) rows?.set(stateKey(table, row), row);
    else rows?.delete(stateKey(table, row));
  }
  return tables;
}

/** A row that is there after the change, or one that is gone, of which the key is enough. */
interface Outcome {
  readonly table: StateTable;
  readonly row: WireRow;
  readonly isThere: boolean;
}

function outcomeOf(change: Change, state: TrackerState): Outcome {
  if ("label" in change) {
    const row = { issue_id: change.issue_id, label: change.label, ...change.columns };
    return { table: "labels", row, isThere: change.type === "labeled" };
  }
  if ("dependency" in change) {
    return { table: "dependencies", row: { ...change.dependency }, isThere: change.type === "dependency_added" };
  }
  if ("comment" in change) {
    return { table: "comments", row: { ...change.comment }, isThere: change.type === "commented" };
  }
  if (change.type === "config_changed") {
    const row = patched(state, "config", { named: { key: change.key }, changes: change.changes });
    return { table: "config", row, isThere: row["value"] !== undefined };
  }
  const row = patched(state, "issues", { named: { id: change.issue_id }, changes: change.changes });
  return { table: "issues", row, isThere: change.type !== "deleted" };
}

/** The row of that name, with other values. */
function patched(
  state: TrackerState,
  table: StateTable,
  { named, changes }: { readonly named: WireRow; readonly changes: FieldChanges },
): WireRow {
  const values = new Map(Object.entries({ ...state.get(table)?.get(stateKey(table, named)), ...named }));
  for (const [name, { new: value }] of Object.entries(changes)) {
    if (value === null) values.delete(name);
    else values.set(name, value);
  }
  return Object.fromEntries(values);
}
