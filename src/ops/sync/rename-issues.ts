import type { PrefixChange } from "../../core/issue/renamed-prefix.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import type { EventSource } from "../../store/queries/write-events.ts";
import type { Transaction } from "../../store/session-types.ts";
import { loadRenaming, renameWrites } from "../issue/write/rename-writes.ts";

/**
 * Gives issues the ids that they have in the file, as far as nobody else has them. All ids of a prefix change at once.
 * Gives how many were named.
 */
export async function renameIssues(
  tx: Transaction,
  renames: ReadonlyMap<string, string>,
  who: Omit<EventSource, "at">,
): Promise<number> {
  const left = new Map(renames);
  let done = 0;
  for (const [from, to] of renames) {
    if (!left.has(from)) continue;
    const whole = await prefixChange(tx, left, from, to);
    const change: PrefixChange = whole ?? { from, to, joint: ".", others: [] };
    const renaming = await loadRenaming(tx, change);
    if (renaming.taken !== undefined) continue;
    await tx.all(renameWrites(renaming, { ...who, at: toWireTime(tx.now()) }, tx.now()));
    for (const id of renaming.ids.keys()) left.delete(id);
    done += renaming.ids.size;
  }
  return done;
}

/** The change of a prefix that does to every id of it what is to be done to these; undefined where there is none. */
async function prefixChange(
  tx: Transaction,
  renames: ReadonlyMap<string, string>,
  from: string,
  to: string,
): Promise<PrefixChange | undefined> {
  const [old, now] = [from, to].map((id) => id.slice(0, Math.max(0, id.indexOf("-"))));
  if (!old || !now || renames.size < 2 || from.slice(old.length) !== to.slice(now.length)) return undefined;
  const change: PrefixChange = { from: old, to: now, joint: "-", others: [] };
  const { ids, facts } = await loadRenaming(tx, change);
  const isAll = facts.issues.every((id) => renames.get(id) === ids.get(id));
  return isAll && facts.wisps.length === 0 ? change : undefined;
}
