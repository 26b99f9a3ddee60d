/**
 * JSON as Go's encoder writes it: `<`, `>`, `&` and the line separators U+2028 and U+2029 are escaped, so that both
 * programs print the same bytes. They occur only inside strings, so escaping the finished text is enough.
 */
const ESCAPED_BY_GO = /[<>&\u2028\u2029]/g;

/** One line, without a newline at the end. A value that JSON can't express (undefined) becomes `null`. */
export function stringifyCompact(value: unknown): string {
  return escapeLikeGo(withAllDigits(value));
}

/** Indented by two spaces, without a newline at the end. */
export function stringifyIndented(value: unknown): string {
  return escapeLikeGo(withAllDigits(value, 2));
}

/** ECMAScript's, newer than the types of it. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the supported versions of Node have it
const RAW = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON of a value whose whole numbers are bigints where JavaScript would round them: a replacer would cost every list. */
export function withAllDigits(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent) ?? "null";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const raw = (_key: string, one: unknown) => (typeof one === "bigint" ? RAW.rawJSON(String(one)) : one);
    return JSON.stringify(value, raw, indent) ?? "null";
  }
}

/** The same value with the keys of every object in order, as Go prints its maps. */
export function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, withSortedKeys(child)]));
}

function escapeLikeGo(json: string): string {
  return json.replace(ESCAPED_BY_GO, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
