/** How times are shown: in UTC as they are stored, or on the clock of this machine. */
export interface TimeStyle {
  readonly local: boolean;
}

/** A wire time as `2026-01-02`. */
export function shownDate(time: string, style: TimeStyle): string {
  return shownMinute(time, style).slice(0, 10);
}

/** A wire time as `2026-01-02 15:04`. */
export function shownMinute(time: string, { local }: TimeStyle): string {
  if (!local) return `${time.slice(0, 10)} ${time.slice(11, 16)}`;
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
