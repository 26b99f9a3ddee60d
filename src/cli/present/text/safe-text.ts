import { BdError, UNPRINTABLE } from "../../../errors.ts";

/*
 * Texts of issues come from anybody who shares the database, and a terminal obeys control characters: they could set its
 * title, move its cursor or fake a line; others turn the direction of text around, or can't be seen. People see them spelled
 * out; JSON has them as they are.
 */

/** Texts of several lines; line feeds and tabs are at home there. All other texts stand in a line. */
const SEVERAL_LINES: ReadonlySet<string> = new Set(
  "description design acceptance_criteria notes close_reason payload text value diff ours theirs from to old new".split(
    " ",
  ),
);

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, "gu");

/** As people write it: `\n`, `\x1b`, `\u202e`, `\u{e0041}`. */
function spelledOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\u{${hex}}`;
  return SHORT[character] ?? (code > 0xff ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`);
}

/** A text of one or more lines, with what can't be printed spelled out. */
function safeLines(text: string): string {
  return text.replace(EVERY_UNPRINTABLE, (character, offset: number) => {
    const isAtHome = character === "\n" || character === "\t" || (character === "\r" && text[offset + 1] === "\n");
    return isAtHome ? character : spelledOut(character);
  });
}

/**
 * The words in a sentence or a line may be somebody else's, and hold line feeds: what follows one is indented, so that it
 * can't pass for a line of ours.
 */
export function moreIndented(text: string): string {
  return text.replaceAll(/\n(?! {2}|$)/g, "\n  ");
}

/** A sentence beside or instead of a result, as a terminal may have it. */
export function safeMessage(text: string): string {
  return moreIndented(safeLines(text));
}

function safeLine(text: string): string {
  return text.replace(EVERY_UNPRINTABLE, spelledOut);
}

/** What an operation gave, with every text in it as a terminal may have it; the very same where all of them are. */
export function safeOutput<T>(output: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts stay texts, and all else stays what it is
  return isSafe(output, "") ? output : (respelled(output, "") as T);
}

const UNPRINTABLE_IN_LINES = new RegExp(`(?![\\n\\t])${UNPRINTABLE.source}`, "u");

/** Long lists are looked through, not copied. `field` is the name that the value stands under. */
function isSafe(value: unknown, field: string): boolean {
  if (typeof value === "string") return !(SEVERAL_LINES.has(field) ? UNPRINTABLE_IN_LINES : UNPRINTABLE).test(value);
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) if (!isSafe(item, "")) return false;
    return true;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) if (!isSafe(key, "") || !isSafe(item, "")) return false;
    return true;
  }
  if (value instanceof BdError) return isSafe(value.message, "");
  if (!isRecord(value)) return true;
  for (const key in value) if (UNPRINTABLE.test(key) || !isSafe(value[key], key)) return false;
  return true;
}

function respelled(value: unknown, field: string): unknown {
  const again = (item: unknown) => respelled(item, "");
  if (typeof value === "string") return SEVERAL_LINES.has(field) ? safeLines(value) : safeLine(value);
  if (Array.isArray(value)) return value.map(again);
  if (value instanceof Set) return new Set([...value].map(again));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [again(key), again(item)]));
  if (value instanceof BdError) return respelledError(value);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [safeLine(key), respelled(item, key)]));
}

/** An error that is a result, such as why a connection failed. */
function respelledError({ kind, code, message, hint, details, cause }: BdError): BdError {
  return new BdError(kind, code, safeMessage(message), { hint, details, cause });
}

/** Plain data; instances have a form of their own. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
