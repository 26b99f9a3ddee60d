import { compareTexts, type Row, type Side, type Sides } from "./cell.ts";
import { issueIdColumns, ownerColumns } from "./issue-references.ts";
import { type KnownIssue, knownIssues, TOMBSTONES, type Versions3 } from "./known-issues.ts";
import { mergeRow } from "./merge-row.ts";
import { isSameSecond, VERSIONS, type Version } from "./same-issue.ts";
import { keyText, rowKey, type Snapshot, sameRow, type TableKeys, textOf } from "./snapshot.ts";

/** The versions of one row, whose ids of issues are tokens; a version that lacks it is undefined. */
export interface AlignedRow {
  readonly table: string;
  readonly base: Row | undefined;
  readonly ours: Row | undefined;
  readonly theirs: Row | undefined;
  /** Under which keys the versions have it. */
  readonly keys: Readonly<Partial<Record<Version, string>>>;
  /** The issues that it goes with; of a dependency both ends. */
  readonly owners: readonly KnownIssue[];
  /** The issue that it is or belongs to: the first of the owners. */
  readonly issue: KnownIssue | undefined;
}

/** Three versions of the same tables with every id of an issue replaced by the issue that it means there. */
export interface Alignment {
  readonly issues: readonly KnownIssue[];
  readonly rows: readonly AlignedRow[];
  readonly tombstones: readonly Row[];
}

export function alignSnapshots(versions: Versions3, keys: TableKeys): Alignment {
  const { issues, tombstones } = knownIssues(versions);
  const byToken = new Map(issues.map((issue) => [issue.token, issue]));
  const meanings = {
    base: meaningIn("base", issues),
    ours: meaningIn("ours", issues),
    theirs: meaningIn("theirs", issues),
  };
  const tables = new Set(VERSIONS.flatMap((version) => [...versions[version].keys()]));
  const rows = [...tables].flatMap((table) => {
    const key = keys.get(table);
    if (key === undefined) return [];
    return alignTable({ table, key, versions, meanings, byToken });
  });
  return { issues, rows, tombstones };
}

/** What the ids of one version mean: by id, the token of the issue. */
interface Meaning {
  readonly tokens: ReadonlyMap<string, string>;
  /** Ids of the base whose issues the version has deleted. */
  readonly gone: ReadonlyMap<string, string>;
}

function meaningIn(version: Version, issues: readonly KnownIssue[]): Meaning {
  return {
    tokens: new Map(issues.flatMap((issue) => tokenIn(version, issue))),
    gone: new Map(issues.flatMap((issue) => tokenOfGone(version, issue))),
  };
}

interface TableAlignment {
  readonly table: string;
  readonly key: readonly string[];
  readonly versions: Versions3;
  readonly meanings: Readonly<Record<Version, Meaning>>;
  readonly byToken: ReadonlyMap<string, KnownIssue>;
}

function alignTable({ table, key, versions, meanings, byToken }: TableAlignment): AlignedRow[] {
  const found = new Map<string, { -readonly [V in Version]?: Row } & { keys: Partial<Record<Version, string>> }>();
  for (const version of VERSIONS) {
    const { tokens, gone } = meanings[version];
    for (const [ownKey, row] of versions[version].get(table) ?? []) {
      const before = versions.base.get(table)?.get(ownKey);
      const left = table === "dependencies" ? leftOver({ row, before, tokens, gone }) : [];
      const translated = withIds(table, row, left.length === 0 ? tokens : new Map([...tokens, ...left]));
      const name = rowKey(translated, key);
      const aligned = found.get(name) ?? { keys: {} };
      found.set(name, aligned);
      aligned[version] = translated;
      aligned.keys[version] = ownKey;
    }
  }
  return [...found.values()].map(({ base, ours, theirs, keys }) => {
    const any = ours ?? theirs ?? base;
    const named = ownerColumns(table).map((column) => byToken.get(textOf(any, column)));
    return { table, base, ours, theirs, keys, owners: named.flatMap((one) => one ?? []), issue: named[0] };
  });
}

function tokenIn(version: Version, issue: KnownIssue): [string, string][] {
  const appearance = issue.in[version];
  return appearance === undefined ? [] : [[appearance.id, issue.token]];
}

function tokenOfGone(version: Version, issue: KnownIssue): [string, string][] {
  const { base, [version]: now } = issue.in;
  return base === undefined || now !== undefined ? [] : [[base.id, issue.token]];
}

interface Dependency extends Meaning {
  readonly row: Row;
  readonly before: Row | undefined;
}

/**
 * No foreign key takes a dependency along when the issue goes that it points to. What is left of one means the issue
 * that is gone, and not another one that was made under its id since.
 */
function leftOver({ row, before, tokens, gone }: Dependency): [string, string][] {
  const target = textOf(row, "depends_on_id");
  const token = gone.get(target);
  if (token === undefined || !tokens.has(target) || !sameRow(row, before)) return [];
  return [[target, token]];
}

/** The row with other ids of issues. An id that is not in the map stays as it is. */
export function withIds(table: string, row: Row, ids: ReadonlyMap<string, string>): Row {
  const changed = issueIdColumns(table).flatMap((column) => {
    const id = ids.get(textOf(row, column));
    return id === undefined ? [] : [[column, id] as const];
  });
  return changed.length === 0 ? row : { ...row, ...Object.fromEntries(changed) };
}

/** What becomes of a row that both sides have. */
export type Settle = (row: AlignedRow, sides: Sides<Row>) => Row;

/** Settles by the rules alone, without dates: the larger value. For states that nobody sees. */
export const settleByRules: Settle = ({ table, base }, sides) => mergeRow(table, { base, ...sides }).row;

/**
 * The tables that a merge comes to. Rows go with the issues that they belong to; a row that both sides have is settled;
 * one that a side has alone stays if it is new there, and goes if the other side has removed it.
 */
export function mergedRows({ issues, rows, tombstones }: Alignment, keys: TableKeys, settle: Settle): Snapshot {
  const finalIds = new Map(issues.map(({ token, id }) => [token, id]));
  const merged = new Map<string, Map<string, Row>>();
  const put = (table: string, row: Row): void => {
    const own = merged.get(table) ?? new Map<string, Row>();
    merged.set(table, own);
    const key = rowKey(row, keys.get(table) ?? []);
    const other = own.get(key);
    // Two rows come to one key where a side knew an id only as a text: both mean the same then.
    own.set(key, other === undefined ? row : mergeRow(table, { ours: other, theirs: row }).row);
  };
  const doubled = doubledComments(rows);
  for (const aligned of rows) {
    const { table, ours, theirs, base, owners } = aligned;
    const any = ours ?? theirs;
    if (any === undefined || doubled.has(aligned)) continue;
    if (owners.some(({ lives }) => !lives)) continue;
    const isRemoved = base !== undefined && (ours === undefined || theirs === undefined);
    // Nothing is ever taken out of the table of deleted issues.
    if (isRemoved && table !== TOMBSTONES) continue;
    const settled = ours !== undefined && theirs !== undefined ? settle(aligned, { ours, theirs }) : any;
    put(table, withIds(table, settled, finalIds));
  }
  for (const row of tombstones) put(TOMBSTONES, row);
  return merged;
}

/**
 * Comments that came twice, because somebody imported from a file what others have too, and programs number comments
 * anew. The copy is older than the event of its issue's arrival, which no comment is that somebody wrote there since. Of
 * each pair the one with the larger id goes.
 */
function doubledComments(rows: readonly AlignedRow[]): ReadonlySet<AlignedRow> {
  const [here, there] = [addedComments(rows, "ours", "theirs"), addedComments(rows, "theirs", "ours")];
  const others = Map.groupBy(there, ({ what }) => what);
  const doubled = new Set<AlignedRow>();
  for (const mine of here) {
    const copies = others.get(mine.what) ?? [];
    const other = copies.find((one) => (mine.isImported || one.isImported) && isSameSecond(mine.at, one.at));
    if (other === undefined) continue;
    copies.splice(copies.indexOf(other), 1);
    doubled.add(idOf(mine.row) > idOf(other.row) ? mine.row : other.row);
  }
  return doubled;
}

interface AddedComment {
  readonly row: AlignedRow;
  /** Issue, author and text. */
  readonly what: string;
  readonly at: string;
  readonly isImported: boolean;
}

/** The comments that one side alone has and the base has not, by id. */
function addedComments(rows: readonly AlignedRow[], side: Side, other: Side): AddedComment[] {
  const arrivals = arrivalsIn(rows, side);
  return byId(rows).flatMap((row) => {
    const comment = row[side];
    if (row.table !== "comments" || row.base !== undefined || comment === undefined || row[other] !== undefined)
      return [];
    const at = textOf(comment, "created_at");
    const what = keyText(["issue_id", "author", "text"].map((column) => comment[column]));
    return [{ row, what, at, isImported: at < (arrivals.get(textOf(comment, "issue_id")) ?? "") }];
  });
}

/** When each issue last arrived on that side: its last event of a creation. It may have come from several places. */
function arrivalsIn(rows: readonly AlignedRow[], side: Side): Map<string, string> {
  const last = new Map<string, string>();
  for (const { table, [side]: row } of rows) {
    if (table !== "events" || row?.["event_type"] !== "created") continue;
    const [issue, at] = [textOf(row, "issue_id"), textOf(row, "created_at")];
    if (at > (last.get(issue) ?? "")) last.set(issue, at);
  }
  return last;
}

function byId(rows: readonly AlignedRow[]): AlignedRow[] {
  return rows.toSorted((a, b) => compareTexts(idOf(a), idOf(b)));
}

function idOf({ ours, theirs }: AlignedRow): string {
  return textOf(ours ?? theirs, "id");
}
