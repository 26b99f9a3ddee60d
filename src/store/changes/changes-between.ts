import { type ChangeEvent, eventsOf, type Via } from "../../core/changes/change-event.ts";
import { changesOf } from "../../core/changes/changes-of.ts";
import type { Reader } from "../session-types.ts";
import { differenceBetween } from "./difference-between.ts";
import { commitAt } from "./history-commits.ts";
import { otherTables } from "./state-rows.ts";
import { type CommitPair, tableDifferences } from "./table-changes.ts";

/** Two commits, by their hashes. */
export interface Range extends CommitPair {
  /** Said of a range that others made. A merge that is compared with a parent always came by a pull. */
  readonly via?: Via;
}

export interface ChangesBetween {
  /** Applied to the state at `from` they give the state at `to`. They are said to be of that commit. */
  readonly events: readonly ChangeEvent[];
  /** Tables that differ too, but are no part of the state. */
  readonly otherTables: readonly string[];
}

/**
 * What changed between two commits; a commit and its first parent give what the commit did. That takes two round trips:
 * one more where titles of untouched issues are wanted, up to three where ids may have changed hands, and one for each
 * further part of tables that differ in very many rows. Throws BdError unavailable SERVER_ERROR where a commit is not
 * there.
 */
export async function changesBetween(reader: Reader, { from, to, via }: Range): Promise<ChangesBetween> {
  const [commit, tables] = await reader.all([commitAt(to), tableDifferences({ from, to })]);
  const difference = await differenceBetween(reader, { from, to }, tables);
  const isPull = via === "pull" || (commit.parents.length > 1 && commit.parents.includes(from));
  const events = eventsOf(changesOf(difference), { commit, from, via: isPull ? "pull" : undefined });
  return { events, otherTables: otherTables(tables) };
}
