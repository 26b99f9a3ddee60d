import { clockAt } from "../../core/time-zone.ts";
import type { View } from "../command.ts";

/** UTC, in which times are stored, unless `--local-time` asks for the reader's own clock. */
export function shownZone({ flags, zone }: View): string {
  return flags["localTime"] === true ? zone() : "UTC";
}

/** A wire time as `2026-01-02` on the clock of a zone. */
export function shownDate(time: string, zone: string): string {
  return shownMinute(time, zone).slice(0, 10);
}

/** A wire time as `2026-01-02 15:04` on the clock of a zone; as it is stored for `UTC`. */
export function shownMinute(time: string, zone: string): string {
  const clock = clockAt(new Date(time), zone);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${String(clock.year).padStart(4, "0")}-${two(clock.month)}-${two(clock.day)}`;
  return `${day} ${two(clock.hour)}:${two(clock.minute)}`;
}
