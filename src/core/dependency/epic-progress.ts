import type { ReadinessFacts } from "../ready/readiness.ts";

/** How far an epic is. */
export interface EpicProgress {
  readonly id: string;
  /** Its direct children. */
  readonly total: number;
  readonly closed: number;
  /** It is not finished, and all its children are. */
  readonly eligible: boolean;
}

/** Of those epics that have children, in the given order. */
export function epicProgress(
  epics: readonly string[],
  { done, edges }: Pick<ReadinessFacts, "done" | "edges">,
): EpicProgress[] {
  const isDone = new Set(done);
  const children = Map.groupBy(
    edges.filter(({ type }) => type === "parent-child"),
    ({ depends_on_id }) => depends_on_id,
  );
  return epics.flatMap((id) => {
    const own = children.get(id);
    if (own === undefined) return [];
    const closed = own.filter((edge) => isDone.has(edge.issue_id)).length;
    return [{ id, total: own.length, closed, eligible: !isDone.has(id) && closed === own.length }];
  });
}
