import { hashOf } from "./protocol/dolt-commit.ts";
import { combine, number, type Query, query, text } from "./query.ts";
import type { Transaction } from "./session-types.ts";
import { sql } from "./sql.ts";

/** The two commits of a merge and where they parted; full hashes, which name the same content for ever. */
export interface MergeEnds {
  /** The tip of our branch. */
  readonly ours: string;
  readonly theirs: string;
  readonly base: string;
  /** Whether both tips hold the same tables. */
  readonly isSame: boolean;
}

export type MergeKind =
  | "up-to-date" // theirs is part of our history
  | "fast-forward" // ours is part of their history
  | "same-tables" // both came to the same by different commits: there is nothing to merge
  | "merge"; // both have what the other lacks

export function mergeKind({ ours, theirs, base, isSame }: MergeEnds): MergeKind {
  if (base === theirs) return "up-to-date";
  if (base === ours) return "fast-forward";
  return isSame ? "same-tables" : "merge";
}

/** What a merge's body gets: the open transaction, and what is to be joined. */
export interface MergeTransaction extends Transaction {
  readonly ends: MergeEnds;
  readonly kind: MergeKind;
}

export interface Merged<T> extends MergeEnds {
  readonly kind: MergeKind;
  /** The tip of our branch now. */
  readonly head: string;
  readonly value: T;
}

/** `theirs` is a commit hash. The server refuses the question where the two histories share no commit. */
export function mergeEnds(theirs: string): Query<MergeEnds> {
  const tips = query(
    sql`SELECT DOLT_HASHOF('HEAD') AS ours, DOLT_MERGE_BASE('HEAD', ${theirs}) AS base`,
    ({ rows: [row = {}] }) => ({ ours: text(row, "ours"), theirs, base: text(row, "base") }),
  );
  return combine([tips, haveSameTables("HEAD", theirs)], (ends, isSame) => ({ ...ends, isSame }));
}

/** Whether two commits hold the same tables, rows and definitions. */
export function haveSameTables(one: string, other: string): Query<boolean> {
  return query(
    sql`SELECT COUNT(*) AS n FROM DOLT_DIFF_SUMMARY(${one}, ${other})`,
    ({ rows: [row = {}] }) => number(row, "n") === 0,
  );
}

/** Whether our branch contains the commit. */
export function isPartOfHead(theirs: string): Query<boolean> {
  return query(
    sql`SELECT DOLT_MERGE_BASE('HEAD', ${theirs}) AS base`,
    ({ rows: [row] }) => text(row ?? {}, "base") === theirs,
  );
}

/**
 * Moves the branch to a commit that descends from it. It commits, and moves the branch, at once. Decoding throws BdError
 * unavailable ANSWER_INVALID.
 */
export function fastForward(theirs: string): Query<string> {
  return query(sql`CALL DOLT_MERGE(${theirs}, '--ff-only')`, hashOf);
}

/** Joins the commit's rows into the transaction and leaves the commit to the transaction's end. */
export function beginMerge(theirs: string): Query<void> {
  return query(sql`CALL DOLT_MERGE(${theirs}, '--no-commit')`, () => {});
}
