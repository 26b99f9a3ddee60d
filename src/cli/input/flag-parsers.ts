import { InvalidArgumentError } from "commander";

/** Argument parsers for commander: each throws InvalidArgumentError, which becomes a usage error. */

/** A comma list, repeatable: `-l a,b -l c`. */
export function list(value: string, previous: readonly string[] = []): string[] {
  const parts = value.split(",").map((part) => part.trim());
  return [...previous, ...parts.filter((part) => part !== "")];
}

/** One value each time, repeatable. */
export function repeated(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** `key=value`, repeatable. */
export function keyValue(value: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = value.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("expected key=value.");
  return { ...previous, [value.slice(0, equals)]: value.slice(equals + 1) };
}

/** A whole number, 0 or more. */
export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("expected a whole number, 0 or more.");
  return Number(value);
}

/** A port to listen on; 0 for any that is free. */
export function listeningPort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError("expected a port, 0 to 65535.");
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** A time such as `30s` or `2h`, in milliseconds; seconds where no unit stands there. */
export function milliseconds(value: string): number {
  const [, amount = "", unit = "s"] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(value) ?? [];
  const parsed = Math.round(Number(amount) * (UNITS[unit] ?? 0));
  if (parsed > 0 && parsed <= LONGEST_MS) return parsed;
  throw new InvalidArgumentError("expected a time such as 500ms, 30s, 5m or 2h.");
}
