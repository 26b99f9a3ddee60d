import { BdError } from "../errors.ts";
import { instantOf, isCalendarDay, isClockTime } from "./wire-time.ts";

/*
 * Times as people write them. "Local" is the time zone of the process, through Date's own local methods; days and
 * longer units keep the time on the clock when daylight saving begins or ends, hours and minutes are exact.
 */

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
export function parseTimeExpression(text: string, now: Date): Date {
  const words = text.trim();
  const time = compact(words, now) ?? localDateTime(words) ?? instantOf(words) ?? english(words, now);
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

function compact(text: string, now: Date): Date | undefined {
  const match = /^([+-]?)(\d+)([hdwmy])$/.exec(text);
  const unit = COMPACT_UNITS[match?.[3] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return shifted(now, Number(match[2]) * (match[1] === "-" ? -1 : 1), unit);
}

function localDateTime(text: string): Date | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (!isCalendarDay(year, month, day) || !isClockTime(hour, minute, second)) return undefined;
  const date = new Date(2000, 0, 1, hour, minute, second);
  // Not through the constructor, which takes the years 0 to 99 for 1900 to 1999.
  date.setFullYear(year, month - 1, day);
  return date;
}

function english(text: string, now: Date): Date | undefined {
  const phrase = text.toLowerCase().replace(/\s+/g, " ");
  const distance = namedDistance(phrase, now);
  if (distance !== undefined) return distance;
  const [dayWords = "", ...clockWords] = phrase.split(" at ");
  const day = namedDay(dayWords, now);
  if (day === undefined || clockWords.length === 0) return day;
  const clock = clockTime(clockWords.join(" at "));
  if (clock === undefined) return undefined;
  day.setHours(clock.hour, clock.minute, 0, 0);
  return day;
}

/** now, `in 3 days`, `2 weeks ago` */
function namedDistance(phrase: string, now: Date): Date | undefined {
  if (phrase === "now") return new Date(now);
  const ahead = new RegExp(`^in (\\d+|an?) ${UNIT}$`).exec(phrase);
  const ago = new RegExp(`^(\\d+|an?) ${UNIT} ago$`).exec(phrase);
  const match = ahead ?? ago;
  const unit = UNIT_NAMES.get(match?.[2] ?? "");
  if (match === null || unit === undefined) return undefined;
  const amount = /^an?$/.test(match[1] ?? "") ? 1 : Number(match[1]);
  return shifted(now, ago === null ? amount : -amount, unit);
}

/** A day at the present time of day, as the peer takes it. A weekday is the next one, never today. */
function namedDay(words: string, now: Date): Date | undefined {
  if (words === "today") return new Date(now);
  if (words === "tomorrow") return shifted(now, 1, "day");
  if (words === "yesterday") return shifted(now, -1, "day");
  const name = words.replace(/^(?:next|on) /, "");
  const weekday = WEEKDAYS.indexOf(name);
  if (weekday !== -1) return shifted(now, ((weekday - now.getDay() + 6) % 7) + 1, "day");
  const unit = words.startsWith("next ") ? UNIT_NAMES.get(name) : undefined;
  return unit === undefined ? undefined : shifted(now, 1, unit);
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
function shifted(time: Date, amount: number, unit: Unit): Date {
  const date = new Date(time);
  if (unit === "minute") date.setTime(date.getTime() + amount * 60_000);
  else if (unit === "hour") date.setTime(date.getTime() + amount * 3_600_000);
  else if (unit === "day") date.setDate(date.getDate() + amount);
  else if (unit === "week") date.setDate(date.getDate() + 7 * amount);
  else if (unit === "month") date.setMonth(date.getMonth() + amount);
  else date.setFullYear(date.getFullYear() + amount);
  return date;
}
