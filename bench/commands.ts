import type { BudgetedCommand } from "./budgets.ts";

/** What a command of the benchmark works on. */
export interface Subject {
  /** Two open issues of their own that nothing depends on. */
  readonly spare: string;
  readonly other: string;
  /** Another number for each run, so that every write changes something. */
  readonly run: number;
}

export interface BenchCommand {
  readonly name: BudgetedCommand;
  args(subject: Subject): readonly string[];
  /** Statements that make the command possible again; run outside the measured time. */
  reset?(subject: Subject): readonly { readonly sql: string; readonly parameters: readonly string[] }[];
}

const fixed = (name: BudgetedCommand, ...args: string[]): BenchCommand => ({ name, args: () => args });

export const COMMANDS: readonly BenchCommand[] = [
  fixed("version", "version"),
  fixed("help", "create", "--help"),
  { name: "show", args: ({ spare }) => ["show", spare] },
  fixed("list", "list"),
  fixed("list --json", "list", "--json"),
  fixed("list --json --limit 0", "list", "--json", "--limit", "0"),
  fixed("stats", "stats"),
  fixed("count", "count"),
  fixed("search", "search", "parser"),
  fixed("ready", "ready"),
  fixed("ready --json", "ready", "--json"),
  fixed("blocked", "blocked"),
  { name: "create", args: ({ run }) => ["create", `Measured issue ${run}`] },
  { name: "update", args: ({ spare, run }) => ["update", spare, "--title", `Measured title ${run}`] },
  {
    name: "close",
    args: ({ spare }) => ["close", spare],
    reset: ({ spare }) => [
      { sql: "UPDATE issues SET status = 'open', closed_at = NULL WHERE id = ?", parameters: [spare] },
    ],
  },
  {
    name: "update --claim",
    args: ({ spare }) => ["update", spare, "--claim"],
    reset: ({ spare }) => [
      {
        sql: "UPDATE issues SET status = 'open', closed_at = NULL, assignee = NULL, started_at = NULL WHERE id = ?",
        parameters: [spare],
      },
    ],
  },
  {
    name: "dep add",
    // This way round the edge does not keep `close` from closing.
    args: ({ spare, other }) => ["dep", "add", other, spare],
    reset: ({ spare, other }) => [
      { sql: "DELETE FROM dependencies WHERE issue_id = ? AND depends_on_id = ?", parameters: [other, spare] },
    ],
  },
  { name: "label add", args: ({ spare, run }) => ["label", "add", spare, `measured-${run}`] },
  { name: "comment", args: ({ spare, run }) => ["comment", spare, `Measured comment ${run}`] },
];
