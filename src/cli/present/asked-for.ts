import type { Flags } from "../command.ts";

/** Flags that say how a list looks or how long it is, not which issues stand in it. */
const NO_FILTERS: ReadonlySet<string> = new Set(
  "json limit sort reverse flat tree long pretty plain columns pager all query session".split(" "),
);

/** The filters of a command line as they are typed, ` with --status closed --label auth`; empty where there are none. */
export function askedFor(flags: Flags): string {
  const words = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined || NO_FILTERS.has(name) || isDefault(name, value) ? [] : [flagText(name, value)],
  );
  return words.length === 0 ? "" : ` with ${words.join(" ")}`;
}

/** Of a flag that there is only as `--no-labels`. */
function isDefault(name: string, value: unknown): boolean {
  return name === "labels" && value === true;
}

function flagText(name: string, value: unknown): string {
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value === true) return `--${flag}`;
  if (value === false) return `--no-${flag}`;
  return `--${flag} ${valueText(value)}`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  if (typeof value !== "object" || value === null)
    return /\s/.test(String(value)) ? JSON.stringify(value) : String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key}=${String(part)}`)
    .join(" ");
}
