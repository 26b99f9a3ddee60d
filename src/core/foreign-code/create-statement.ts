/** What stands between the parentheses of a CREATE TABLE, one by one. */
export interface TableItem {
  readonly kind: "column" | "constraint" | "index";
  readonly name: string;
  readonly text: string;
}

export interface ParsedTable {
  readonly items: readonly TableItem[];
  /** What follows the parentheses. */
  readonly options: string;
}

/**
 * Takes apart what Dolt prints as CREATE TABLE. It may be the work of somebody hostile: what can't be read is one item,
 * as long as it is, and no item is ever left out.
 */
export function parseCreateTable(statement: string): ParsedTable {
  const start = statement.indexOf("(");
  if (start === -1) return { items: [itemOf(statement)], options: "" };
  const { parts, end } = splitAtCommas(statement, start + 1);
  return {
    items: parts.map(itemOf),
    options: statement
      .slice(end + 1)
      .replace(/;$/, "")
      .trim(),
  };
}

/** Up to the parenthesis that closes the list, or the end. */
function splitAtCommas(text: string, start: number): { readonly parts: string[]; readonly end: number } {
  const parts: string[] = [];
  let from = start;
  let depth = 0;
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "'" || char === '"' || char === "`") at = endOfQuoted(text, at);
    else if (char === "(") depth += 1;
    else if (char === ")" && depth === 0) break;
    else if (char === ")") depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from, at));
  return { parts: parts.map((part) => part.trim()), end: at };
}

/** The place of the quote that ends what begins at `start`; a doubled one is one of the text. */
function endOfQuoted(text: string, start: number): number {
  const quote = text[start] ?? "";
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\" && quote !== "`") at += 1;
    else if (text[at] === quote && text[at + 1] === quote) at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

const NAME = "`((?:[^`]|``)+)`";
const COLUMN = new RegExp(`^${NAME}`);
const INDEX = new RegExp(`^(?:[A-Z]+ )?KEY ${NAME}`);
const CONSTRAINT = new RegExp(`^CONSTRAINT ${NAME}`);

function itemOf(text: string): TableItem {
  const column = nameIn(COLUMN, text);
  if (column !== undefined) return { kind: "column", name: column, text };
  if (text.startsWith("PRIMARY KEY")) return { kind: "index", name: "PRIMARY", text };
  const index = nameIn(INDEX, text);
  if (index !== undefined) return { kind: "index", name: index, text };
  return { kind: "constraint", name: nameIn(CONSTRAINT, text) ?? text.slice(0, 64), text };
}

function nameIn(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.[1]?.replaceAll("``", "`");
}

const STRING = String.raw`'(?:[^'\\]|''|\\.)*'`;
const NOW = String.raw`(?:CURRENT_TIMESTAMP|NOW|UTC_TIMESTAMP)(?:\(\d?\))?`;
/** Values that depend on nothing in the database. */
const VALUE = String.raw`(?:NULL|b?${STRING}|-?[\d.e+-]+|${NOW}|\(+(?:${NOW}|uuid\(\)|json_(?:object|array)\(\))\)+)`;
const PLAIN_COLUMN = new RegExp(
  [
    String.raw`^${NAME} [a-z]+(?: precision)?(?:\((?:\d+(?:,\s?\d+)?|${STRING}(?:,\s?${STRING})*)\))?(?: unsigned)?`,
    String.raw`(?: (?:CHARACTER SET \w+|COLLATE \w+|NOT NULL|NULL|AUTO_INCREMENT|SRID \d+|DEFAULT ${VALUE}`,
    String.raw`|ON UPDATE ${NOW}|COMMENT ${STRING}))*$`,
  ].join(""),
  "is",
);
const NEEDS_VALUE = /^(?!.* DEFAULT ).* NOT NULL/s;
const PLAIN_INDEX = new RegExp(
  String.raw`^(?:KEY ${NAME}|PRIMARY KEY) \([^()]*(?:\(\d+\)[^()]*)*\)(?: COMMENT ${STRING})?$`,
  "s",
);
const BELONGS_TO_ISSUE = new RegExp(
  String.raw`^CONSTRAINT ${NAME} FOREIGN KEY \(${NAME}\) REFERENCES \`issues\` \(\`id\`\) ON DELETE CASCADE$`,
);

/**
 * Whether an item only keeps data: it computes nothing from other data, and no statement is refused because of it.
 * A table that is new with it may refuse rows of its own, and lose those whose issue goes.
 */
export function isPlain({ kind, text }: TableItem, isNewTable: boolean): boolean {
  if (kind === "column") return PLAIN_COLUMN.test(text) && (isNewTable || !NEEDS_VALUE.test(text));
  if (kind === "index") return PLAIN_INDEX.test(isNewTable ? text.replace(/^UNIQUE /, "") : text);
  return isNewTable && BELONGS_TO_ISSUE.test(text);
}
