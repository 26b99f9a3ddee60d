import { type IssueNews, NO_NEWS, newsWith } from "../../core/task-mirror/cell-dates.ts";
import { isMirrorMessage } from "../../core/task-mirror/mirror-message.ts";
import { changesBetween } from "../../store/changes/changes-between.ts";
import { wayTo } from "../../store/changes/commits-since.ts";
import { commitAt } from "../../store/changes/history-commits.ts";
import type { Reader } from "../../store/session-types.ts";
import type { ReadContext } from "../context.ts";
import type { TaskStore } from "./task-store.ts";

/** What happened to issues since a commit, and up to which one. */
export interface NewsSince {
  readonly news: IssueNews;
  readonly head: string;
}

interface Asked {
  readonly commit: string;
  /** What is known already. */
  readonly news?: IssueNews;
  /** Of the store; see `mirrorMessage`. */
  readonly mark: string;
}

/**
 * Adds what happened since a commit, but for what mirrors of the same store brought in: that they have from the tasks. Undefined
 * where the history no longer holds that commit.
 */
export async function issueNewsSince(
  reader: Reader,
  { commit, news = NO_NEWS, mark }: Asked,
): Promise<NewsSince | undefined> {
  const { to: head, steps } = await wayTo(reader, { from: commit });
  if (steps === undefined) return undefined;
  let sum = news;
  for (const step of steps) {
    const [{ message, parents }] = await reader.all([commitAt(step.to)]);
    if (isMirrorMessage(message, mark) && parents.length === 1) continue;
    const { events } = await changesBetween(reader, step);
    sum = newsWith(sum, events);
  }
  return { news: sum, head };
}

/** What happened to issues since a commit that a mirror of this store has read. */
export async function newsFor(
  context: Pick<ReadContext, "read">,
  { group }: TaskStore,
  commit: string,
): Promise<NewsSince | undefined> {
  const mark = await group.mark();
  return context.read((reader) => issueNewsSince(reader, { commit, mark }));
}
