import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import type { CellDates, Row, Sides } from "../../../src/core/merge/cell.ts";
import type { RowContest } from "../../../src/core/merge/row-contest.ts";

interface Column {
  readonly type: string;
  readonly nullable: boolean;
}

interface Schema {
  readonly tables: Readonly<Record<string, { readonly columns: Readonly<Record<string, Column>> }>>;
  readonly doltIgnore: readonly { readonly pattern: string }[];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && "tables" in value && "doltIgnore" in value;
}

function readSchema(): Schema {
  const schema: unknown = JSON.parse(readFileSync(new URL("../../fixtures/schema-32.json", import.meta.url), "utf8"));
  if (!isSchema(schema)) throw new Error("schema-32.json has another shape");
  return schema;
}

/** Columns by table, of the tables that have a history. */
export const MERGED_TABLES: Readonly<Record<string, Readonly<Record<string, Column>>>> = (() => {
  const { tables, doltIgnore } = readSchema();
  const ignored = doltIgnore.map(({ pattern }) => new RegExp(`^${pattern.replace("%", ".*")}$`));
  const merged = Object.entries(tables).filter(([table]) => !ignored.some((pattern) => pattern.test(table)));
  return Object.fromEntries(merged.map(([table, { columns }]) => [table, columns]));
})();

export function columnsOf(table: string): Readonly<Record<string, Column>> {
  const columns = MERGED_TABLES[table];
  if (columns === undefined) throw new Error(`no table ${table}`);
  return columns;
}

const LONG = "A text that is longer than a line, as people write them when they explain what is wrong.";
const TIMES = ["2026-01-01 00:00:00", "2026-01-02 00:00:00", "2026-01-03 00:00:00"];
const DATES = ["2026-02-01 00:00:00.000", "2026-02-02 00:00:00.000", "2026-02-03 00:00:00.000"];
const OBJECTS = ["{}", '{"a":1}', '{"a": 2, "b": "x"}', `{"b":"${LONG}","c":[1,{"a":2}]}`, '{"a":1,"c":null}'];

/** Few values, so that equal edits, ties and clashes happen often. */
function anyCell(name: string, { type, nullable }: Column): fc.Arbitrary<unknown> {
  const values = fc.constantFrom<unknown>(...valuesOf(name, type));
  return nullable ? fc.oneof({ weight: 4, arbitrary: values }, fc.constant(null)) : values;
}

function valuesOf(name: string, type: string): unknown[] {
  if (name === "status") return ["open", "in_progress", "closed"];
  if (type === "json") return OBJECTS;
  if (type === "datetime") return TIMES;
  if (type === "blob") return [Buffer.from([1]), Buffer.from([1, 2])];
  if (type === "tinyint(1)") return [0, 1];
  if (type.includes("int")) return [0, 1, 20];
  if (type === "text") return ["", "short", `${LONG} One.`, `${LONG} Two.`, "two\nlines"];
  return ["", "one", "two", "review:wip,qa", "qa:done,prod"];
}

function anyRow(columns: Readonly<Record<string, Column>>, keys: Row): fc.Arbitrary<Row> {
  const cells = Object.entries(columns).map(([name, column]) => [name, anyCell(name, column)] as const);
  return fc.record(Object.fromEntries(cells)).map((row) => ({ ...row, ...keys }));
}

/** The base with some of its cells changed. */
function anyEdit(base: Row, columns: Readonly<Record<string, Column>>, keys: Row): fc.Arbitrary<Row> {
  const cells = Object.entries(columns).map(([name, column]) => [
    name,
    fc.oneof({ weight: 2, arbitrary: fc.constant(base[name]) }, anyCell(name, column)),
  ]);
  return fc.record(Object.fromEntries(cells)).map((row: Row) => ({ ...row, ...keys }));
}

function anyDates(columns: Readonly<Record<string, Column>>): fc.Arbitrary<CellDates> {
  const date = fc.constantFrom(undefined, ...DATES);
  return fc.record(Object.fromEntries(Object.keys(columns).map((name) => [name, date])));
}

/** A contest with all that may settle it. */
export type FullContest = RowContest & { readonly base: Row; readonly dates: Sides<CellDates> };

/** Three versions of a row of that table. `keys` are its primary key's values. */
export function anyContest(table: string, keys: Row): fc.Arbitrary<FullContest> {
  const columns = columnsOf(table);
  return anyRow(columns, keys).chain((base) =>
    fc.record({
      base: fc.constant(base),
      ours: anyEdit(base, columns, keys),
      theirs: anyEdit(base, columns, keys),
      dates: fc.record({ ours: anyDates(columns), theirs: anyDates(columns) }),
      reopened: fc.record({
        ours: fc.constantFrom(undefined, ...DATES),
        theirs: fc.constantFrom(undefined, ...DATES),
      }),
    }),
  );
}

/** The same merge as the other side does it. */
export function swapped(contest: FullContest): FullContest {
  const { base, ours, theirs, dates, reopened } = contest;
  return {
    base,
    ours: theirs,
    theirs: ours,
    dates: { ours: dates.theirs, theirs: dates.ours },
    reopened: { ours: reopened?.theirs, theirs: reopened?.ours },
  };
}

/** The dates that a merged row has: those of the later side, cell by cell. */
export function mergedDates({ dates }: FullContest): CellDates {
  const later = ([column, ours]: [string, string | undefined]) => {
    const theirs = dates.theirs[column];
    return [column, (theirs ?? "") > (ours ?? "") ? theirs : ours];
  };
  return Object.fromEntries(Object.entries(dates.ours).map(later));
}
