import { byKey, type CodeKind, type CodeObject, type CodeObjects } from "../../core/foreign-code/code-change.ts";
import { type TableChange } from "../../core/foreign-code/table-code.ts";
import { concernsTracker } from "../../core/foreign-code/tracker-tables.ts";
import { combine, type Query, type Row, rows, text } from "../../store/query.ts";
import { type Sql, sql } from "../../store/sql.ts";

/**
 * The tables whose definitions differ between two commits (or `WORKING`), those of Dolt's own among them. A renamed table
 * is one that is gone, and another one that came.
 */
export function changedDefinitions(from: string, to: string): Query<TableChange[]> {
  const found = rows(
    sql`SELECT from_table_name AS f, to_table_name AS t, from_create_statement AS c, to_create_statement AS d
      FROM DOLT_SCHEMA_DIFF(${from}, ${to})`,
    (row) => ({ names: namesIn(row), from: given(row, "c"), to: given(row, "d") }),
  );
  return combine([found], (changes) => changes.flatMap(apart));
}

function apart({
  names: [table = "", renamed],
  from,
  to,
}: Pick<TableChange, "from" | "to"> & { readonly names: readonly string[] }): TableChange[] {
  if (renamed === undefined) return [{ table, from, to }];
  return [
    { table, from: from ?? "", to: undefined },
    { table: renamed, from: undefined, to },
  ];
}

/** Those of Dolt's own tables whose rows or definitions differ between two commits. */
export function changedDoltTables(from: string, to: string): Query<string[]> {
  const names = rows(
    sql`SELECT from_table_name AS f, to_table_name AS t FROM DOLT_DIFF_SUMMARY(${from}, ${to})`,
    namesIn,
  );
  return combine([names], (all) => all.flat().filter((name) => /^dolt_/i.test(name)));
}

/** What a changed table was called, and what it is called. */
function namesIn(row: Row): string[] {
  return [...new Set([text(row, "f"), text(row, "t")])].filter((name) => name !== "");
}

/**
 * What Dolt keeps as text and executes or follows, as it is in a commit. Reading a commit follows its
 * `dolt_nonlocal_tables` to other branches, so what these say has to be known before.
 */
export function storedCode(at: string): Query<CodeObjects> {
  return combine(
    [
      rows(sql`SELECT type, name, fragment, sql_mode FROM dolt_schemas AS OF ${at}`, schemaObject),
      listed("procedure", sql`SELECT name, create_stmt AS definition FROM dolt_procedures AS OF ${at}`),
      listed("ignore", sql`SELECT pattern AS name, ignored AS definition FROM dolt_ignore AS OF ${at}`),
      listed("query", sql`SELECT id AS name, query AS definition FROM dolt_query_catalog AS OF ${at}`),
      listed("test", sql`SELECT test_name AS name, test_query AS definition FROM dolt_tests AS OF ${at}`),
    ],
    (...lists) => byKey(lists.flat().filter(({ kind, name }) => kind !== "ignore" || concernsTracker(name))),
  );
}

const SCHEMA_KINDS: Readonly<Record<string, CodeKind>> = { view: "view", trigger: "trigger", event: "event" };

/** The mode is part of what a text means; of a view it decides nothing that ours would not. */
function schemaObject(row: Row): CodeObject {
  const kind = SCHEMA_KINDS[text(row, "type").toLowerCase()] ?? "schema";
  const mode = kind === "view" ? "" : ` (sql_mode ${text(row, "sql_mode")})`;
  return { kind, name: text(row, "name"), definition: `${text(row, "fragment")}${mode}` };
}

function listed(kind: CodeKind, statement: Sql): Query<CodeObject[]> {
  return rows(statement, (row) => ({ kind, name: text(row, "name"), definition: text(row, "definition") }));
}

function given(row: Row, column: string): string | undefined {
  const value = text(row, column);
  return value === "" ? undefined : value;
}
