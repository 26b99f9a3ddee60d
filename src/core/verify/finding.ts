import type { CommandLine } from "../../errors.ts";

export type FindingKind =
  | "mixed" // the rows of two issues under one id
  | "doubled" // one issue under two ids
  | "dangling" // a row that names an issue that is not there
  | "parents" // an issue that is a child of several
  | "leftover" // a dependency that was meant for a deleted issue, under whose id another one lives
  | "id" // an id that nobody could type
  | "code" // what runs by itself, or makes statements do something else, and no tracker has
  | "uncommitted" // changes that are in no commit
  | "merge" // a merge that nobody ended
  | "violation"; // rows that break a rule of the database

/** An issue as some commit has it. */
export interface PastIssue {
  readonly id: string;
  readonly title: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly commit: string;
}

/** Something in the database that is not as it should be. */
export interface Finding {
  readonly kind: FindingKind;
  /** The issues that it is about, or the tables. */
  readonly items: readonly string[];
  readonly message: string;
  /** What the history knows of it. */
  readonly known: readonly PastIssue[];
  /** The command that shows more, or mends it. */
  readonly next: CommandLine;
}
