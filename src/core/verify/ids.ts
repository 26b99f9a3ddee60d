import { command } from "../../errors.ts";
import { idProblem, parseChildId } from "../issue-id.ts";
import type { Finding } from "./finding.ts";

/** Ids under which no issue may come in: other programs, or an older bd, let them in. */
export function oddIds(ids: readonly string[]): Finding[] {
  return ids.flatMap((id): Finding[] => {
    const problem = idProblem(id);
    if (problem === undefined) return [];
    const message = `the id ${JSON.stringify(id)} ${problem}; nobody can use the issue by it`;
    return [{ kind: "id", items: [id], message, known: [], next: command`bd list --all --json` }];
  });
}

/** Counters of children that stand before the last child that there is. */
export function lateCounters(ids: readonly string[], counters: ReadonlyMap<string, number>): Finding[] {
  const last = new Map<string, number>();
  for (const id of ids) {
    const child = parseChildId(id);
    if (child !== undefined) last.set(child.parentId, Math.max(child.ordinal, last.get(child.parentId) ?? 0));
  }
  return [...counters].flatMap(([parent, counted]): Finding[] => {
    const ordinal = last.get(parent) ?? 0;
    if (ordinal <= counted) return [];
    return [
      {
        kind: "counter",
        items: [parent],
        message: `the counter of ${parent} stands at ${counted}, and ${parent}.${ordinal} is there: another program may give an id twice`,
        known: [],
        next: command`bd show --children ${parent}`,
      },
    ];
  });
}
