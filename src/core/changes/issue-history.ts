import { claimFromEvent } from "../claim/claim.ts";
import { type Row, sameCell } from "../merge/cell.ts";
import { type CommitStep, stepName } from "../merge/commit-graph.ts";
import { wantedIdIn } from "../merge/moved-id.ts";
import { isSameBirth, isSameSecond } from "../merge/same-issue.ts";
import { keyText, textOf } from "../merge/snapshot.ts";
import { toWireTime } from "../time/wire-time.ts";
import type { Change, CommitFacts } from "./change-event.ts";
import { changesOf } from "./changes-of.ts";
import type { RowChange, RowChanges } from "./row-change.ts";
import { STATE_KEYS, type StateTable } from "./state-tables.ts";

export interface HistoryCommit extends CommitFacts {
  /** The first line. */
  readonly message: string;
}

export type HistoryTable = Exclude<StateTable, "config"> | "events";

/** How a row of an issue differs between a commit and one of its parents. */
export interface StepChange {
  readonly step: CommitStep;
  readonly table: HistoryTable;
  readonly change: RowChange;
}

export interface HistoryEntry {
  readonly commit: HistoryCommit;
  readonly changes: readonly Change[];
  /** The row of the issue after it; undefined where it was gone. */
  readonly issue: Row | undefined;
  /** The id that it had before this commit, where a merge gave it another one. */
  readonly movedFrom?: string;
  /** Of a claim: the session that it belongs to, where one was named. */
  readonly session?: string;
  /** What was said with it, such as why an issue is open again. */
  readonly reason?: string;
}

export interface IssueSteps {
  /** Newest first; all of the history. */
  readonly commits: readonly HistoryCommit[];
  /** All that commits changed of the ids that the issue may have had. */
  readonly changes: readonly StepChange[];
  readonly id: string;
}

/** The ids that an issue has had, as far as its own tells. */
export function idsInHistory(id: string): string[] {
  return [...new Set([id, wantedIdIn(id)])];
}

/**
 * The commits that changed an issue, newest first: the one that has the id, or had it last. What a merge took from one of
 * its parents was done by the commits that led there; it counts only where it made something of its own.
 */
export function issueHistory({ commits, changes, id }: IssueSteps): HistoryEntry[] {
  const isOwn = ownershipOf({ commits, changes, id });
  const steps = ownSteps(changes, { id, isOwn });
  const rowAt = new Map<string, Row | undefined>();
  const entries: HistoryEntry[] = [];
  for (const commit of commits.toReversed()) {
    const fromParents = commit.parents.map((from) => steps.get(stepName({ from, to: commit.hash })) ?? NO_STEP);
    const own = fromParents[0]?.rows.get("issues")?.get(keyText([id]));
    const issue = own === undefined ? rowAt.get(commit.parents[0] ?? "") : own.after;
    rowAt.set(commit.hash, issue);
    if (fromParents.some(isEmpty)) continue;
    const entry = entryOf(commit, common(fromParents), { id, issue });
    if (entry.changes.length > 0 || entry.movedFrom !== undefined) entries.push(entry);
  }
  return entries.toReversed();
}

/** Whether the issue is the one that has an id in a commit: others may have had it. */
type Ownership = (id: string, commit: string) => boolean;

function ownershipOf({ commits, changes, id }: IssueSteps): Ownership {
  const holders = holdersOf({ commits, changes, id });
  const holder = (one: string, commit: string) => holders.get(commit)?.get(one);
  const last = commits.map(({ hash }) => holder(id, hash)).find((row) => row !== undefined);
  if (last === undefined) return (one) => one === id;
  const births = [birthIn(last)];
  const isOwn = (row: Row) => births.some((birth) => isSameBirth(birth, birthIn(row)));
  for (const { hash, parents } of commits) {
    const [was, is] = [holder(id, parents[0] ?? ""), holder(id, hash)];
    if (parents.length === 1 && was && is && isOwn(is) && isCorrected(birthIn(was), birthIn(is)))
      births.push(birthIn(was));
  }
  return (one, commit) => {
    const row = holder(one, commit);
    // What hangs on an issue may be there without it.
    return row === undefined ? one === id : isOwn(row);
  };
}

function birthIn(row: Row) {
  return { createdBy: textOf(row, "created_by"), createdAt: textOf(row, "created_at").slice(0, 19) };
}

/** Whether somebody may have set right who made an issue, or when. */
function isCorrected(was: ReturnType<typeof birthIn>, is: ReturnType<typeof birthIn>): boolean {
  return was.createdBy === is.createdBy || isSameSecond(was.createdAt, is.createdAt);
}

/** By commit, then by id, the issue that has it. */
function holdersOf({ commits, changes, id }: IssueSteps): ReadonlyMap<string, ReadonlyMap<string, Row | undefined>> {
  const ids = idsInHistory(id);
  const issues = Map.groupBy(
    changes.filter(({ table }) => table === "issues"),
    ({ step }) => stepName(step),
  );
  const holders = new Map<string, ReadonlyMap<string, Row | undefined>>();
  for (const { hash, parents } of commits.toReversed()) {
    const [from = ""] = parents;
    const own = issues.get(stepName({ from, to: hash })) ?? [];
    const rows = ids.map((one) => {
      const found = own.find(({ change }) => textOf(change.after ?? change.before, "id") === one);
      return [one, found === undefined ? holders.get(from)?.get(one) : found.change.after] as const;
    });
    holders.set(hash, new Map(rows));
  }
  return holders;
}

interface OwnStep {
  readonly rows: ReadonlyMap<HistoryTable, RowChanges>;
  readonly movedFrom: string | undefined;
}

const NO_STEP: OwnStep = { rows: new Map(), movedFrom: undefined };

function isEmpty({ rows, movedFrom }: OwnStep): boolean {
  return movedFrom === undefined && [...rows.keys()].every((table) => table === "events");
}

const ID_COLUMNS = ["id", "issue_id", "depends_on_id"] as const;

/** What belongs to the issue, under the id that it has in the end. */
function ownSteps(
  changes: readonly StepChange[],
  { id, isOwn }: { readonly id: string; readonly isOwn: Ownership },
): Map<string, OwnStep> {
  const found = new Map<string, OwnStep>();
  for (const [name, some] of Map.groupBy(changes, ({ step }) => stepName(step))) {
    const rows = new Map<HistoryTable, Map<string, RowChange>>();
    let movedFrom: string | undefined;
    for (const { step, table, change } of some) {
      const before = ownRow(table, change.before, { id, isOwn: (one) => isOwn(one, step.from) });
      const after = ownRow(table, change.after, { id, isOwn: (one) => isOwn(one, step.to) });
      if (before !== undefined && table === "issues" && textOf(change.before, "id") !== id) {
        movedFrom = textOf(change.before, "id");
      }
      const key = rowKeyOf(table, after ?? before);
      if (key === undefined) continue;
      const known = rows.get(table) ?? new Map<string, RowChange>();
      rows.set(table, known);
      const other = known.get(key);
      known.set(key, { before: before ?? other?.before, after: after ?? other?.after });
    }
    found.set(name, { rows, movedFrom: isStill(rows, id) ? movedFrom : undefined });
  }
  return found;
}

function isStill(rows: OwnStep["rows"], id: string): boolean {
  return rows.get("issues")?.get(keyText([id]))?.after !== undefined;
}

function rowKeyOf(table: HistoryTable, row: Row | undefined): string | undefined {
  if (row === undefined) return undefined;
  const columns: readonly string[] = table === "events" ? ["id"] : STATE_KEYS[table];
  return keyText(columns.map((column) => row[column]));
}

/** The row with the id that the issue has in the end, or undefined where it is another issue's. */
function ownRow(
  table: HistoryTable,
  row: Row | undefined,
  { id, isOwn }: { readonly id: string; readonly isOwn: (id: string) => boolean },
): Row | undefined {
  if (row === undefined) return undefined;
  const columns = ID_COLUMNS.filter((column) => column in row && (column === "id") === (table === "issues"));
  const own = columns.filter((column) => isOwn(textOf(row, column)));
  return own.length === 0 ? undefined : { ...row, ...Object.fromEntries(own.map((column) => [column, id])) };
}

/** What a commit made that none of its parents has. */
function common([first = NO_STEP, ...others]: readonly OwnStep[]): OwnStep {
  if (others.length === 0) return first;
  const rows = new Map<HistoryTable, Map<string, RowChange>>();
  for (const [table, changes] of first.rows) {
    for (const [key, change] of changes) {
      const all = [change, ...others.map((other) => other.rows.get(table)?.get(key))].filter(
        (one) => one !== undefined,
      );
      if (all.length <= others.length) continue;
      const made = madeBy(all);
      if (made !== undefined) rows.set(table, (rows.get(table) ?? new Map<string, RowChange>()).set(key, made));
    }
  }
  return { rows, movedFrom: [first, ...others].find(({ movedFrom }) => movedFrom !== undefined)?.movedFrom };
}

/** As a change of the row that one parent has; cells that another one has so, too, are none of it. */
function madeBy(all: readonly RowChange[]): RowChange | undefined {
  const after = all[0]?.after;
  const befores = all.map(({ before }) => before).filter((row) => row !== undefined);
  const [before] = befores;
  if (before === undefined || after === undefined) return { before, after };
  const differing = Object.entries(before).filter(([column]) =>
    befores.every((row) => !sameCell(row[column], after[column])),
  );
  return differing.length === 0 ? undefined : { before: { ...after, ...Object.fromEntries(differing) }, after };
}

function entryOf(
  commit: HistoryCommit,
  { rows, movedFrom }: OwnStep,
  { id, issue }: { readonly id: string; readonly issue: Row | undefined },
): HistoryEntry {
  const own = rows.get("issues")?.get(keyText([id]));
  const state = [...rows].flatMap(([table, changes]) => (table === "events" ? [] : [[table, changes] as const]));
  const changes = changesOf({
    rows: new Map(state),
    moved: new Map(),
    replaced: new Set(),
    titles: new Map([[id, textOf(issue ?? own?.before, "title")]]),
  });
  const moved = movedFrom === undefined ? {} : { movedFrom };
  return { commit, changes, issue, ...moved, ...saidIn(rows.get("events")) };
}

function saidIn(events: RowChanges = new Map()): Pick<HistoryEntry, "session" | "reason"> {
  const added = [...events.values()].map(({ after }) => after).filter((event) => event !== undefined);
  const claim = added.find((event) => event["event_type"] === "claimed");
  const session =
    claim === undefined
      ? undefined
      : claimFromEvent({
          actor: textOf(claim, "actor"),
          at: toWireTime(textOf(claim, "created_at")),
          newValue: textOf(claim, "new_value"),
        }).session;
  const reason = added.map((event) => textOf(event, "comment")).find((text) => text !== "");
  return { ...(session === undefined ? {} : { session }), ...(reason === undefined ? {} : { reason }) };
}
