import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STATE_TABLES, type StateTable } from "../../../src/core/changes/state-tables.ts";
import { sameValue } from "../../../src/core/changes/wire-change.ts";
import { wireRow } from "../../../src/core/changes/wire-row.ts";
import { ISSUE_FIELDS, ISSUE_NAMES } from "../../../src/core/issue/issue.ts";
import { type Row, sameCell } from "../../../src/core/merge/cell.ts";
import { commentFromRow, dependencyFromRow, issueFromRow } from "../../../src/store/queries/issue-rows.ts";
import { columnsOf } from "../merge/any-row.ts";
import { anyRowPair, ordinaryRow } from "./any-tables.ts";

/** Cells that say "not set", by the column's type. */
const UNSET: Readonly<Record<string, readonly unknown[]>> = {
  json: [null, undefined, "{}"],
  waiters: [null, undefined, "", "[]"],
  work_type: [null, undefined, "", "mutex"],
  timeout_ns: [null, undefined, 0],
};

const COUNTS = new Set(
  ISSUE_FIELDS.filter(({ kind }) => kind === "count" || kind === "flag").map(({ column }) => column),
);

function isUnset(table: StateTable, column: string, cell: unknown): boolean {
  if (table === "issues" && COUNTS.has(column) && cell === 0) return true;
  const type = columnsOf(table)[column]?.type ?? "";
  return (UNSET[column] ?? (table === "issues" ? UNSET[type] : undefined) ?? [null, undefined, ""]).includes(cell);
}

/** Alike but for the way of not being set, and of writing the same second. */
function isSaidAlike(table: StateTable, column: string, [a, b]: readonly [unknown, unknown]): boolean {
  const isRaw = column === "last_activity"; // the wire has no word for it
  const second = (cell: unknown) => (typeof cell === "string" && !isRaw ? cell.replace(/(:\d\d)\.0+$/, "$1") : cell);
  return sameCell(second(a), second(b)) || (isUnset(table, column, a) && isUnset(table, column, b));
}

describe.each(STATE_TABLES)("a row of %s", (table) => {
  test("with one other cell is said otherwise, unless both cells are ways of not being set", () => {
    fc.assert(
      fc.property(anyRowPair(table), ([row, other]) => {
        for (const column of Object.keys(other).filter((name) => name !== "content_hash")) {
          const isAlike = sameValue(wireRow(table, row), wireRow(table, { ...row, [column]: other[column] }));

          expect({ column, isAlike }).toEqual({
            column,
            isAlike: isSaidAlike(table, column, [row[column], other[column]]),
          });
        }
      }),
      { numRuns: 50 },
    );
  });
});

test.each([
  ["issues", issueFromRow],
  ["dependencies", dependencyFromRow],
  ["comments", commentFromRow],
] as const)("a row of %s is said as everywhere else", (table, fromRow) => {
  const isWord = (name: string) => table !== "issues" || ISSUE_NAMES.has(name);
  fc.assert(
    fc.property(ordinaryRow(table), (row: Row) => {
      const said = Object.entries(wireRow(table, row)).filter(([name]) => isWord(name));

      expect(Object.fromEntries(said)).toEqual(fromRow(row));
    }),
  );
});

test("the wire's words come in its order, what it has no word for under the columns' names", () => {
  const row = {
    zone: "b",
    rig: "r",
    hook_bead: "",
    content_hash: "x",
    timeout_ns: 5,
    timeout: 7,
    comments: "mine",
    labels: null,
    bytes: Buffer.from([0, 255]),
    priority: 1,
    title: "A",
    id: "bd-1",
    created_at: "2026-01-01 00:00:00",
    metadata: '{"a":"\u0001"}',
  };

  expect(JSON.stringify(wireRow("issues", row))).toBe(
    JSON.stringify({
      id: "bd-1",
      title: "A",
      priority: 1,
      created_at: "2026-01-01T00:00:00Z",
      metadata: { a: "\u0001" },
      timeout: 5,
      bytes: "0x00ff",
      "column.comments": "mine",
      rig: "r",
      "column.timeout": 7,
      zone: "b",
    }),
  );
});

test("what the wire would cut, round or leave out stands as it is in the database", () => {
  const row = {
    metadata: '{"n":9007199254740993}',
    waiters: "none",
    timeout_ns: "9223372036854775807",
    pinned: 2,
    due_at: "2026-01-01 00:00:00.500000",
    started_at: "soon",
    work_type: "",
  };

  expect(wireRow("issues", row)).toEqual({
    metadata: '{"n":9007199254740993}',
    waiters: "none",
    timeout: "9223372036854775807",
    pinned: 2,
    due_at: "2026-01-01 00:00:00.500000",
    started_at: "soon",
  });
});
