import type { PrefixChange } from "../../core/issue/renamed-prefix.ts";
import { combine, execute, number, type Query, rows, text } from "../query.ts";
import { identifier, join, type Sql, sql } from "../sql.ts";
import { issueColumns } from "./move-issue.ts";

/** Texts that may mention issues, and the time that belongs to them. */
interface Mentioning {
  readonly fields: readonly string[];
  readonly time: string;
}

const ISSUE_TEXTS: Mentioning = {
  fields: ["title", "description", "design", "acceptance_criteria", "notes", "close_reason"],
  time: "updated_at",
};
const COMMENT_TEXTS: Mentioning = { fields: ["text"], time: "created_at" };

export interface TextsOf {
  readonly id: string;
  readonly texts: Readonly<Record<string, string>>;
  /** When it was changed or, of a comment, made; wire time. */
  readonly at: string;
}

export interface RenameFacts {
  readonly issues: readonly string[];
  readonly wisps: readonly string[];
  /** Ids that the new ones would run into. */
  readonly taken: readonly string[];
  /** The numbers given to children, by the parent, of both prefixes. */
  readonly counters: ReadonlyMap<string, number>;
  /** The columns of the table `issues`. */
  readonly columns: readonly string[];
  readonly issueTexts: readonly TextsOf[];
  readonly wispTexts: readonly TextsOf[];
  readonly commentTexts: readonly TextsOf[];
  readonly wispCommentTexts: readonly TextsOf[];
}

/** Columns that hold ids of issues, of wisps too; those of `issues` and `wisps` themselves apart. */
type IdColumns = Readonly<Record<string, readonly string[]>>;

export function renameFacts(change: PrefixChange): Query<RenameFacts> {
  const ids = (table: string) =>
    rows(sql`SELECT id FROM ${identifier(table)} WHERE ${hasPrefix("id", change)}`, (row) => text(row, "id"));
  const { from, to, joint } = change;
  const taken = (table: string) =>
    rows(sql`SELECT id FROM ${identifier(table)} WHERE ${isOf("id", to, joint)}`, (row) => text(row, "id"));
  const counters = rows(
    sql`SELECT parent_id, last_child FROM child_counters
      WHERE ${isOf("parent_id", to, joint)} OR ${isOf("parent_id", from, joint)}`,
    (row) => [text(row, "parent_id"), number(row, "last_child")] as const,
  );
  return combine(
    [
      ids("issues"),
      ids("wisps"),
      taken("issues"),
      taken("wisps"),
      counters,
      issueColumns,
      mentioning("issues", ISSUE_TEXTS, change),
      mentioning("wisps", ISSUE_TEXTS, change),
      mentioning("comments", COMMENT_TEXTS, change),
      mentioning("wisp_comments", COMMENT_TEXTS, change),
    ],
    (
      issues,
      wisps,
      takenIssues,
      takenWisps,
      numbers,
      names,
      issueTexts,
      wispTexts,
      commentTexts,
      wispCommentTexts,
    ) => ({
      issues,
      wisps,
      taken: [...takenIssues, ...takenWisps],
      counters: new Map(numbers),
      columns: names,
      issueTexts,
      wispTexts,
      commentTexts,
      wispCommentTexts,
    }),
  );
}

function mentioning(table: string, { fields, time }: Mentioning, { from, joint }: PrefixChange): Query<TextsOf[]> {
  const names = join(
    fields.map((field) => identifier(field)),
    ", ",
  );
  return rows(
    sql`SELECT id, ${names}, DATE_FORMAT(${identifier(time)}, '%Y-%m-%dT%H:%i:%sZ') AS time
      FROM ${identifier(table)} WHERE LOCATE(${joint === "-" ? `${from}-` : from}, CONCAT_WS(' ', ${names})) > 0`,
    (row) => ({
      id: text(row, "id"),
      texts: Object.fromEntries(fields.map((field) => [field, text(row, field)])),
      at: text(row, "time"),
    }),
  );
}

/**
 * New rows for the issues, and everything that names one of the old to them; the old rows are to be deleted then: what hangs
 * on an issue could not stay for a moment without it.
 */
export function renameIssues(change: PrefixChange, columns: readonly string[], idColumns: IdColumns): Query<number>[] {
  const own = new Set(idColumns["issues"]);
  const values = columns.map((column) => (own.has(column) ? renamed(column, change) : identifier(column)));
  const names = columns.map((column) => identifier(column));
  return [
    execute(
      sql`INSERT INTO issues (${join(names, ", ")}) SELECT ${join(values, ", ")} FROM issues
        WHERE ${hasPrefix("id", change)}`,
    ),
    ...Object.entries(idColumns).flatMap(([table, owned]) =>
      owned.filter((column) => table !== "issues" || column !== "id").map((column) => renameIn(table, column, change)),
    ),
  ];
}

/** A counter that an issue left behind whose id another one gets: numbers that were given away stay so. */
export function joinCounters(moving: string, left: string, largest: number): Query<number>[] {
  return [
    execute(sql`DELETE FROM child_counters WHERE parent_id = ${left}`),
    execute(sql`UPDATE child_counters SET last_child = ${largest} WHERE parent_id = ${moving}`),
  ];
}

/** Nothing holds wisps to what belongs to them. */
export function renameWisps(change: PrefixChange): Query<number>[] {
  const columns = [
    ["wisps", "id"],
    ["wisp_labels", "issue_id"],
    ["wisp_dependencies", "issue_id"],
    ["wisp_dependencies", "depends_on_id"],
    ["wisp_comments", "issue_id"],
    ["wisp_events", "issue_id"],
  ] as const;
  return columns.map(([table, column]) => renameIn(table, column, change));
}

/** The counter of a project that numbers its issues goes along; the next number lies behind all that there are, anyway. */
export function renameCounter({ from, to }: PrefixChange): Query<number>[] {
  return [
    execute(sql`DELETE FROM issue_counter WHERE prefix = ${to}`),
    execute(sql`UPDATE issue_counter SET prefix = ${to} WHERE prefix = ${from}`),
  ];
}

export function saveCommentText(table: "comments" | "wisp_comments", id: string, said: string): Query<number> {
  return execute(sql`UPDATE ${identifier(table)} SET text = ${said} WHERE id = ${id}`);
}

function renameIn(table: string, column: string, change: PrefixChange): Query<number> {
  const name = identifier(column);
  return execute(
    sql`UPDATE ${identifier(table)} SET ${name} = ${renamed(column, change)} WHERE ${hasPrefix(column, change)}`,
  );
}

function renamed(column: string, change: PrefixChange): Sql {
  const name = identifier(column);
  const { from, to } = change;
  return sql`CASE WHEN ${hasPrefix(column, change)} THEN CONCAT(${to}, SUBSTRING(${name}, CHAR_LENGTH(${from}) + 1)) ELSE ${name} END`;
}

function hasPrefix(column: string, { from, joint, others }: PrefixChange): Sql {
  const foreign = others.map((other) => sql`NOT ${begins(column, `${other}-`)}`);
  return join([isOf(column, from, joint), ...foreign], " AND ");
}

function isOf(column: string, beginning: string, joint: PrefixChange["joint"]): Sql {
  const below = begins(column, `${beginning}${joint}`);
  return joint === "-" ? below : sql`(${identifier(column)} = ${beginning} OR ${below})`;
}

function begins(column: string, beginning: string): Sql {
  return sql`LEFT(${identifier(column)}, CHAR_LENGTH(${beginning})) = ${beginning}`;
}
