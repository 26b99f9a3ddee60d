import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTimeExpression } from "../../../src/core/time/time-expression.ts";
import { clockAt, instantAt, zoneNamed } from "../../../src/core/time/time-zone.ts";
import { BdError } from "../../../src/errors.ts";
import { refusal } from "../refusal.ts";

/** Neither that of the machine nor one without summer time. */
const ZONE = zoneNamed("America/New_York");
/** A Wednesday. */
const NOW = localTime(2026, 6, 10, 15, 30, 20);
const HERE = { now: NOW, zone: ZONE, sense: "plan" } as const;

function localTime(year: number, month: number, day: number, hour: number, minute: number, second: number): Date {
  return instantAt({ year, month, day, hour, minute, second, millisecond: 0 }, ZONE);
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}

/** Local date and time of day, as `2026-06-10 15:30:20`. */
function local(date: Date): string {
  const { year, month, day, hour, minute, second } = clockAt(date, ZONE);
  return `${[year, two(month), two(day)].join("-")} ${[hour, minute, second].map(two).join(":")}`;
}

test.each([
  ["+6h", "2026-06-10 21:30:20"],
  ["6h", "2026-06-10 21:30:20"],
  ["-1d", "2026-06-09 15:30:20"],
  ["+2w", "2026-06-24 15:30:20"],
  ["3m", "2026-09-10 15:30:20"],
  ["-1y", "2025-06-10 15:30:20"],
  ["0d", "2026-06-10 15:30:20"],
  ["2026-07-01", "2026-07-01 00:00:00"],
  ["0099-07-01", "99-07-01 00:00:00"],
  ["2026-07-01T08:09:10", "2026-07-01 08:09:10"],
  ["2026-07-01 08:09:10", "2026-07-01 08:09:10"],
  ["2026-07-01 08:09", "2026-07-01 08:09:00"],
  ["now", "2026-06-10 15:30:20"],
  ["today", "2026-06-10 15:30:20"],
  ["tomorrow", "2026-06-11 15:30:20"],
  ["Yesterday", "2026-06-09 15:30:20"],
  ["tomorrow at 9am", "2026-06-11 09:00:00"],
  ["today at 9:30pm", "2026-06-10 21:30:00"],
  ["today at 12am", "2026-06-10 00:00:00"],
  ["today at 12 pm", "2026-06-10 12:00:00"],
  ["today at noon", "2026-06-10 12:00:00"],
  ["tomorrow at midnight", "2026-06-11 00:00:00"],
  ["thursday", "2026-06-11 15:30:20"],
  ["wednesday", "2026-06-17 15:30:20"],
  ["next wednesday", "2026-06-17 15:30:20"],
  ["on tuesday", "2026-06-16 15:30:20"],
  ["next  Monday at 14:30", "2026-06-15 14:30:00"],
  ["next week", "2026-06-17 15:30:20"],
  ["next month", "2026-07-10 15:30:20"],
  ["next year", "2027-06-10 15:30:20"],
  ["in 3 days", "2026-06-13 15:30:20"],
  ["in 1 day", "2026-06-11 15:30:20"],
  ["in an hour", "2026-06-10 16:30:20"],
  ["in 45 minutes", "2026-06-10 16:15:20"],
  ["2 weeks ago", "2026-05-27 15:30:20"],
  ["a month ago", "2026-05-10 15:30:20"],
  ["next hour", "2026-06-10 16:30:20"],
  ["2 days", "2026-06-12 15:30:20"],
  ["fri", "2026-06-12 15:30:20"],
  ["last friday", "2026-06-05 15:30:20"],
  ["last week", "2026-06-03 15:30:20"],
  [" +1d ", "2026-06-11 15:30:20"],
])("%j is %s local time", (text, expected) => {
  expect(local(parseTimeExpression(text, HERE))).toBe(expected);
});

/** A text, and what it means as a bound of times ahead, and of times past. */
test.each([
  ["now", "2026-06-10 15:30:20", "2026-06-10 15:30:20"],
  ["today", "2026-06-10 00:00:00", "2026-06-10 00:00:00"],
  ["tomorrow", "2026-06-11 00:00:00", "2026-06-11 00:00:00"],
  ["yesterday", "2026-06-09 00:00:00", "2026-06-09 00:00:00"],
  ["friday", "2026-06-12 00:00:00", "2026-06-05 00:00:00"],
  ["on fri", "2026-06-12 00:00:00", "2026-06-05 00:00:00"],
  ["tuesday", "2026-06-16 00:00:00", "2026-06-09 00:00:00"],
  ["wednesday", "2026-06-17 00:00:00", "2026-06-03 00:00:00"],
  ["next friday", "2026-06-12 00:00:00", "2026-06-12 00:00:00"],
  ["last friday", "2026-06-05 00:00:00", "2026-06-05 00:00:00"],
  ["friday at 9am", "2026-06-12 09:00:00", "2026-06-05 09:00:00"],
  ["next week", "2026-06-17 00:00:00", "2026-06-17 00:00:00"],
  ["last month", "2026-05-10 00:00:00", "2026-05-10 00:00:00"],
  ["last hour", "2026-06-10 14:30:20", "2026-06-10 14:30:20"],
  ["2d", "2026-06-12 15:30:20", "2026-06-08 15:30:20"],
  ["+2d", "2026-06-12 15:30:20", "2026-06-12 15:30:20"],
  ["-2d", "2026-06-08 15:30:20", "2026-06-08 15:30:20"],
  ["2 days", "2026-06-12 15:30:20", "2026-06-08 15:30:20"],
  ["a week", "2026-06-17 15:30:20", "2026-06-03 15:30:20"],
  ["in 2 days", "2026-06-12 15:30:20", "2026-06-12 15:30:20"],
  ["2 days ago", "2026-06-08 15:30:20", "2026-06-08 15:30:20"],
  ["2026-12-25", "2026-12-25 00:00:00", "2026-12-25 00:00:00"],
  ["2026-12-25 08:09", "2026-12-25 08:09:00", "2026-12-25 08:09:00"],
])("as a bound, %j is %s, or %s in the past", (text, ahead, past) => {
  expect(local(parseTimeExpression(text, { ...HERE, sense: "ahead" }))).toBe(ahead);
  expect(local(parseTimeExpression(text, { ...HERE, sense: "past" }))).toBe(past);
});

test.each([
  ["2026-07-01T08:09:10Z", "2026-07-01T08:09:10.000Z"],
  ["2026-07-01T08:09:10.5+02:00", "2026-07-01T06:09:10.500Z"],
])("%j is the instant %s", (text, expected) => {
  expect(parseTimeExpression(text, HERE).toISOString()).toBe(expected);
});

test("a day that the month lacks runs over into the next month, as in the peer", () => {
  expect(local(parseTimeExpression("1m", { ...HERE, now: localTime(2026, 1, 31, 12, 0, 0) }))).toBe(
    "2026-03-03 12:00:00",
  );
});

describe("refusals", () => {
  test.each([
    "",
    " ",
    "soon",
    "6",
    "6x",
    "++1d",
    "2026-02-30",
    "2026-13-01",
    "2026-7-1",
    "2026-07-01T25:00:00",
    "2026-07-01T08:09:10X",
    "99999999999y",
    "-3000y",
    "tomorrow at",
    "tomorrow at 9",
    "tomorrow at 13pm",
    "tomorrow at 25:00",
    "tomorrow at 9am at 9am",
    "at 9am",
    "next",
    "next caturday",
    "in three days",
    "in 3 days ago",
    "in 3 fortnights",
  ])("%j is no time", (text) => {
    expect(refusal(() => parseTimeExpression(text, HERE)).code).toBe("INVALID_TIME");
  });

  test("speak in the peer's words", () => {
    expect(refusal(() => parseTimeExpression("soon", HERE))).toEqual({
      kind: "usage",
      code: "INVALID_TIME",
      message: 'cannot parse time expression: "soon" (examples: +6h, tomorrow, 2025-01-15)',
    });
  });

  test("are all that can happen to any text", () => {
    const words = fc.array(
      fc.constantFrom("next", "in", "3", "days", "ago", "at", "9am", "monday", "tomorrow", "+1d", "2026-01-01", ":"),
    );
    const text = fc.oneof(
      fc.string(),
      words.map((list) => list.join(" ")),
    );
    fc.assert(
      fc.property(text, (value) => {
        try {
          return !Number.isNaN(parseTimeExpression(value, HERE).getTime());
        } catch (error) {
          return error instanceof BdError && error.code === "INVALID_TIME";
        }
      }),
    );
  });
});

test("hours ahead and hours back cancel out", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (hours) => {
      const there = parseTimeExpression(`+${hours}h`, HERE);
      expect(parseTimeExpression(`-${hours}h`, { ...HERE, now: there })).toEqual(NOW);
    }),
  );
});

test("the present is left as it is", () => {
  parseTimeExpression("tomorrow at 9am", HERE);
  parseTimeExpression("today at 9am", HERE);
  expect(local(NOW)).toBe("2026-06-10 15:30:20");
});
