import type { IssueFilter } from "../../core/issue/issue-filter.ts";
import { DEFAULT_INFRA_TYPES } from "../../core/issue/issue-type.ts";
import { SEARCHED_FIELDS } from "../../core/issue/search-excerpt.ts";
import { fromWireTime } from "../../core/time/wire-time.ts";
import type { Query } from "../query.ts";
import { join, list, raw, type Sql, type SqlValue, sql } from "../sql.ts";
import type { TableFamily } from "./tables.ts";

/** The only file that turns an IssueFilter into SQL. Conditions are on the alias `i`. */
export function filterConditions(filter: IssueFilter, tables: TableFamily): Sql {
  const conditions = [
    ...fieldConditions(filter),
    ...textConditions(filter),
    ...wordConditions(filter, tables),
    ...timeConditions(filter),
    ...labelConditions(filter, tables),
    ...hierarchyConditions(filter, tables),
    ...metadataConditions(filter),
  ];
  return conditions.length === 0 ? sql`TRUE` : join(conditions, " AND ");
}

/**
 * What must be known before the conditions: settings of the database go into variables first, because a subquery in
 * WHERE makes the list several times slower. Few projects have such settings, and without them the conditions are plain
 * lists: LOCATE and FIND_IN_SET for every row double the time of a list.
 */
export function filterPreparation(filter: IssueFilter): Sql[] {
  const statements: Sql[] = [];
  if (filter.hideFinished) {
    statements.push(
      // GROUP_CONCAT would end after 1,024 characters.
      sql`SET @finished = (SELECT IF(COUNT(*) = 0, '', CAST(JSON_ARRAYAGG(name) AS CHAR)) FROM custom_statuses WHERE category IN ('done', 'frozen'))`,
    );
  }
  if (filter.hideInfra) {
    // The Go program takes spaces between the names.
    statements.push(
      sql`SET @infra = (SELECT NULLIF(REPLACE(value, ' ', ''), '') FROM config WHERE \`key\` = 'types.infra')`,
    );
  }
  return statements;
}

/** A query whose statements use `filterConditions`, with what must stand before them. */
export function prepared<T>(filter: IssueFilter, { statements, decode }: Query<T>): Query<T> {
  const preparation = filterPreparation(filter);
  return {
    statements: [...preparation, ...statements],
    decode: (results) => decode(results.slice(preparation.length)),
  };
}

type Condition = Sql | undefined;

function given(conditions: readonly Condition[]): Sql[] {
  return conditions.filter((condition) => condition !== undefined);
}

function oneOf(column: Sql, values: readonly SqlValue[] | undefined): Condition {
  if (values === undefined) return undefined;
  const [only] = values;
  return values.length === 1 && only !== undefined ? sql`${column} = ${only}` : sql`${column} IN ${list(values)}`;
}

/** A list, which Dolt looks up at once, where each inequality costs a list a tenth of its time. */
function noneOf(column: Sql, values: readonly SqlValue[]): Condition {
  return values.length === 0 ? undefined : sql`${column} NOT IN ${list(values)}`;
}

const NOT_FINISHED = raw(
  "i.status NOT IN ('closed', 'pinned') AND (@finished = '' OR LOCATE(CONCAT('\"', i.status, '\"'), @finished) = 0)",
);

const NOT_INFRA = sql`NOT IF(@infra IS NULL, i.issue_type IN ${list(DEFAULT_INFRA_TYPES)}, FIND_IN_SET(i.issue_type, @infra) > 0)`;

function when(condition: boolean | undefined, text: string): Condition {
  return condition ? raw(text) : undefined;
}

function flag(column: Sql, wanted: boolean | undefined): Condition {
  if (wanted === undefined) return undefined;
  return wanted ? sql`${column} = 1` : sql`(${column} = 0 OR ${column} IS NULL)`;
}

function fieldConditions(filter: IssueFilter): Sql[] {
  const { notTypes = [], priorityMin, priorityMax, assignee, freeFor, molType, wispType } = filter;
  return given([
    oneOf(sql`i.id`, filter.ids),
    oneOf(sql`i.status`, filter.statuses),
    filter.hideFinished ? NOT_FINISHED : undefined,
    when(filter.hideClosed, "i.status <> 'closed'"),
    filter.hideInfra ? NOT_INFRA : undefined,
    oneOf(sql`i.priority`, filter.priorities),
    priorityMin === undefined ? undefined : sql`i.priority >= ${priorityMin}`,
    priorityMax === undefined ? undefined : sql`i.priority <= ${priorityMax}`,
    oneOf(sql`i.issue_type`, filter.types),
    noneOf(sql`i.issue_type`, notTypes),
    assignee === undefined ? undefined : sql`i.assignee = ${assignee}`,
    freeFor === undefined ? undefined : sql`(i.assignee IS NULL OR i.assignee IN ('', ${freeFor}))`,
    when(filter.unassigned, "(i.assignee IS NULL OR i.assignee = '')"),
    flag(sql`i.pinned`, filter.pinned),
    flag(sql`i.is_template`, filter.template),
    flag(sql`i.ephemeral`, filter.ephemeral),
    molType === undefined ? undefined : sql`i.mol_type = ${molType}`,
    wispType === undefined ? undefined : sql`i.wisp_type = ${wispType}`,
  ]);
}

function textConditions(filter: IssueFilter): Sql[] {
  const { title, specPrefix } = filter;
  return given([
    containsAsked(sql`i.title`, title),
    containsAsked(sql`i.title`, filter.titleContains),
    containsAsked(sql`i.description`, filter.descriptionContains),
    containsAsked(sql`i.notes`, filter.notesContains),
    containsAsked(sql`i.external_ref`, filter.externalContains),
    specPrefix === undefined ? undefined : sql`i.spec_id LIKE ${`${escapeLike(specPrefix)}%`}`,
    when(filter.emptyDescription, "i.description = ''"),
  ]);
}

/**
 * Case does not matter to people who search; the tables' collation is binary. The server lowers both sides: some letters
 * it lowers in another way than JavaScript.
 */
export function contains(text: Sql, part: string): Sql {
  return sql`LOWER(${text}) LIKE LOWER(${`%${escapeLike(part)}%`})`;
}

/** The texts that a search looks into, as one: Dolt takes as long for each condition. */
const SEARCHED = sql`CONCAT_WS('\n', ${raw(SEARCHED_FIELDS.map((field) => `i.\`${field}\``).join(", "))})`;

function wordConditions({ words = [] }: IssueFilter, { comments }: TableFamily): Sql[] {
  return words.map((word) => {
    const said = sql`i.id IN (SELECT c.issue_id FROM ${comments} c WHERE ${contains(sql`c.text`, word)})`;
    return sql`(${contains(SEARCHED, word)} OR ${said})`;
  });
}

function containsAsked(column: Sql, part: string | undefined): Condition {
  return part === undefined ? undefined : contains(column, part);
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

function timeConditions(filter: IssueFilter): Sql[] {
  const after = (column: Sql, time: string | undefined) =>
    time === undefined ? undefined : sql`${column} > ${fromWireTime(time)}`;
  const before = (column: Sql, time: string | undefined) =>
    time === undefined ? undefined : sql`${column} < ${fromWireTime(time)}`;
  const { overdueAt, awakeAt } = filter;
  return given([
    after(sql`i.created_at`, filter.createdAfter),
    before(sql`i.created_at`, filter.createdBefore),
    after(sql`i.updated_at`, filter.updatedAfter),
    before(sql`i.updated_at`, filter.updatedBefore),
    after(sql`i.closed_at`, filter.closedAfter),
    before(sql`i.closed_at`, filter.closedBefore),
    after(sql`i.due_at`, filter.dueAfter),
    before(sql`i.due_at`, filter.dueBefore),
    after(sql`i.defer_until`, filter.deferAfter),
    before(sql`i.defer_until`, filter.deferBefore),
    awakeAt === undefined
      ? undefined
      : // What most issues are comes first: to compare a time takes Dolt longer than all the rest.
        sql`(i.defer_until IS NULL AND i.status NOT IN ('deferred') OR i.defer_until <= ${fromWireTime(awakeAt)})`,
    overdueAt === undefined ? undefined : sql`i.due_at < ${fromWireTime(overdueAt)} AND i.status <> 'closed'`,
    when(filter.deferred, "(i.status = 'deferred' OR i.defer_until IS NOT NULL)"),
  ]);
}

function labelConditions(filter: IssueFilter, { labels }: TableFamily): Sql[] {
  const has = (condition: Sql) => sql`i.id IN (SELECT l.issue_id FROM ${labels} l WHERE ${condition})`;
  const { anyLabel, notLabels, labelPattern, labelRegex } = filter;
  return given([
    ...(filter.labels ?? []).map((label) => has(sql`l.label = ${label}`)),
    anyLabel === undefined || anyLabel.length === 0 ? undefined : has(sql`l.label IN ${list(anyLabel)}`),
    notLabels === undefined || notLabels.length === 0 ? undefined : sql`NOT ${has(sql`l.label IN ${list(notLabels)}`)}`,
    filter.unlabelled ? sql`i.id NOT IN (SELECT l.issue_id FROM ${labels} l)` : undefined,
    labelPattern === undefined ? undefined : has(sql`l.label LIKE ${globToLike(labelPattern)}`),
    labelRegex === undefined ? undefined : has(sql`l.label REGEXP ${labelRegex}`),
  ]);
}

/** `*` and `?` as LIKE writes them. */
function globToLike(pattern: string): string {
  return escapeLike(pattern).replaceAll("*", "%").replaceAll("?", "_");
}

function hierarchyConditions(filter: IssueFilter, { dependencies }: TableFamily): Sql[] {
  const children = (condition: Sql) =>
    sql`SELECT d.issue_id FROM ${dependencies} d WHERE d.type = 'parent-child' AND ${condition}`;
  const { parent } = filter;
  return given([
    parent === undefined
      ? undefined
      : sql`(i.id IN (${children(sql`d.depends_on_id = ${parent}`)})
          OR (i.id LIKE ${`${escapeLike(parent)}.%`} AND i.id NOT IN (${children(sql`TRUE`)})))`,
    filter.noParent ? sql`i.id NOT IN (${children(sql`TRUE`)})` : undefined,
  ]);
}

/** A key that is there is looked for among the keys: a path reads some of them as wildcards. */
function metadataConditions({ metadata = {}, metadataKey }: IssueFilter): Sql[] {
  const fields = Object.entries(metadata).map(
    ([key, value]) => sql`JSON_UNQUOTE(JSON_EXTRACT(i.metadata, ${`$.${JSON.stringify(key)}`})) = ${value}`,
  );
  if (metadataKey === undefined) return fields;
  return [...fields, sql`JSON_CONTAINS(JSON_KEYS(i.metadata), ${JSON.stringify(metadataKey)})`];
}
