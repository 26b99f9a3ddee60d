import { expect, test } from "vitest";
import { compareCells, sameCell } from "../../../src/core/merge/cell.ts";

test("values have one total order", () => {
  const ordered = [
    null,
    false,
    true,
    -1,
    0,
    2n,
    10,
    "",
    "10",
    "2",
    "a",
    "ä",
    Buffer.from([1]),
    Buffer.from([1, 0]),
    Buffer.from([2]),
    { a: 1 },
  ];

  expect(ordered.toReversed().toSorted(compareCells)).toEqual(ordered);
});

test("equal values are the same cell, and a missing one is NULL", () => {
  expect(sameCell(undefined, null)).toBe(true);
  expect(sameCell(5, 5n)).toBe(true);
  expect(sameCell(Buffer.from([1]), Buffer.from([1]))).toBe(true);
  expect(sameCell("", null)).toBe(false);
  expect(sameCell("5", 5)).toBe(false);
});
