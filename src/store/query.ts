import { jsonText } from "../core/json/dolt-json.ts";
import { BdError, command } from "../errors.ts";
import type { Sql } from "./sql.ts";

export type Row = Readonly<Record<string, unknown>>;

/** What the server answered to one statement. */
export interface StatementResult {
  readonly rows: readonly Row[];
  /** Whether it was a table, be it without rows, and not only that it is done. */
  readonly isTable: boolean;
  /** Rows that the statement matched (not only those it changed). */
  readonly affectedRows: number;
}

/** Statements that belong together and how to read their answers. A query is a value: building it sends nothing. */
export interface Query<T> {
  readonly statements: readonly Sql[];
  readonly decode: (results: readonly StatementResult[]) => T;
}

/** The answers to a tuple of queries. */
export type Answers<Q extends readonly Query<unknown>[]> = {
  -readonly [K in keyof Q]: Q[K] extends Query<infer T> ? T : never;
};

export const NO_ANSWER: StatementResult = { rows: [], isTable: false, affectedRows: 0 };

/** One statement. */
export function query<T>(statement: Sql, decode: (result: StatementResult) => T): Query<T> {
  return { statements: [statement], decode: ([result]) => decode(result ?? NO_ANSWER) };
}

export function rows<T>(statement: Sql, decode: (row: Row) => T): Query<T[]> {
  return query(statement, (result) => result.rows.map(decode));
}

/** The first row, or undefined. */
export function firstRow<T>(statement: Sql, decode: (row: Row) => T): Query<T | undefined> {
  return query(statement, ({ rows: [row] }) => (row === undefined ? undefined : decode(row)));
}

/** A statement whose answer is the number of rows it matched. */
export function execute(statement: Sql): Query<number> {
  return query(statement, (result) => result.affectedRows);
}

/** Several queries as one, in one packet: `assemble` gets their answers. */
export function combine<const Q extends readonly Query<unknown>[], T>(
  queries: Q,
  assemble: (...answers: Answers<Q>) => T,
): Query<T> {
  return {
    statements: queries.flatMap(({ statements }) => statements),
    decode: (results) => assemble(...decodeAll(queries, results)),
  };
}

/**
 * Gives each query the answers to its own statements.
 * Throws BdError unavailable ANSWER_INVALID when the server answered fewer or more.
 */
export function decodeAll<const Q extends readonly Query<unknown>[]>(
  queries: Q,
  results: readonly StatementResult[],
): Answers<Q> {
  const expected = queries.reduce((sum, { statements }) => sum + statements.length, 0);
  if (results.length !== expected) throw answersMismatch(expected, results.length);
  let start = 0;
  const answers = queries.map(({ statements, decode }) => {
    const own = results.slice(start, start + statements.length);
    start += statements.length;
    return decode(own);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each answer was decoded by the query at its own place, which is what Answers<Q> says
  return answers as Answers<Q>;
}

export function answersMismatch(statements: number, answers: number): BdError {
  return answerInvalid(`${statements} statements got ${answers} answers`);
}

/** No server that speaks the protocol does that. */
export function answerInvalid(what: string): BdError {
  return new BdError(
    "unavailable",
    "ANSWER_INVALID",
    `what answers is no Dolt server, or something on the way changes its words: ${what}`,
    { hint: command`bd dolt show` },
  );
}

export function text(row: Row, column: string): string {
  const value = row[column];
  return value === null || value === undefined ? "" : String(value);
}

export function number(row: Row, column: string): number {
  const value = Number(row[column] ?? 0);
  return Number.isNaN(value) ? 0 : value;
}

/** A list that the server gives as JSON; empty where there is none. */
export function jsonList(row: Row, column: string): unknown[] {
  const json = jsonText(text(row, column));
  const value: unknown = json === "" ? [] : JSON.parse(json);
  if (!Array.isArray(value)) throw new Error(`the server gave no list as ${column}`);
  return value;
}
