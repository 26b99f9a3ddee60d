import { toWireTime } from "./wire-time.ts";

/**
 * When a change happens, as a wire time: now, but never before `last`, the wire times of what it changes or comes after.
 * Clocks differ between machines and step back, and what is newer must never look older.
 */
export function changeTime(now: Date, ...last: readonly (string | undefined)[]): string {
  // Wire times sort as texts.
  return last.reduce<string>((latest, time) => (time !== undefined && time > latest ? time : latest), toWireTime(now));
}
