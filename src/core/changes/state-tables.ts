/**
 * The tables that make up what a tracker says, each with the columns that name its rows. All others keep books, or are
 * copies of something that stands here; docs/adr/0017-changes-between-commits.md has the list and the reasons.
 */
export const STATE_KEYS = {
  config: ["key"],
  issues: ["id"],
  labels: ["issue_id", "label"],
  dependencies: ["issue_id", "depends_on_id"],
  comments: ["id"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type StateTable = keyof typeof STATE_KEYS;

export const STATE_TABLES: readonly StateTable[] = ["config", "issues", "labels", "dependencies", "comments"];

/** Those of which a row hangs on an issue and is named by `issue_id`. */
export const PART_TABLES = ["labels", "dependencies", "comments"] as const;

export type PartTable = (typeof PART_TABLES)[number];
