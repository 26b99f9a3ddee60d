import { etagOf, readTask } from "./task.ts";
import type { Tracker } from "./tracker.ts";

/** What the stream and the indexes do not know as it is. */
export interface Unknown {
  /** Tasks that another program made or changed. */
  readonly found: readonly string[];
  /** Ids in the index without a task. */
  readonly stale: readonly string[];
}

const PER_STEP = 500;

/**
 * Looks at every task of the store, piece by piece (SCAN, never KEYS), for those that were written past it. With `fix` they
 * are taken in, as changes that the stream tells.
 */
export async function verifyTasks(tracker: Tracker, { fix = false } = {}): Promise<Unknown> {
  const { connection, keys } = tracker;
  const known = new Map(Object.entries(fieldsIn(await connection.send(["HGETALL", keys.known]))));
  const start = keys.task("");
  const found = new Set<string>();
  const there = new Set<string>();
  for (let cursor = "0"; ; ) {
    const answer = await connection.send(["SCAN", cursor, "MATCH", `${escaped(start)}*`, "COUNT", String(PER_STEP)]);
    const [next, names] = Array.isArray(answer) ? answer : [];
    const ids = (Array.isArray(names) ? names : []).map((name) => String(name).slice(start.length));
    const texts = ids.length === 0 ? [] : await connection.send(["MGET", ...ids.map((id) => keys.task(id))]);
    for (const [at, text] of (Array.isArray(texts) ? texts : []).entries()) {
      const id = ids[at] ?? "";
      there.add(id);
      if (readTask(text)?.id === id && known.get(id) !== etagOf(String(text))) found.add(id);
    }
    cursor = String(next ?? "0");
    if (cursor === "0") break;
  }
  const listed = await connection.send(["ZRANGE", keys.index(), "0", "-1"]);
  const stale = (Array.isArray(listed) ? listed : []).map(String).filter((id) => !there.has(id));
  if (fix) {
    for (const id of found) await tracker.takeIn(id);
    if (stale.length > 0) await connection.send(["ZREM", keys.index(), ...stale]);
  }
  return { found: [...found].toSorted(), stale };
}

/** HGETALL gives a flat list over TCP, and pairs or an object over some of REST. */
function fieldsIn(answer: unknown): Record<string, string> {
  const flat = Array.isArray(answer)
    ? answer.map(String)
    : Object.entries(answer ?? {})
        .flat()
        .map(String);
  return Object.fromEntries(
    Array.from({ length: Math.floor(flat.length / 2) }, (_, at) => [flat[2 * at] ?? "", flat[2 * at + 1] ?? ""]),
  );
}

/** In a pattern these have a meaning. */
function escaped(text: string): string {
  return text.replaceAll(/[\\*?[\]^]/g, "\\$&");
}
