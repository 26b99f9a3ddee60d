import type { StoreConnection } from "./store-connection.ts";
import { readTask } from "./task.ts";
import { isTaskId } from "./task-keys.ts";
import type { Tracker } from "./tracker.ts";

const PER_STEP = 500;

/**
 * Every task of the store, piece by piece (SCAN, never KEYS), as it is stored, by id: deleted ones, and what other programs
 * wrote, too, under ids that a task may have. One may come twice.
 */
export async function* scanTasks({
  connection,
  keys,
}: Tracker): AsyncGenerator<ReadonlyMap<string, string>, void, void> {
  const start = keys.task("");
  for await (const names of scanKeys(connection, start)) {
    const ids = names.map((name) => name.slice(start.length));
    const texts = ids.length === 0 ? [] : await connection.send(["MGET", ...ids.map((id) => keys.task(id))]);
    const found = (Array.isArray(texts) ? texts : []).map((text, at) => [ids[at] ?? "", String(text)] as const);
    yield new Map(found.filter(([id, text]) => isTaskId(id) && readTask(text)?.id === id));
  }
}

/** The keys that begin so, piece by piece; one may come twice. */
export async function* scanKeys(connection: StoreConnection, start: string): AsyncGenerator<string[], void, void> {
  for (let cursor = "0"; ; ) {
    const answer = await connection.send(["SCAN", cursor, "MATCH", `${escaped(start)}*`, "COUNT", String(PER_STEP)]);
    const [next, names] = Array.isArray(answer) ? answer : [];
    yield (Array.isArray(names) ? names : []).map(String);
    cursor = String(next ?? "0");
    if (cursor === "0") return;
  }
}

/** In a pattern these have a meaning. */
function escaped(text: string): string {
  return text.replaceAll(/[\\*?[\]^]/g, "\\$&");
}
