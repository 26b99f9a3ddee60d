import type { Row } from "./cell.ts";
import { ownerColumns } from "./issue-references.ts";
import { withIds } from "./merge-snapshots.ts";
import { idAtLevel, readLevel } from "./moved-id.ts";
import { appearancesIn, sameIssues } from "./same-issue.ts";
import { type Snapshot, textOf } from "./snapshot.ts";

/** An issue that was deleted, as it comes back. */
export interface RestoredIssue {
  /** Another one than it had where somebody else has that by now. */
  readonly id: string;
  readonly title: string;
  /** The issue that has its old id, where it comes back under another one. */
  readonly holder: string | undefined;
  /** Rows to add, by table, with the ids that issues have now. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** Dependencies of its that seem to be the holder's, because they still name the old id: they go, and are in `rows`. */
  readonly astray: readonly Row[];
  /** Of its dependencies those whose other end is not there any more. */
  readonly leftOut: readonly { readonly issueId: string; readonly dependsOnId: string }[];
}

export type Restoration =
  | ({ readonly kind: "restored" } & RestoredIssue)
  | { readonly kind: "living"; readonly id: string; readonly title: string } // never deleted, or back already
  | { readonly kind: "unknown" };

/** An old state of an issue and of those that it has dependencies with, and what these are now. */
export interface PastAndNow {
  readonly past: Snapshot;
  readonly now: Snapshot;
  /** Which of these ids wisps have: they share one space of names with issues. */
  readonly wisps: ReadonlySet<string>;
}

/** As many ids as anybody tries for an issue. */
const LEVELS = 8;

/** The ids that an issue may come back to, the first that it may have. */
export function idsOfRestored(past: Snapshot, id: string): string[] {
  const born = appearancesIn("theirs", past).find((one) => one.id === id);
  if (born === undefined) return [];
  const { wanted, createdBy, createdAt, fresh } = born;
  const ext = [...fresh].toSorted()[0] ?? "";
  const { level } = readLevel({ id, createdBy, createdAt, ext });
  return Array.from({ length: LEVELS }, (_, more) => idAtLevel({ wanted, createdBy, createdAt, ext }, level + more));
}

/**
 * What it takes to bring an issue back whole. It never takes an id that somebody has: where its own is given away it
 * comes back under the one that a merge would have moved it to, and keeps that. Dependencies follow the issues, not
 * their ids.
 */
export function restoredIssue(id: string, { past, now, wisps }: PastAndNow): Restoration {
  const issuesNow = new Map([...(now.get("issues") ?? []).values()].map((row) => [textOf(row, "id"), row]));
  const found = sameIssues([...appearancesIn("theirs", past), ...appearancesIn("ours", now)]);
  const issue = found.find(({ theirs }) => theirs?.id === id);
  if (issue?.theirs === undefined) return { kind: "unknown" };
  if (issue.ours !== undefined) return { kind: "living", id: issue.ours.id, title: issue.ours.title };
  const isFree = (one: string) => !issuesNow.has(one) && !wisps.has(one);
  const newId = idsOfRestored(past, id).find(isFree);
  if (newId === undefined) throw new Error(`${LEVELS} ids of ${id} are taken`);
  const idsNow = new Map(
    found.flatMap(({ theirs, ours }) => (theirs === undefined || ours === undefined ? [] : [[theirs.id, ours.id]])),
  );
  const { rows, leftOut, astray } = rowsOf(id, past, {
    idsNow: new Map([...idsNow, [id, newId]]),
    isThere: (one) => one.startsWith("external:") || !isFree(one),
    isIssue: (one) => issuesNow.has(one),
    standing: newId === id ? [] : [...(now.get("dependencies") ?? []).values()],
  });
  return {
    kind: "restored",
    id: newId,
    title: issue.theirs.title,
    holder: newId === id ? undefined : textOf(issuesNow.get(id), "title"),
    rows,
    astray,
    leftOut,
  };
}

interface World {
  /** By the ids that issues had then, those that they have now; issues that are gone are not here. */
  readonly idsNow: ReadonlyMap<string, string>;
  readonly isThere: (id: string) => boolean;
  readonly isIssue: (id: string) => boolean;
  /** Dependencies as they are now, where some may have stayed under the id that the issue had. */
  readonly standing: readonly Row[];
}

function rowsOf(
  id: string,
  past: Snapshot,
  { idsNow, isThere, isIssue, standing }: World,
): Pick<RestoredIssue, "rows" | "astray" | "leftOut"> {
  const wereIssues = new Set([...(past.get("issues") ?? []).values()].map((row) => textOf(row, "id")));
  const lives = (end: string) => (wereIssues.has(end) ? idsNow.has(end) : isThere(end));
  const rows = new Map<string, Row[]>();
  const leftOut: { issueId: string; dependsOnId: string }[] = [];
  const astray: Row[] = [];
  const idsOfOthers = new Map([...idsNow, [id, id]]);
  for (const [table, all] of past) {
    const owners = ownerColumns(table);
    for (const row of all.values()) {
      const ends = owners.map((column) => textOf(row, column));
      if (!ends.includes(id)) continue;
      const [owner = ""] = ends;
      const belongs = owner === id || isIssue(idsNow.get(owner) ?? owner);
      if (belongs && ends.every(lives)) {
        rows.set(table, [...(rows.get(table) ?? []), withIds(table, row, idsNow)]);
        const stayed = withIds(table, row, idsOfOthers);
        if (table === "dependencies") astray.push(...standing.filter((one) => isOneDependency(one, stayed)));
      } else leftOut.push({ issueId: owner, dependsOnId: textOf(row, "depends_on_id") });
    }
  }
  return { rows, astray, leftOut };
}

/** Somebody may have made another one between the same two ids since. */
function isOneDependency(a: Row, b: Row): boolean {
  const columns = ["issue_id", "depends_on_id", "type", "created_at", "created_by"];
  return columns.every((column) => textOf(a, column) === textOf(b, column));
}
