import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromWireTime, instantOf, isCalendarDay, toWireTime } from "../../../src/core/time/wire-time.ts";
import { refusal } from "../refusal.ts";

describe("toWireTime", () => {
  test.each([
    [new Date("2026-01-02T03:04:05.999Z"), "2026-01-02T03:04:05Z"],
    ["2026-01-02 03:04:05", "2026-01-02T03:04:05Z"],
    ["2026-01-02 03:04:05.999999", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
  ])("writes %j as %s", (time, wire) => {
    expect(toWireTime(time)).toBe(wire);
  });

  test.each(["", "2026-01-02", "2026-01-02T03:04:05+01:00", "yesterday"])("refuses %j", (time) => {
    expect(refusal(() => toWireTime(time)).code).toBe("INVALID_TIMESTAMP");
  });

  test("refuses a Date that is none, or outside the years that a column holds", () => {
    expect(refusal(() => toWireTime(new Date(Number.NaN))).code).toBe("INVALID_TIMESTAMP");
    expect(refusal(() => toWireTime(new Date(8.64e15))).code).toBe("INVALID_TIMESTAMP");
  });
});

describe("fromWireTime", () => {
  test.each([
    ["2026-01-02T03:04:05Z", "2026-01-02 03:04:05"],
    ["2026-01-02T03:04:05.999999999Z", "2026-01-02 03:04:05"],
    ["2026-01-02T00:30:00+01:00", "2026-01-01 23:30:00"],
    ["2026-01-01T23:30:00.5-08:00", "2026-01-02 07:30:00"],
    ["2026-01-02t03:04:05z", "2026-01-02 03:04:05"],
    ["2026-01-02 03:04:05Z", "2026-01-02 03:04:05"],
    ["2024-02-29T12:00:00Z", "2024-02-29 12:00:00"],
    ["0001-01-01T00:00:00Z", "0001-01-01 00:00:00"],
  ])("reads %s as %s", (text, column) => {
    expect(fromWireTime(text)).toBe(column);
  });

  test.each([
    "",
    "2026-01-02",
    "2026-01-02T03:04:05",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-02T24:00:00Z",
    "2026-01-02T03:04:60Z",
    "2026-01-02T03:04:05+99:00",
    "0000-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2026-01-02T03:04:05Z\n",
  ])("refuses %j", (text) => {
    expect(refusal(() => fromWireTime(text)).code).toBe("INVALID_TIMESTAMP");
  });

  test("says what it expects", () => {
    expect(refusal(() => fromWireTime("soon"))).toEqual({
      kind: "usage",
      code: "INVALID_TIMESTAMP",
      message: 'invalid timestamp "soon" (expected RFC 3339, as in 2026-01-02T15:04:05Z)',
    });
  });
});

test("a time survives the way to the column and back", () => {
  const days = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true });
  fc.assert(fc.property(days, (date) => toWireTime(fromWireTime(toWireTime(date))) === toWireTime(date)));
});

test("an instant keeps its milliseconds", () => {
  expect(instantOf("2026-01-02T03:04:05.123456Z")?.getTime()).toBe(1_767_323_045_123);
  expect(instantOf("2026-01-02")).toBeUndefined();
});

test("a day exists exactly when Date does not move it", () => {
  const parts = fc.tuple(
    fc.integer({ min: 1000, max: 9999 }),
    fc.integer({ min: 0, max: 14 }),
    fc.integer({ min: 0, max: 32 }),
  );
  fc.assert(
    fc.property(parts, ([year, month, day]) => {
      const date = new Date(Date.UTC(year, month - 1, day));
      return isCalendarDay(year, month, day) === (date.getUTCMonth() === month - 1 && date.getUTCDate() === day);
    }),
  );
});

test("a year before 1000 has its zeros, which Dolt leaves out", () => {
  expect(toWireTime("500-01-01 00:00:00")).toBe("0500-01-01T00:00:00Z");
  expect(toWireTime("1-01-01 00:00:00")).toBe("0001-01-01T00:00:00Z");
});
