import { clockAt, type Zone } from "../../../core/time/time-zone.ts";

/*
 * Wire times as people see them: on the clock of their own zone, in which they type days too. So a day that was typed is
 * the day that is shown.
 */

/** `2026-01-02 15:04` */
export function shownMinute(time: string, zone: Zone): string {
  const clock = clockAt(new Date(time), zone);
  const day = `${String(clock.year).padStart(4, "0")}-${two(clock.month)}-${two(clock.day)}`;
  return `${day} ${two(clock.hour)}:${two(clock.minute)}`;
}

/** When something is due or begins: a day stands alone, as it is typed; another time of day stands beside it. */
export function shownDay(time: string, zone: Zone): string {
  return shownMinute(time, zone).replace(/ 00:00$/, "");
}

/** A value of any field: as it is, but times on the reader's clock. */
export function shownInZone(value: string, zone: Zone): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? shownDay(value, zone) : value;
}

const STEPS = [
  ["y", 365 * 86_400_000],
  ["w", 7 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
] as const;

/** How long ago, in its largest unit: `3d`, `5h`. */
export function shownAge(time: string, now: Date): string {
  const age = now.getTime() - Date.parse(time);
  const step = STEPS.find(([, length]) => age >= length);
  return step === undefined ? "now" : `${Math.floor(age / step[1])}${step[0]}`;
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}
