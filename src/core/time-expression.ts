import { BdError } from "../errors.ts";
import { type ClockTime, clockAt, instantAt, weekdayOf } from "./time-zone.ts";
import { instantOf, isCalendarDay, isClockTime } from "./wire-time.ts";

/*
 * Times as people write them, on the clock of their zone; days and longer units keep the time on the clock when daylight
 * saving begins or ends, hours and minutes are exact.
 */

/** Now, and the zone of whoever speaks of it. */
interface Here {
  readonly now: Date;
  readonly zone: string;
}

type Unit = "minute" | "hour" | "day" | "week" | "month" | "year";

const COMPACT_UNITS: Readonly<Record<string, Unit>> = { h: "hour", d: "day", w: "week", m: "month", y: "year" };
const UNIT_NAMES: ReadonlyMap<string, Unit> = new Map(
  Object.values(COMPACT_UNITS)
    .concat("minute")
    .map((unit) => [unit, unit]),
);
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const UNIT = `(${[...UNIT_NAMES.keys()].join("|")})s?`;

/**
 * The instant that the text means: `+6h -1d 2w 3m 1y` (m: months; no sign: ahead), `2026-01-02` (local midnight),
 * RFC 3339, `2026-01-02T15:04[:05]` or with a space (local), or English: now, today, tomorrow, yesterday, monday, next
 * monday, next week, in 3 days, 2 weeks ago; those that name a day take `at 9am`, `at 14:30`, `at noon`.
 * Throws BdError usage INVALID_TIME.
 */
export function parseTimeExpression(text: string, now: Date, zone: string): Date {
  const words = text.trim();
  const here: Here = { now, zone };
  const time = compact(words, here) ?? localDateTime(words, zone) ?? instantOf(words) ?? english(words, here);
  if (time === undefined || Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 || time.getUTCFullYear() < 1) {
    throw new BdError(
      "usage",
      "INVALID_TIME",
      `cannot parse time expression: ${JSON.stringify(text)} (examples: +6h, tomorrow, 2025-01-15)`,
      { details: { value: text } },
    );
  }
  return time;
}

function compact(text: string, here: Here): Date | undefined {
  const match = /^([+-]?)(\d+)([hdwmy])$/.exec(text);
  const unit = COMPACT_UNITS[match?.[3] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return shifted(here, Number(match[2]) * (match[1] === "-" ? -1 : 1), unit);
}

function localDateTime(text: string, zone: string): Date | undefined {
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
  if (day === undefined || clockWords.length === 0) return day;
  const clock = clockTime(clockWords.join(" at "));
  if (clock === undefined) return undefined;
  return instantAt({ ...clockAt(day, here.zone), ...clock, second: 0, millisecond: 0 }, here.zone);
}

/** now, `in 3 days`, `2 weeks ago` */
function namedDistance(phrase: string, here: Here): Date | undefined {
  if (phrase === "now") return new Date(here.now);
  const ahead = new RegExp(`^in (\\d+|an?) ${UNIT}$`).exec(phrase);
  const ago = new RegExp(`^(\\d+|an?) ${UNIT} ago$`).exec(phrase);
  const match = ahead ?? ago;
  const unit = UNIT_NAMES.get(match?.[2] ?? "");
  if (match === null || unit === undefined) return undefined;
  const amount = /^an?$/.test(match[1] ?? "") ? 1 : Number(match[1]);
  return shifted(here, ago === null ? amount : -amount, unit);
}

/** A day at the present time of day, as the peer takes it. A weekday is the next one, never today. */
function namedDay(words: string, here: Here): Date | undefined {
  if (words === "today") return new Date(here.now);
  if (words === "tomorrow") return shifted(here, 1, "day");
  if (words === "yesterday") return shifted(here, -1, "day");
  const name = words.replace(/^(?:next|on) /, "");
  const weekday = WEEKDAYS.indexOf(name);
  if (weekday !== -1) {
    const today = weekdayOf(clockAt(here.now, here.zone));
    return shifted(here, ((weekday - today + 6) % 7) + 1, "day");
  }
  const unit = words.startsWith("next ") ? UNIT_NAMES.get(name) : undefined;
  return unit === undefined ? undefined : shifted(here, 1, unit);
}

/** `9am`, `9:30pm`, `14:30`, noon, midnight */
function clockTime(words: string): { hour: number; minute: number } | undefined {
  if (words === "noon") return { hour: 12, minute: 0 };
  if (words === "midnight") return { hour: 0, minute: 0 };
  const match = /^(\d{1,2})(?::(\d{2}))? ?(am|pm)?$/.exec(words);
  if (match === null) return undefined;
  const [, hours, minutes, half] = match;
  if (minutes === undefined && half === undefined) return undefined;
  const shown = Number(hours);
  if (half !== undefined && (shown < 1 || shown > 12)) return undefined;
  const hour = half === undefined ? shown : (shown % 12) + (half === "pm" ? 12 : 0);
  const minute = Number(minutes ?? 0);
  return isClockTime(hour, minute, 0) ? { hour, minute } : undefined;
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
