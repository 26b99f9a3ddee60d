/*
 * The clock on somebody's wall: date and time of day in a zone. The zone is a value and belongs to whoever asks, because
 * one process may work for people in several.
 */

export interface Zone {
  /** In the IANA database: `Europe/Berlin`, `UTC`. */
  readonly name: string;
  /** How far its clock is ahead of UTC at an instant, both in milliseconds. */
  readonly offsetAt: (instant: number) => number;
}

export const UTC: Zone = { name: "UTC", offsetAt: () => 0 };

/** Any zone. Its first answer takes some 8 ms, to load the names and rules of all. Throws RangeError for none. */
export function zoneNamed(name: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return { name, offsetAt: (instant) => shownBy(format, instant) - Math.floor(instant / 1000) * 1000 };
}

/** What a clock shows. Fields may run over, as in the 32nd of a month, or hour −1. */
export interface ClockTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const DAY_MS = 86_400_000;

/** What the clock of a zone shows at an instant. */
export function clockAt(instant: Date, zone: Zone): ClockTime {
  return fieldsOf(new Date(instant.getTime() + zone.offsetAt(instant.getTime())));
}

/**
 * The instant at which the clock of a zone shows that. Of a time that comes twice, the first; of one that a change to
 * summer time leaves out, what a clock would show that nobody has put forward yet: as Date takes local times.
 */
export function instantAt(clock: ClockTime, { offsetAt }: Zone): Date {
  const { year, month, day, hour, minute, second, millisecond } = clock;
  const asUtc = new Date(0);
  // Not through Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  asUtc.setUTCFullYear(year, month - 1, day);
  asUtc.setUTCHours(hour, minute, second, millisecond);
  const shown = asUtc.getTime();
  if (Number.isNaN(shown)) return asUtc;
  const before = offsetAt(shown - DAY_MS);
  const after = offsetAt(shown + DAY_MS);
  const fitting = [before, after].find((offset) => offsetAt(shown - offset) === offset);
  return new Date(shown - (fitting ?? before));
}

/** 0 for Sunday. */
export function weekdayOf({ year, month, day }: ClockTime): number {
  return instantAt({ year, month, day, hour: 12, minute: 0, second: 0, millisecond: 0 }, UTC).getUTCDay();
}

function fieldsOf(shown: Date): ClockTime {
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    millisecond: shown.getUTCMilliseconds(),
  };
}

/** What the clock shows at an instant, read as if it were UTC. */
function shownBy(format: Intl.DateTimeFormat, instant: number): number {
  if (Number.isNaN(new Date(instant).getTime())) return Math.floor(instant / 1000) * 1000;
  const parts = format.formatToParts(instant);
  const text = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  const field = (type: Intl.DateTimeFormatPartTypes) => Number(text(type));
  const year = text("era").startsWith("B") ? 1 - field("year") : field("year");
  const shown = new Date(0);
  shown.setUTCFullYear(year, field("month") - 1, field("day"));
  shown.setUTCHours(field("hour"), field("minute"), field("second"));
  return shown.getTime();
}
