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
