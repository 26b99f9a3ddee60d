import {
  byKey,
  type CodeChange,
  type CodeObject,
  type CodeObjects,
  changedCode,
  codeKey,
  incomingCode,
} from "../../core/foreign-code/code-change.ts";

import { isKnownView, isTrackerView, isViewToCome } from "../../core/foreign-code/known-views.ts";
import { type TableChange, tableCode, unknownTables } from "../../core/foreign-code/table-code.ts";
import { isLocalTable, missingTables, trackerPatterns } from "../../core/foreign-code/tracker-tables.ts";
import { command } from "../../errors.ts";
import { tablesAt } from "../../store/changes/table-changes.ts";
import type { MergeEnds } from "../../store/merge.ts";
import { firstRow, number, type Query, query, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";
import { type CodeSource, FROM_REMOTE } from "./code-source.ts";
import { changedDefinitions, changedDoltTables, storedCode } from "./stored-code.ts";

/** What a merge would bring beside rows. */
export interface IncomingCode {
  /** What can execute, or makes the tracker do something else; by kind and name. */
  readonly code: readonly CodeChange[];
  /** New tables that only keep data, and that nothing here knows. */
  readonly tables: readonly string[];
}

export const NO_CODE: IncomingCode = { code: [], tables: [] };

/**
 * Looks at two commits by their hashes, so what was looked at is what will be merged. Nothing of what comes in is read
 * but its definitions. Throws as `refuseBlinds`.
 */
export async function incomingCodeOf(reader: Reader, { ours, theirs, base }: MergeEnds): Promise<IncomingCode> {
  const [fromOurs, fromBase, lists, newLists] = await reader.all([
    changedDefinitions(ours, theirs),
    changedDefinitions(base, theirs),
    changedDoltTables(ours, theirs),
    changedDoltTables(base, theirs),
  ]);
  refuseBlinds(
    incomingCode(fromOurs.flatMap(tableCode), fromBase.flatMap(tableCode)),
    lists.filter((name) => newLists.includes(name)),
  );
  const stored =
    lists.length > 0 ? await reader.all([storedCode(ours), storedCode(base), storedCode(theirs)]) : undefined;
  const [here, parted, there] = stored ?? [NONE, NONE, NONE];
  const code = incomingCode(
    differences({ tables: fromOurs, from: here, to: there }),
    differences({ tables: fromBase, from: parted, to: there }),
  );
  const come = new Set(unknownTables(fromBase));
  const local = fromOurs.filter(({ from, table }) => from === undefined && isLocalTable(table)).map(committedLocal);
  return { code: sorted([...code, ...local]), tables: unknownTables(fromOurs).filter((name) => come.has(name)) };
}

/**
 * With some changes nobody can tell what else comes: Dolt reads tables from other branches where `dolt_nonlocal_tables`
 * says so, without its identity a tracker can't be told from another, and without its columns its rows can't be read.
 * Throws BdError rejected, with the source's code.
 */
function refuseBlinds(changes: readonly CodeChange[], lists: readonly string[], source = FROM_REMOTE): void {
  const missing = changes.filter(({ kind, name, change }) => {
    const isIdentity = /^(?:metadata|schema_migrations)(?:\.|$)/i.test(name);
    return (kind === "table" || kind === "column") && (change === "removed" || isIdentity);
  });
  const followed = lists.filter((name) => name.toLowerCase() === NONLOCAL).map((name) => `table:${name}`);
  const blind = [...followed, ...missing.map(codeKey)];
  if (blind.length === 0) return;
  throw source.refused(
    `${source.name} removes or changes ${blind.join(", ")}, so nobody can tell what else comes; ${source.undone}, and no flag lets it in`,
    { hint: source === FROM_REMOTE ? command`bd dolt remote list` : command`bd init --help`, details: { blind } },
  );
}

const NONLOCAL = "dolt_nonlocal_tables";

/**
 * The same of a commit that a database begins with, in which there was nothing but its own first commit. Throws as
 * `incomingCodeOf`.
 */
export async function codeOfClone(reader: Reader, empty: string, theirs: string): Promise<CodeChange[]> {
  const [lists, tables] = await reader.all([changedDoltTables(empty, theirs), tablesAt(theirs)]);
  refuseBlinds([], lists);
  const [version] = await reader.all([tables.has("schema_migrations") ? recordedVersion(theirs) : NO_VERSION]);
  refuseBlinds(missingTables(tables, version).map(goneTable), lists);
  const local = [...tables].filter((table) => version >= ALL_IGNORED_SINCE && isLocalTable(table));
  const committed = local.map((table) => committedLocal({ table, from: undefined, to: undefined }));
  return sorted([...(await codeSince(reader, empty, theirs)), ...committed]);
}

/** The schema version from which on no local table is in a commit. */
const ALL_IGNORED_SINCE = 28;

/** Committed, such a table would take the place of the one that Dolt ignores here. */
function committedLocal({ table, to }: TableChange): CodeChange {
  return { kind: "table", name: table, definition: to ?? "", change: "added" };
}

function goneTable(name: string): CodeChange {
  return { kind: "table", name, definition: "", change: "removed" };
}

/**
 * What is in the database by now, committed or not, that can execute or makes the tracker do something else, and that no
 * tracker has by itself.
 */
export async function foreignCode(reader: Reader): Promise<CodeChange[]> {
  return codeSince(reader, await firstCommit(reader), "WORKING");
}

/** The same of a database that is to be joined. Throws BdError rejected DATABASE_HAS_CODE where nobody can tell. */
export async function codeOfDatabase(reader: Reader, source: CodeSource): Promise<CodeChange[]> {
  const first = await firstCommit(reader);
  const [lists] = await reader.all([changedDoltTables(first, "WORKING")]);
  refuseBlinds([], lists, source);
  return codeSince(reader, first, "WORKING");
}

async function firstCommit(reader: Reader): Promise<string> {
  const first = sql`SELECT commit_hash FROM dolt_log ORDER BY commit_order LIMIT 1`;
  const [hash = "HEAD"] = await reader.all([firstRow(first, (row) => text(row, "commit_hash"))]);
  return hash;
}

async function codeSince(reader: Reader, empty: string, at: string): Promise<CodeChange[]> {
  const [tables] = await reader.all([changedDefinitions(empty, at)]);
  // Its rows decide what reading the other lists would show.
  if (tables.some(({ table }) => table.toLowerCase() === NONLOCAL)) {
    return sorted(differences({ tables, from: NONE, to: NONE }));
  }
  const isRecorded = tables.some(({ table, to }) => table === "schema_migrations" && to?.includes("`version`"));
  const [there, version] = await reader.all([storedCode(at), isRecorded ? recordedVersion(at) : NO_VERSION]);
  const patterns = trackerPatterns(version).map((name) => ({ kind: "ignore", name, definition: "1" }) as const);
  const code = differences({ tables, from: byKey(patterns), to: there });
  return sorted(code.filter((change) => !(change.kind === "view" && isViewToCome(change.name, version))));
}

const NO_VERSION: Query<number> = { statements: [], decode: () => 0 };

function recordedVersion(at: string): Query<number> {
  return query(sql`SELECT MAX(version) AS version FROM schema_migrations AS OF ${at}`, ({ rows: [row = {}] }) =>
    number(row, "version"),
  );
}

const NONE: CodeObjects = new Map();

interface Differences {
  readonly tables: readonly TableChange[];
  readonly from: CodeObjects;
  readonly to: CodeObjects;
}

function differences({ tables, from, to }: Differences): CodeChange[] {
  return [...tables.flatMap(tableCode), ...changedCode(from, to, isOursToKeep)].filter((change) => !isKnown(change));
}

/** What the tracker needs, and what keeps its own tables out of commits. Less foreign code is no harm. */
function isOursToKeep({ kind, name }: CodeObject): boolean {
  return kind === "ignore" || (kind === "view" && isTrackerView(name));
}

function isKnown(change: CodeChange): boolean {
  return change.change !== "removed" && isKnownView(change);
}

function sorted(code: readonly CodeChange[]): CodeChange[] {
  return code.toSorted((a, b) => (codeKey(a) < codeKey(b) ? -1 : 1));
}
