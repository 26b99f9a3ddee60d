import type { PrefixChange } from "../../core/issue/renamed-prefix.ts";
import { combine, execute, type Query, rows, text } from "../query.ts";
import { identifier, join, type Sql, sql } from "../sql.ts";

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
  const begun = `${change.to}-`;
  const taken = (table: string) =>
    rows(sql`SELECT id FROM ${identifier(table)} WHERE LEFT(id, CHAR_LENGTH(${begun})) = ${begun}`, (row) =>
      text(row, "id"),
    );
  const columns = rows(
    sql`SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'issues' ORDER BY ORDINAL_POSITION`,
    (row) => text(row, "name"),
  );
  return combine(
    [
      ids("issues"),
      ids("wisps"),
      taken("issues"),
      taken("wisps"),
      columns,
      mentioning("issues", ISSUE_TEXTS, change),
      mentioning("wisps", ISSUE_TEXTS, change),
      mentioning("comments", COMMENT_TEXTS, change),
      mentioning("wisp_comments", COMMENT_TEXTS, change),
    ],
    (issues, wisps, takenIssues, takenWisps, names, issueTexts, wispTexts, commentTexts, wispCommentTexts) => ({
      issues,
      wisps,
      taken: [...takenIssues, ...takenWisps],
      columns: names,
      issueTexts,
      wispTexts,
      commentTexts,
      wispCommentTexts,
    }),
  );
}

function mentioning(table: string, { fields, time }: Mentioning, { from }: PrefixChange): Query<TextsOf[]> {
  const names = join(
    fields.map((field) => identifier(field)),
    ", ",
  );
  return rows(
    sql`SELECT id, ${names}, DATE_FORMAT(${identifier(time)}, '%Y-%m-%dT%H:%i:%sZ') AS time
      FROM ${identifier(table)} WHERE LOCATE(${`${from}-`}, CONCAT_WS(' ', ${names})) > 0`,
    (row) => ({
      id: text(row, "id"),
      texts: Object.fromEntries(fields.map((field) => [field, text(row, field)])),
      at: text(row, "time"),
    }),
  );
}

/**
 * New rows for the issues, everything that names one of the old to them, and the old rows away: what hangs on an issue could
 * not stay for a moment without it.
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
      owned
        .filter((column) => table !== "issues" || column !== "id")
        .flatMap((column) => [
          ...(table === "child_counters" ? [leftCounters(change)] : []),
          renameIn(table, column, change),
        ]),
    ),
    execute(sql`DELETE FROM issues WHERE ${hasPrefix("id", change)}`),
  ];
}

/** What an undone change of the prefix left behind. */
function leftCounters(change: PrefixChange): Query<number> {
  return execute(
    sql`DELETE FROM child_counters WHERE parent_id IN (SELECT new_id FROM
      (SELECT ${renamed("parent_id", change)} AS new_id FROM child_counters WHERE ${hasPrefix("parent_id", change)}) AS moving)`,
  );
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

function hasPrefix(column: string, { from, others }: PrefixChange): Sql {
  const begins = (prefix: string) => sql`LEFT(${identifier(column)}, CHAR_LENGTH(${`${prefix}-`})) = ${`${prefix}-`}`;
  return join([begins(from), ...others.map((other) => sql`NOT ${begins(other)}`)], " AND ");
}
