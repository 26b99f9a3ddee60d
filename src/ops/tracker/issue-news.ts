import { type IssueNews, newsWith } from "../../core/task-mirror/cell-dates.ts";
import { isMirrorMessage } from "../../core/task-mirror/mirror-message.ts";
import { changesBetween } from "../../store/changes/changes-between.ts";
import { wayTo } from "../../store/changes/commits-since.ts";
import { commitAt } from "../../store/changes/history-commits.ts";
import type { Reader } from "../../store/session-types.ts";

/** What happened to issues since a commit, and up to which one. */
export interface NewsSince {
  readonly news: IssueNews;
  readonly head: string;
}

/**
 * Adds what happened since a commit, but for what a mirror brought in: that it has from the tasks. Undefined where the
 * history no longer holds that commit.
 */
export async function issueNewsSince(reader: Reader, commit: string, news: IssueNews): Promise<NewsSince | undefined> {
  const { to: head, steps } = await wayTo(reader, { from: commit });
  if (steps === undefined) return undefined;
  let sum = news;
  for (const step of steps) {
    const [{ message, parents }] = await reader.all([commitAt(step.to)]);
    if (isMirrorMessage(message) && parents.length === 1) continue;
    const { events } = await changesBetween(reader, step);
    sum = newsWith(sum, events);
  }
  return { news: sum, head };
}
