/** What must hold, or must not hold, for a statement to run: DDL has no `IF NOT EXISTS` for a column. */
export interface Guard {
  readonly runs: "if" | "unless";
  readonly subject:
    | { readonly kind: "column"; readonly table: string; readonly column: string }
    | { readonly kind: "ignored"; readonly pattern: string };
}

export interface Statement {
  readonly sql: string;
  readonly guard?: Guard;
}

export interface MigrationText {
  /** It concerns tables that Dolt ignores, which vanish on a clone: its statements run again there. */
  readonly local: boolean;
  readonly statements: readonly Statement[];
}

/**
 * Reads the text of a migration file. A statement ends with `;` at the end of a line, comments are `-- …`, and
 * directives are comments of the form `-- @local` (of the file) and `-- @if …` or `-- @unless …` (of the statement that
 * follows). `migrations/README.md` has the rules. Throws Error with the line number where the text breaks them.
 */
export function parseMigration(text: string): MigrationText {
  const statements: Statement[] = [];
  let local = false;
  let guard: Guard | undefined;
  let code: string[] = [];
  let quote: Quote | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const at = `line ${index + 1}`;
    const scanned = scanLine(line, quote, at);
    quote = scanned.quote;
    const directive = /^@(.*)$/.exec(scanned.comment?.trim() ?? "")?.[1];
    if (directive !== undefined) {
      if (code.length > 0 || guard !== undefined)
        throw new Error(`${at}: a directive stands before its statement, alone`);
      if (directive === "local") local = true;
      else guard = parseGuard(directive, at);
    }
    if (code.length > 0 || scanned.code.trim() !== "") code.push(scanned.code);
    if (!scanned.ends) continue;
    const sql = code.join("\n").trimEnd().slice(0, -1).trimEnd();
    if (sql === "") throw new Error(`${at}: an empty statement`);
    statements.push(guard === undefined ? { sql } : { sql, guard });
    code = [];
    guard = undefined;
  }
  if (quote !== undefined) throw new Error(`the end: a quote ${quote} is open`);
  if (code.length > 0 || guard !== undefined) throw new Error("the end: the last statement has no ;");
  return { local, statements };
}

type Quote = "'" | '"' | "`";

interface ScannedLine {
  /** The line without its comment. */
  readonly code: string;
  readonly comment?: string;
  /** The quote that is still open at the end of the line. */
  readonly quote: Quote | undefined;
  /** A statement ends here. */
  readonly ends: boolean;
}

/** A doubled quote inside a string closes and opens it again, which comes to the same. */
function scanLine(line: string, open: Quote | undefined, at: string): ScannedLine {
  let quote = open;
  let ends = false;
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (quote !== undefined) {
      if (character === "\\" && quote !== "`") i++;
      else if (character === quote) quote = undefined;
    } else if (/^--(\s|$)/.test(line.slice(i, i + 3))) {
      return { code: line.slice(0, i), comment: line.slice(i + 2), quote, ends };
    } else if (line.startsWith("/*", i) || character === "#") {
      throw new Error(`${at}: comments are written as -- …`);
    } else if (ends && character.trim() !== "") {
      throw new Error(`${at}: a ; stands only at the end of a line`);
    } else if (character === "'" || character === '"' || character === "`") {
      quote = character;
    } else if (character === ";") {
      ends = true;
    }
  }
  return { code: line, quote, ends };
}

function parseGuard(directive: string, at: string): Guard {
  const [, runs, kind, name] = /^(if|unless) (column|ignored) (\S+)$/.exec(directive) ?? [];
  if ((runs === "if" || runs === "unless") && name !== undefined) {
    if (kind === "ignored") return { runs, subject: { kind, pattern: name } };
    const [table, column, ...more] = name.split(".");
    if (kind === "column" && table && column && more.length === 0) return { runs, subject: { kind, table, column } };
  }
  throw new Error(`${at}: unknown directive @${directive}`);
}
