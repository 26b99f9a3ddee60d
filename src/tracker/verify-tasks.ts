import { fieldsIn } from "./hash-fields.ts";
import { scanKeys, scanTasks } from "./scan-tasks.ts";
import { etagOf } from "./task.ts";
import type { Tracker } from "./tracker.ts";

/** What the stream and the indexes do not know as it is. */
export interface Unknown {
  /** Tasks that another program made or changed. */
  readonly found: readonly string[];
  /** Ids in the index without a task. */
  readonly stale: readonly string[];
}

/**
 * Looks at every task of the store, piece by piece (SCAN, never KEYS), for those that were written past it. With `fix` they
 * are taken in, as changes that the stream tells.
 */
export async function verifyTasks(tracker: Tracker, { fix = false } = {}): Promise<Unknown> {
  const { connection, keys } = tracker;
  const known = new Map(Object.entries(fieldsIn(await connection.send(["HGETALL", keys.known]))));
  const found = new Set<string>();
  const there = new Set<string>();
  for await (const texts of scanTasks(tracker)) {
    for (const [id, text] of texts) {
      there.add(id);
      if (known.get(id) !== etagOf(text)) found.add(id);
    }
  }
  const listed = await connection.send(["ZRANGE", keys.index(), "0", "-1"]);
  const stale = (Array.isArray(listed) ? listed : []).map(String).filter((id) => !there.has(id));
  if (fix) {
    for (const id of found) await tracker.takeIn(id);
    if (stale.length > 0) for (const index of await indexes(tracker)) await connection.send(["ZREM", index, ...stale]);
  }
  return { found: [...found].toSorted(), stale };
}

/** That of all tasks, and those of projects. */
async function indexes({ connection, keys }: Tracker): Promise<ReadonlySet<string>> {
  const found = new Set([keys.index()]);
  for await (const names of scanKeys(connection, keys.index(""))) for (const name of names) found.add(name);
  return found;
}
