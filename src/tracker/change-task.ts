import { CHANGE_SCRIPT } from "./change-script.ts";
import type { StoreConnection } from "./store-connection.ts";
import { etagOf, readTask, type Task } from "./task.ts";
import type { TaskKeys } from "./task-keys.ts";
import type { Change } from "./task-log.ts";
import { TrackerError } from "./tracker-error.ts";

/** A change that somebody wants to make of one task. */
export interface ChangeWanted {
  /** Where neither of both tasks says it. */
  readonly id?: string;
  /** The text that is there; undefined for none. */
  readonly before: string | undefined;
  readonly after: Task | undefined;
  /** What is written of it, where that is not for us to say. */
  readonly text?: string;
  readonly kind: Change["kind"];
  readonly op: string;
  readonly source?: string | undefined;
}

/** Has the script make a change; the outcome is one of its words, with what is there. Throws TrackerError 403. */
export async function changeTask(
  connection: StoreConnection,
  names: TaskKeys,
  {
    before,
    after,
    text,
    kind,
    op,
    source = "web",
    keptChanges,
    ...named
  }: ChangeWanted & { readonly keptChanges: number },
): Promise<{ readonly outcome: string; readonly text: string }> {
  if (connection.isReadOnly) throw new TrackerError(403, "This store may only be read: its token is for reading");
  const [was, id] = [readTask(before), after?.id ?? named.id ?? ""];
  const written = after === undefined ? "" : (text ?? textOf(after));
  const keys = [
    names.task(id),
    names.index(),
    names.index((was ?? after)?.project),
    names.index((after ?? was)?.project),
    names.seq,
    names.log,
    names.known,
  ];
  const isListed = after !== undefined && after.deletedAt === undefined;
  const created = Date.parse((after ?? was)?.createdAt ?? "");
  const score = String(Number.isNaN(created) ? 0 : created);
  const entry = { kind, id, op, source, before: before ?? "", after: written };
  const answer = await connection.send(
    [
      ["EVAL", CHANGE_SCRIPT, String(keys.length)],
      keys,
      [before ?? "", written, id, score, etagOf(written), isListed ? "in" : "out", String(keptChanges)],
      Object.entries(entry).flat(),
    ].flat(),
  );
  const [outcome, found] = Array.isArray(answer) ? answer : [];
  return { outcome: String(outcome), text: String(found ?? "") };
}

export function textOf(task: Task): string {
  return JSON.stringify(task);
}
