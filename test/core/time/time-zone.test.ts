import * as fc from "fast-check";
import { expect, test } from "vitest";
import { shownDay, shownMinute } from "../../../src/cli/present/text/shown-time.ts";
import { processZone } from "../../../src/cli/process-zone.ts";
import { parseTimeExpression } from "../../../src/core/time/time-expression.ts";
import { clockAt, instantAt, zoneNamed } from "../../../src/core/time/time-zone.ts";
import { toWireTime } from "../../../src/core/time/wire-time.ts";

const ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia"];

const zone = fc.constantFrom(...ZONES.map(zoneNamed));
const instant = fc.date({
  min: new Date("1000-01-01T00:00:00Z"),
  max: new Date("9000-01-01T00:00:00Z"),
  noInvalidDate: true,
});

test.each([
  ["2026-06-10T23:30:00.250Z", "Asia/Kolkata", "2026-6-11 5:0:0.250"],
  ["2026-01-10T03:00:00Z", "America/New_York", "2026-1-9 22:0:0.0"],
  ["0001-01-01T03:00:00Z", "UTC", "1-1-1 3:0:0.0"],
])("at %s the clock of %s shows %s", (time, where, shown) => {
  const { year, month, day, hour, minute, second, millisecond } = clockAt(new Date(time), zoneNamed(where));
  expect(`${year}-${month}-${day} ${hour}:${minute}:${second}.${millisecond}`).toBe(shown);
});

test.each([
  ["a summer's day", [2026, 7, 1, 12, 0], "Europe/Berlin", "2026-07-01T10:00:00.000Z"],
  ["an hour that is left out", [2026, 3, 29, 2, 30], "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ["an hour that comes twice", [2026, 10, 25, 2, 30], "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["a day that is left out", [2011, 12, 30, 12, 0], "Pacific/Apia", "2011-12-30T22:00:00.000Z"],
  ["the 32nd of a month", [2026, 1, 32, 0, 0], "Asia/Kolkata", "2026-01-31T18:30:00.000Z"],
] as const)("%s is an instant: %j in %s is %s", (_what, [year, month, day, hour, minute], where, time) => {
  const clock = { year, month, day, hour, minute, second: 0, millisecond: 0 };
  expect(instantAt(clock, zoneNamed(where)).toISOString()).toBe(time);
});

test("what a clock shows leads back to the instant, or to the same time an hour before", () => {
  fc.assert(
    fc.property(instant, zone, (time, where) => {
      const clock = clockAt(time, where);
      const back = instantAt(clock, where);
      expect(clockAt(back, where)).toEqual(clock);
      expect(time.getTime() - back.getTime()).toBeGreaterThanOrEqual(0);
      expect(time.getTime() - back.getTime()).toBeLessThanOrEqual(86_400_000);
    }),
  );
});

test("the clock of this process is what its Date shows", () => {
  const named = zoneNamed(processZone.name);
  fc.assert(
    fc.property(instant, (time) => {
      const { year, month, day, hour, minute } = clockAt(time, processZone);
      expect([year, month, day, hour, minute]).toEqual([
        time.getFullYear(),
        time.getMonth() + 1,
        time.getDate(),
        time.getHours(),
        time.getMinutes(),
      ]);
      expect(processZone.offsetAt(time.getTime())).toBe(named.offsetAt(time.getTime()));
    }),
  );
});

test("a time that is typed is shown as it was typed, wherever", () => {
  const minutes = fc.date({
    min: new Date("1950-01-01T00:00:00Z"),
    max: new Date("2100-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(minutes, zone, (time, where) => {
      // A time that the clock shows; those that a change to summer time leaves out can't come back.
      const typed = shownMinute(time.toISOString(), where);
      const parsed = parseTimeExpression(typed, { now: new Date(0), zone: where, sense: "plan" });
      expect(shownMinute(toWireTime(parsed), where)).toBe(typed);
    }),
  );
});

test("a day that is typed is shown as that day, wherever", () => {
  const days = fc.integer({ min: 0, max: 50_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
  // Samoa left out a day, and some zones the hour after midnight.
  const usual = zone.filter(({ name }) => name !== "Pacific/Apia");
  fc.assert(
    fc.property(days, usual, (typed, where) => {
      expect(
        shownDay(toWireTime(parseTimeExpression(typed, { now: new Date(0), zone: where, sense: "plan" })), where),
      ).toBe(typed);
    }),
  );
});

test.each([
  ["Asia/Kolkata", "2026-12-25", "2026-12-24T18:30:00Z"],
  ["America/New_York", "2026-12-25", "2026-12-25T05:00:00Z"],
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"],
  ["Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"],
  ["Asia/Kathmandu", "2026-12-25 08:30", "2026-12-25T02:45:00Z"],
  ["Australia/Lord_Howe", "2026-07-01", "2026-06-30T13:30:00Z"],
  ["Pacific/Apia", "2026-12-25", "2026-12-24T11:00:00Z"],
  ["UTC", "2026-12-25 00:01", "2026-12-25T00:01:00Z"],
])("in %s, %s is %s, and shown as it was typed", (name, typed, wire) => {
  const where = zoneNamed(name);
  expect(toWireTime(parseTimeExpression(typed, { now: new Date(0), zone: where, sense: "plan" }))).toBe(wire);
  expect(shownDay(wire, where)).toBe(typed);
});
