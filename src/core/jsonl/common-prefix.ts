import { isIdPrefix } from "../issue/issue-id.ts";

/**
 * The prefix that most of a tracker's ids have: what stands before the last hyphen, as the ids that programs give have
 * none behind it. Of equally many, the first one's. Undefined where no id has one that new ids could begin with.
 */
export function commonPrefix(ids: Iterable<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const prefix = id.slice(0, Math.max(0, id.lastIndexOf("-")));
    if (isIdPrefix(prefix)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}
