import type { Zone } from "../core/time/time-zone.ts";

/** The zone that the process was started in. Date knows its offsets; only the name takes Intl, which is slow to load. */
export const processZone: Zone = {
  get name() {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  },
  offsetAt(instant) {
    const local = new Date(instant);
    const shown = new Date(0);
    // Not getTimezoneOffset, which knows no seconds, as clocks of old had them.
    shown.setUTCFullYear(local.getFullYear(), local.getMonth(), local.getDate());
    shown.setUTCHours(local.getHours(), local.getMinutes(), local.getSeconds(), local.getMilliseconds());
    return shown.getTime() - instant;
  },
};
