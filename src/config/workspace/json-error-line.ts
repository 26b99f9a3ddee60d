/** What JSON is made of: punctuation, a string, or another scalar. */
const TOKEN =
  // oxlint-disable-next-line no-control-regex -- JSON forbids them in strings
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** What may come next. */
type Expected = "value" | "value or ]" | "name" | "name or }" | ":" | ", or the end" | "nothing";

/**
 * The line (from 1) where a text stops being JSON, `undefined` for a valid one. For texts that `JSON.parse` refused: it
 * gives no position for many mistakes, and where it does, only in a message that each version words anew. YAML's parser
 * is no help, as it takes much that is no JSON. However deep the text is nested, this is one loop.
 */
export function jsonErrorLine(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let position = 0;
  while (expected !== "nothing") {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(text);
    const next: Expected | undefined = token === null ? undefined : afterToken(token, expected, open);
    if (token === null || next === undefined) return lineAt(text, position);
    position += token[0].length;
    expected = next;
  }
  return /^[ \t\n\r]*$/.test(text.slice(position)) ? undefined : lineAt(text, position);
}

/** What may follow a token; undefined where the token itself may not stand. Keeps `open` in step. */
function afterToken(
  [, sign, string, scalar]: RegExpExecArray,
  expected: Expected,
  open: ("{" | "[")[],
): Expected | undefined {
  const afterValue = (): Expected => (open.length === 0 ? "nothing" : ", or the end");
  const takesValue = expected === "value" || expected === "value or ]";
  if (string !== undefined && expected.startsWith("name")) return ":";
  if (string !== undefined || scalar !== undefined) return takesValue ? afterValue() : undefined;
  if (sign === ":") return expected === ":" ? "value" : undefined;
  if (sign === ",") {
    if (expected !== ", or the end") return undefined;
    return open.at(-1) === "{" ? "name" : "value";
  }
  if (sign === "{" || sign === "[") {
    if (!takesValue) return undefined;
    open.push(sign);
    return sign === "{" ? "name or }" : "value or ]";
  }
  const [opening, empty] = sign === "}" ? ["{", "name or }"] : ["[", "value or ]"];
  if (open.at(-1) !== opening || (expected !== ", or the end" && expected !== empty)) return undefined;
  open.pop();
  return afterValue();
}

/** The mistake is in what follows the blanks; a text that ends too early fails in its last line that holds anything. */
function lineAt(text: string, position: number): number {
  const rest = text.slice(position);
  const start = position + rest.length - rest.replace(/^[ \t\n\r]+/, "").length;
  const before = text.slice(0, start);
  return (start >= text.length ? before.trimEnd() : before).split("\n").length;
}
