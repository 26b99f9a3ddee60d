import { BdError } from "../../errors.ts";

const DATABASE_TIME = /^(\d{1,4})(-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?$/;
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The one form of a time in our data: `YYYY-MM-DDTHH:MM:SSZ`. Takes a Date, or what a DATETIME column gives
 * (`YYYY-MM-DD HH:MM:SS`, UTC); fractions are cut off, never rounded up into the future.
 * Throws BdError usage INVALID_TIMESTAMP.
 */
export function toWireTime(time: Date | string): string {
  if (typeof time !== "string") {
    const iso = Number.isNaN(time.getTime()) ? "" : time.toISOString();
    // Years outside 0000 to 9999 come with a sign and six digits, which no DATETIME holds.
    if (iso.length !== 24) throw invalidTimestamp(String(time));
    return `${iso.slice(0, 19)}Z`;
  }
  const match = DATABASE_TIME.exec(time);
  if (match === null) throw invalidTimestamp(time);
  // Dolt leaves out the zeros of years before 1000.
  return `${match[1]?.padStart(4, "0")}${match[2]}T${match[3]}Z`;
}

/**
 * An RFC 3339 time with any offset and fraction, as a DATETIME column takes it: `YYYY-MM-DD HH:MM:SS`, UTC, cut to
 * whole seconds. Throws BdError usage INVALID_TIMESTAMP.
 */
export function fromWireTime(text: string): string {
  const time = instantOf(text);
  if (time === undefined) throw invalidTimestamp(text);
  const wire = toWireTime(time);
  return `${wire.slice(0, 10)} ${wire.slice(11, 19)}`;
}

/** The instant of an RFC 3339 time to the millisecond, or undefined when the text is none or names no real day. */
export function instantOf(text: string): Date | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [fraction = "", zone = "Z"] = [match[7], match[8]];
  if (!isCalendarDay(year, month, day) || !isClockTime(hour, minute, second)) return undefined;
  const offset = zone.toUpperCase() === "Z" ? "Z" : zone;
  const date = new Date(`${text.slice(0, 10)}T${text.slice(11, 19)}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** True when the day exists (Date would roll 30 February over into March). */
export function isCalendarDay(year = Number.NaN, month = Number.NaN, day = Number.NaN): boolean {
  if (!(month >= 1 && month <= 12 && day >= 1)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

export function isClockTime(hour = Number.NaN, minute = Number.NaN, second = Number.NaN): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
}

function invalidTimestamp(text: string): BdError {
  return new BdError(
    "usage",
    "INVALID_TIMESTAMP",
    `invalid timestamp ${JSON.stringify(text)} (expected RFC 3339, as in 2026-01-02T15:04:05Z)`,
    { details: { value: text } },
  );
}
