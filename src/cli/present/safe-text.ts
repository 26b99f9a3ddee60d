/*
 * Texts of issues come from anybody who shares the database, and a terminal obeys control characters: they could set its
 * title, move its cursor or fake a line. People see them spelled out; JSON has them as they are.
 */

/** Texts of several lines; line feeds and tabs are at home there. All other texts stand in a line. */
const SEVERAL_LINES: ReadonlySet<string> = new Set(
  "description design acceptance_criteria notes close_reason payload text value message diff ours theirs from to".split(
    " ",
  ),
);

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function spelledOut(character: string): string {
  return SHORT[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** A text of one or more lines, with control characters as people write them: `\x1b`. */
export function safeLines(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what this is about; a carriage return is harmless in CRLF
  return text.replace(/\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, spelledOut);
}

function safeLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- as above
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, spelledOut);
}

/** What an operation gave, with every text in it as a terminal may have it; the very same where all of them are. */
export function safeOutput<T>(output: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts stay texts, and all else stays what it is
  return isSafe(output, "") ? output : (respelled(output, "") as T);
}

// oxlint-disable-next-line no-control-regex -- as above
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- without a look ahead, which would take a long list twice the time
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Long lists are looked through, not copied. `field` is the name that the value stands under. */
function isSafe(value: unknown, field: string): boolean {
  if (typeof value === "string") return !(SEVERAL_LINES.has(field) ? CONTROL_IN_LINES : CONTROL).test(value);
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) if (!isSafe(item, "")) return false;
    return true;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) if (!isSafe(key, "") || !isSafe(item, "")) return false;
    return true;
  }
  if (!isRecord(value)) return true;
  for (const key in value) if (CONTROL.test(key) || !isSafe(value[key], key)) return false;
  return true;
}

function respelled(value: unknown, field: string): unknown {
  const again = (item: unknown) => respelled(item, "");
  if (typeof value === "string") return SEVERAL_LINES.has(field) ? safeLines(value) : safeLine(value);
  if (Array.isArray(value)) return value.map(again);
  if (value instanceof Set) return new Set([...value].map(again));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [again(key), again(item)]));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [safeLine(key), respelled(item, key)]));
}

/** Plain data; errors and other instances have a form of their own. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
