import type { Comment } from "../core/issue.ts";
import type { Row as CellRow, Side, Sides } from "../core/merge/cell.ts";
import { idForSecond } from "../core/merge/id-for-second.ts";
import { keptComments } from "../core/merge/kept-comments.ts";
import type { Settled } from "../core/merge/merge-cell.ts";
import { mergeIssueRow } from "../core/merge/merge-issue-row.ts";
import { mergeKeyedRow } from "../core/merge/merge-keyed-row.ts";
import type { DatedVersions, Versions } from "./row-versions.ts";
import type { KeyedTable } from "./table-changes.ts";

/** A row as the merge must leave it; undefined where it must be gone. */
export interface SettledRow {
  readonly table: KeyedTable;
  /** The values of the key. */
  readonly key: CellRow;
  readonly row: CellRow | undefined;
}

/** What both sides had changed differently, and what became of it. */
export interface Conflict extends Omit<Settled, "parts"> {
  readonly table: string;
  /** The issue, or what names the row in other tables. */
  readonly item: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Two issues were made under one id: that side's gets another. */
export interface Renamed {
  readonly id: string;
  readonly newId: string;
  readonly side: Side;
  readonly title: string;
  readonly createdAt: string;
}

/** All that Dolt can't decide, or would decide otherwise than the rules. */
export interface MergePlan {
  readonly rows: readonly SettledRow[];
  /** Issues that outlive their deletion by the other side, by the side that has them. */
  readonly restored: Sides<readonly string[]>;
  /** Issues that Dolt may bring back although their deletion stands. */
  readonly deleted: readonly string[];
  readonly renamed: readonly Renamed[];
  readonly comments: readonly Comment[];
  readonly conflicts: readonly Conflict[];
  /** By table whose rows can't be written: the side that has all rows in conflict. */
  readonly whole: ReadonlyMap<string, Side>;
}

interface Clash {
  readonly id: string;
  /** The side whose issue gives its id up. */
  readonly side: Side;
  readonly row: CellRow;
}

/** Settles row by row what both sides changed. Issues come first: they say which other rows are not merged one by one. */
export class PlanBuilder {
  readonly #rows: SettledRow[] = [];
  readonly #clashes: Clash[] = [];
  readonly #comments: Comment[] = [];
  readonly #conflicts: Conflict[] = [];
  /** Issues whose rows are settled as a whole: deleted by a side, or two under one id. */
  readonly #apart: Set<string>;

  constructor(apart: Iterable<string>) {
    this.#apart = new Set(apart);
  }

  get hasClashes(): boolean {
    return this.#clashes.length > 0;
  }

  settle(table: KeyedTable, { dated, ...versions }: DatedVersions, prefer: Side | undefined): void {
    const { ours, theirs } = versions;
    const issueId = issueOf(table.name, versions);
    if (this.#isApart(issueId, ours ?? theirs)) return;
    const dates = { ours: dated.ours?.dates ?? {}, theirs: dated.theirs?.dates ?? {} };
    const reopened = { ours: dated.ours?.reopened, theirs: dated.theirs?.reopened };
    const merged =
      table.name === "issues"
        ? mergeIssueRow({ ...versions, dates, prefer, reopened })
        : mergeKeyedRow(table.name, { ...versions, dates, prefer });
    const key = keyOf(table, ours ?? theirs ?? {});
    if (!("row" in merged)) {
      if (merged.outcome === "clash" && ours !== undefined && theirs !== undefined) {
        const side = merged.keeps === "ours" ? "theirs" : "ours";
        this.#clashes.push({ id: String(key["id"]), side, row: side === "ours" ? ours : theirs });
        this.#apart.add(String(key["id"]));
      }
      return;
    }
    this.#rows.push({ table, key, row: merged.row });
    if (issueId !== undefined) {
      this.#comments.push(...merged.lost.flatMap((lost) => keptComments({ issueId, ...lost })));
    }
    const item = issueId ?? Object.values(key).map(String).join(" ");
    this.#conflicts.push(...merged.settled.map((one) => conflictOf({ one, table: table.name, item, ours, theirs })));
  }

  #isApart(issueId: string | undefined, row: CellRow | undefined): boolean {
    return this.#apart.has(issueId ?? "") || this.#apart.has(String(row?.["depends_on_id"] ?? ""));
  }

  /** `taken` are the ids that no renamed issue may get. */
  build(taken: ReadonlySet<string>): Pick<MergePlan, "rows" | "renamed" | "comments" | "conflicts"> {
    const ids = new Set(taken);
    const renamed = this.#clashes
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, side, row }) => {
        const newId = idForSecond(id, row, ids);
        ids.add(newId);
        return { id, newId, side, title: String(row["title"]), createdAt: String(row["created_at"]) };
      });
    return { rows: this.#rows, renamed, comments: this.#comments, conflicts: this.#conflicts };
  }
}

/** The issue that a row is or belongs to. */
function issueOf(table: string, { base, ours, theirs }: Versions): string | undefined {
  const row = ours ?? theirs ?? base ?? {};
  const id = table === "issues" ? row["id"] : row["issue_id"];
  return typeof id === "string" ? id : undefined;
}

interface Cell extends Sides<CellRow | undefined> {
  readonly one: Settled;
  readonly table: string;
  readonly item: string;
}

function conflictOf({ one, table, item, ours, theirs }: Cell): Conflict {
  const { parts, ...settled } = one;
  const shown = (row: CellRow | undefined) => shownValue(row?.[one.field]);
  return { ...settled, table, item, ...(parts ?? { ours: shown(ours), theirs: shown(theirs) }) };
}

function shownValue(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

function keyOf({ key }: KeyedTable, row: CellRow): CellRow {
  return Object.fromEntries(key.map((column) => [column, row[column]]));
}
