import * as fc from "fast-check";
import type { Difference } from "../../../src/core/changes/difference.ts";
import type { RowChange, RowChanges } from "../../../src/core/changes/row-change.ts";
import { STATE_KEYS, STATE_TABLES, type StateTable } from "../../../src/core/changes/state-tables.ts";
import type { Row } from "../../../src/core/merge/cell.ts";
import { type Rows, rowKey, type Snapshot, sameRow, textOf } from "../../../src/core/merge/snapshot.ts";
import { columnsOf } from "../merge/any-row.ts";
import { Random } from "../merge/histories/random.ts";

/** Names that trip programs up; few, so that rows of two states often have one key. */
const NAMES = ["", "a", "b", "B", "a.1", "__proto__", "ü", "a\nb"];
const TIMES = ["2026-01-01 00:00:00", "2026-01-02 03:04:05", "0999-01-01 00:00:00", "0000-00-00 00:00:00"];
const ODD_TIMES = ["2026-01-01 00:00:00.500000", "2026-01-01 00:00:00.000000", "soon"];
const OBJECTS = ["{}", '{"a":1}', '{"b":{"c":[1,2]},"a":"\u0001"}', '{"__proto__":1}'];
const ODD_OBJECTS = ["[]", "[1]", "5", "null", '"x"', '{"n":9007199254740993}', '{"n":9007199254740992}'];
const LISTS = ["", "[]", '["x"]', '["x","y"]'];
const ODD_LISTS = ["{}", "none", '["x"', "[9007199254740993]"];
const NUMBERS = [0, 1, 2, 20];
const ODD_NUMBERS = ["9223372036854775807", "9223372036854775806", 1.5, -1];

const ODD: ReadonlySet<unknown> = new Set([...ODD_TIMES, ...ODD_OBJECTS, ...ODD_LISTS, ...ODD_NUMBERS, 2, 20]);

/** Columns whose values no program of ours chooses. */
const FOREIGN: Readonly<Record<string, readonly unknown[]>> = {
  timeout: NUMBERS,
  labels: ["x", ""],
  color: ["red", "", null],
  bytes: [Buffer.from([0, 255]), Buffer.from([]), null],
  __proto__x: [1, "1"],
};

function valuesOf(table: StateTable, name: string, type: string): readonly unknown[] {
  if (type === "datetime") return [...TIMES, ...ODD_TIMES];
  if (type === "json" && table === "issues") return [...OBJECTS, ...ODD_OBJECTS];
  if (type === "json") return OBJECTS;
  if (name === "waiters") return [...LISTS, ...ODD_LISTS];
  if (name === "status") return ["open", "in_progress", "closed", "review"];
  if (name === "work_type") return ["", "mutex", "open_competition"];
  if (type.includes("int")) return [...NUMBERS, ...ODD_NUMBERS];
  return NAMES;
}

function anyRow(table: StateTable): fc.Arbitrary<Row> {
  const known = Object.entries(columnsOf(table)).map(([name, { type, nullable }]) => {
    const values = fc.constantFrom(...valuesOf(table, name, type));
    return [name, nullable ? fc.option(values) : values] as const;
  });
  const foreign = Object.entries(FOREIGN).map(([name, values]) => [name, fc.constantFrom(...values)] as const);
  return fc
    .tuple(fc.record(Object.fromEntries(known)), fc.record(Object.fromEntries(foreign), { requiredKeys: [] }))
    .map(([own, others]) => ({ ...own, ...others }));
}

/** As our own programs write them. */
export function ordinaryRow(table: StateTable): fc.Arbitrary<Row> {
  const cells = Object.entries(columnsOf(table)).map(
    ([name, { type }]) => [name, fc.constantFrom(...ordinaryOf(table, name, type))] as const,
  );
  return fc.record(Object.fromEntries(cells));
}

function ordinaryOf(table: StateTable, name: string, type: string): readonly unknown[] {
  const values = valuesOf(table, name, type);
  return values.filter((value) => !ODD.has(value));
}

function keyed(table: StateTable, rows: readonly Row[]): Rows {
  return new Map(rows.map((row) => [rowKey(row, STATE_KEYS[table]), row]));
}

/** Two rows of one key, the second with some of the cells of the first. */
export function anyRowPair(table: StateTable): fc.Arbitrary<readonly [Row, Row]> {
  return fc.tuple(anyRow(table), anyRow(table), fc.nat()).map(([one, other, seed]) => {
    const random = new Random(seed);
    const cells = Object.keys(other).map((name) => [name, random.chance(0.7) ? one[name] : other[name]] as const);
    return [one, Object.fromEntries(cells)] as const;
  });
}

/** Two states of a tracker as the database holds them: rows that came, went, stayed and changed. */
export const anyTablePair: fc.Arbitrary<{ readonly before: Snapshot; readonly after: Snapshot }> = fc
  .tuple(
    ...STATE_TABLES.map((table) =>
      fc.tuple(
        fc.constant(table),
        fc.array(anyRowPair(table), { maxLength: 4 }),
        fc.array(anyRow(table), { maxLength: 2 }),
        fc.array(anyRow(table), { maxLength: 2 }),
      ),
    ),
  )
  .map((tables) => ({
    before: new Map(
      tables.map(([table, pairs, gone]) => [table, keyed(table, [...pairs.map(([one]) => one), ...gone])]),
    ),
    after: new Map(
      tables.map(([table, pairs, , come]) => [table, keyed(table, [...pairs.map(([, other]) => other), ...come])]),
    ),
  }));

/** The rows that differ, and those of replaced issues, as the store reads them. */
export function rowsBetween(
  before: Snapshot,
  after: Snapshot,
  replaced: ReadonlySet<string> = new Set(),
): Map<StateTable, RowChanges> {
  return new Map(
    STATE_TABLES.map((table) => {
      const [old, now] = [before.get(table), after.get(table)];
      const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
      const pairs = [...keys].map((key) => [key, { before: old?.get(key), after: now?.get(key) }] as const);
      const isWanted = ({ before: one, after: other }: RowChange) =>
        !sameRow(one, other) || replaced.has(textOf(other, "issue_id"));
      return [table, new Map(pairs.filter(([, change]) => isWanted(change)))];
    }),
  );
}

/** Two states and all that a comparison may say of them: which ids changed hands is for others to find out. */
export const anyDifference = fc.tuple(anyTablePair, fc.nat()).map(([{ before, after }, seed]) => {
  const ids = [
    ...new Set(
      [before, after].flatMap((tables) => [...(tables.get("issues")?.values() ?? [])].map((row) => textOf(row, "id"))),
    ),
  ];
  const random = new Random(seed);
  const some = () => ids.filter(() => random.chance(0.2));
  const moved = new Map(some().map((id, index) => [id, ids[(index + 1) % ids.length] ?? id]));
  const replaced = new Set([...some(), ...moved.keys(), ...moved.values()]);
  const rows = rowsBetween(before, after, replaced);
  const difference: Difference = { rows, moved, replaced, titles: new Map() };
  return { before, after, difference };
});
