import { BdError, command } from "../../errors.ts";
import { type ClockTime, clockAt, instantAt, weekdayOf, type Zone } from "./time-zone.ts";
import { instantOf, isCalendarDay, isClockTime } from "./wire-time.ts";

/*
 * Times as people write them, on the clock of their zone; days and longer units keep the time on the clock when daylight
 * saving begins or ends, hours and minutes are exact.
 */

/**
 * What is spoken of, which decides what `2d` and `friday` mean, and where in a day `today` is.
 * plan: when something will be: ahead, at the present time of day, as the peer takes it. ahead: a bound of times that lie
 * ahead. past: a bound of times that lie behind. As a bound, a day is its beginning.
 */
export type TimeSense = "plan" | "ahead" | "past";

/** Now, the zone of whoever speaks of it, and what they speak of. */
export interface Here {
  readonly now: Date;
  readonly zone: Zone;
  readonly sense: TimeSense;
}

type Unit = "minute" | "hour" | "day" | "week" | "month" | "year";

const COMPACT_UNITS: Readonly<Record<string, Unit>> = { h: "hour", d: "day", w: "week", m: "month", y: "year" };
const UNIT_NAMES: ReadonlyMap<string, Unit> = new Map(
  Object.values(COMPACT_UNITS)
    .concat("minute")
    .map((unit) => [unit, unit]),
);
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const DISTANCE = new RegExp(`^(in )?(\\d+|an?) (${[...UNIT_NAMES.keys()].join("|")})s?( ago)?$`);

/**
 * The instant that the text means: `+6h -1d 2w 3m 1y` (m: months; no sign: by the sense), `2026-01-02` (local midnight),
 * RFC 3339, `2026-01-02T15:04[:05]` or with a space (local), or English: now, today, tomorrow, yesterday, friday, next
 * friday, last friday, next week, in 3 days, 2 weeks ago; those that name a day take `at 9am`, `at 14:30`, `at noon`.
 * Throws BdError usage INVALID_TIME.
 */
export function parseTimeExpression(text: string, here: Here): Date {
  const words = text.trim();
  const time = compact(words, here) ?? localDateTime(words, here.zone) ?? instantOf(words) ?? english(words, here);
  if (time === undefined || Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 || time.getUTCFullYear() < 1) {
    throw new BdError(
      "usage",
      "INVALID_TIME",
      `cannot parse time expression: ${JSON.stringify(text)} (examples: +6h, tomorrow, 2025-01-15)`,
      { hint: command`bd help dates`, details: { value: text } },
    );
  }
  return time;
}

function compact(text: string, here: Here): Date | undefined {
  const match = /^([+-]?)(\d+)([hdwmy])$/.exec(text);
  const unit = COMPACT_UNITS[match?.[3] ?? ""];
  if (match === null || unit === undefined) return undefined;
  const direction = match[1] === "" ? directionOf(here.sense) : Number(`${match[1]}1`);
  return shifted(here, Number(match[2]) * direction, unit);
}

function directionOf(sense: TimeSense): 1 | -1 {
  return sense === "past" ? -1 : 1;
}

function localDateTime(text: string, zone: Zone): Date | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (!isCalendarDay(year, month, day) || !isClockTime(hour, minute, second)) return undefined;
  return instantAt({ year, month, day, hour, minute, second, millisecond: 0 }, zone);
}

function english(text: string, here: Here): Date | undefined {
  const phrase = text.toLowerCase().replace(/\s+/g, " ");
  const distance = namedDistance(phrase, here);
  if (distance !== undefined) return distance;
  const [dayWords = "", ...clockWords] = phrase.split(" at ");
  const day = namedDay(dayWords, here);
  if (day === undefined) return undefined;
  const clock = clockWords.length === 0 ? timeOfDay(here.sense) : clockTime(clockWords.join(" at "));
  if (clock === undefined) return undefined;
  return instantAt({ ...clockAt(day, here.zone), ...clock }, here.zone);
}

/** now, `in 3 days`, `2 weeks ago`, `3 days`, and `next hour`, which is no day. */
function namedDistance(phrase: string, here: Here): Date | undefined {
  if (phrase === "now") return new Date(here.now);
  const [, way, exact] = /^(next|last) (hour|minute)$/.exec(phrase) ?? [];
  if (way !== undefined) return shifted(here, way === "next" ? 1 : -1, exact === "hour" ? "hour" : "minute");
  const [, ahead, number = "", name = "", ago] = DISTANCE.exec(phrase) ?? [];
  const unit = UNIT_NAMES.get(name);
  if (unit === undefined || (ahead !== undefined && ago !== undefined)) return undefined;
  const direction = ago === undefined ? (ahead === undefined ? directionOf(here.sense) : 1) : -1;
  return shifted(here, (/^an?$/.test(number) ? 1 : Number(number)) * direction, unit);
}

const NAMED_DAYS: Readonly<Record<string, number>> = { today: 0, tomorrow: 1, yesterday: -1 };

/** A day at the present time of day. A weekday is never today. */
function namedDay(words: string, here: Here): Date | undefined {
  const near = NAMED_DAYS[words];
  if (near !== undefined) return shifted(here, near, "day");
  const [, way, name = ""] = /^(?:(next|last|on) )?(\w+)$/.exec(words) ?? [];
  const direction = way === "next" ? 1 : way === "last" ? -1 : directionOf(here.sense);
  const weekday = WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
  if (weekday !== -1) {
    const today = weekdayOf(clockAt(here.now, here.zone));
    const between = (weekday - today) * direction;
    return shifted(here, (((between + 6) % 7) + 1) * direction, "day");
  }
  const unit = way === "next" || way === "last" ? UNIT_NAMES.get(name) : undefined;
  return unit === undefined ? undefined : shifted(here, direction, unit);
}

type TimeOfDay = Partial<Pick<ClockTime, "hour" | "minute" | "second" | "millisecond">>;

/** Where in a named day its name stands; nothing for the present time of day. */
function timeOfDay(sense: TimeSense): TimeOfDay {
  return sense === "plan" ? {} : { hour: 0, minute: 0, second: 0, millisecond: 0 };
}

/** `9am`, `9:30pm`, `14:30`, noon, midnight */
function clockTime(words: string): TimeOfDay | undefined {
  const exact = { second: 0, millisecond: 0 };
  if (words === "noon") return { hour: 12, minute: 0, ...exact };
  if (words === "midnight") return { hour: 0, minute: 0, ...exact };
  const match = /^(\d{1,2})(?::(\d{2}))? ?(am|pm)?$/.exec(words);
  if (match === null) return undefined;
  const [, hours, minutes, half] = match;
  if (minutes === undefined && half === undefined) return undefined;
  const shown = Number(hours);
  if (half !== undefined && (shown < 1 || shown > 12)) return undefined;
  const hour = half === undefined ? shown : (shown % 12) + (half === "pm" ? 12 : 0);
  const minute = Number(minutes ?? 0);
  return isClockTime(hour, minute, 0) ? { hour, minute, ...exact } : undefined;
}

/** A month or year on a day that the target month lacks runs over into the next, as in the peer. */
function shifted({ now, zone }: Here, amount: number, unit: Unit): Date {
  if (unit === "minute") return new Date(now.getTime() + amount * 60_000);
  if (unit === "hour") return new Date(now.getTime() + amount * 3_600_000);
  const clock = clockAt(now, zone);
  const later: Readonly<Record<Exclude<Unit, "minute" | "hour">, Partial<ClockTime>>> = {
    day: { day: clock.day + amount },
    week: { day: clock.day + 7 * amount },
    month: { month: clock.month + amount },
    year: { year: clock.year + amount },
  };
  return instantAt({ ...clock, ...later[unit] }, zone);
}
