import type { NothingToClaim } from "../../core/claim/next-claim.ts";

/** `No ready work to claim: 3 assigned to others (bob 2, carol 1), 1 blocked` */
export function nothingToClaim(nothing: NothingToClaim): string {
  const reasons = [
    ...byName("assigned to others", nothing.assigned),
    ...byName("in progress", nothing.inProgress),
    ...(nothing.blocked > 0 ? [`${nothing.blocked} blocked`] : []),
    ...(nothing.deferred > 0 ? [`${nothing.deferred} deferred`] : []),
    ...(nothing.epics > 0 ? [`${nothing.epics} epics whose children are open (--type epic takes them)`] : []),
  ];
  return reasons.length === 0 ? "No ready work to claim" : `No ready work to claim: ${reasons.join(", ")}`;
}

function byName(what: string, counts: ReadonlyMap<string, number>): string[] {
  const names = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const total = names.reduce((sum, [, issues]) => sum + issues, 0);
  return total === 0
    ? []
    : [`${total} ${what} (${names.map(([name, issues]) => `${name || "nobody"} ${issues}`).join(", ")})`];
}
