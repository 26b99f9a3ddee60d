/** What JSON is made of: punctuation, a string, or another scalar. */
const TOKEN =
  // oxlint-disable-next-line no-control-regex -- JSON forbids them in strings
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

class JsonSyntaxError extends Error {}

/**
 * The line (from 1) where a text stops being JSON, `undefined` for a valid one. For texts that `JSON.parse` refused: it
 * gives no position for many mistakes, and where it does, only in a message that each version words anew.
 */
export function jsonErrorLine(text: string): number | undefined {
  const reader = new TokenReader(text);
  try {
    readValue(reader);
    reader.end();
    return undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return lineAt(text, reader.position);
    throw error;
  }
}

class TokenReader {
  /** Where the token begins that is read next. */
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    TOKEN.lastIndex = this.position;
    const match = TOKEN.exec(this.#text);
    return match?.[1] ?? match?.[2] ?? match?.[3] ?? "";
  }

  take(accepts: (token: string) => boolean): string {
    const token = this.peek();
    this.#skipSpace();
    if (!accepts(token)) throw new JsonSyntaxError();
    this.position += token.length;
    return token;
  }

  end(): void {
    this.#skipSpace();
    if (this.position < this.#text.length) throw new JsonSyntaxError();
  }

  #skipSpace(): void {
    while (/[ \t\n\r]/.test(this.#text.charAt(this.position))) this.position += 1;
  }
}

function readValue(reader: TokenReader): void {
  const token = reader.take((next) => next !== "" && !"}],:".includes(next));
  if (token === "{") readItems(reader, "}", readMember);
  else if (token === "[") readItems(reader, "]", readValue);
}

function readMember(reader: TokenReader): void {
  reader.take((next) => next.startsWith('"'));
  reader.take((next) => next === ":");
  readValue(reader);
}

function readItems(reader: TokenReader, close: string, readItem: (reader: TokenReader) => void): void {
  if (reader.peek() === close) {
    reader.take(() => true);
    return;
  }
  do readItem(reader);
  while (reader.take((next) => next === "," || next === close) === ",");
}

/** A text that ends too early fails in its last line that holds anything. */
function lineAt(text: string, position: number): number {
  const before = text.slice(0, position);
  return (position >= text.length ? before.trimEnd() : before).split("\n").length;
}
