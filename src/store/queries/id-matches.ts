import { LARGEST_NUMBER } from "../../core/issue/issue-id.ts";
import type { IdPatterns } from "../../core/issue/partial-id.ts";
import { combine, number, type Query, query, rows, text } from "../query.ts";
import { join, raw, type Sql, sql } from "../sql.ts";
import { idListOf, idListOfEach } from "./id-list.ts";
import type { Selection } from "./selection.ts";
import { selected, selectIds } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** Puts the project's prefix into a variable, for statements of the same packet that need it. */
export const choosePrefix: Query<void> = query(
  sql`SET @prefix = COALESCE((SELECT value FROM config WHERE \`key\` = 'issue_prefix'), '')`,
  () => {},
);

/**
 * The ids that the inputs spell out, as they stand or behind the project's prefix, chosen by the server, so that whole
 * ids need no round trip of their own. `name` tells several selections of one packet apart.
 */
export function selectExactIds(tables: TableFamily, inputs: readonly string[], name = "exact"): Selection {
  const variable = raw(`@${tables.name}_${name}_ids`);
  const ids = inputs.flatMap((input) => [sql`${input}`, sql`CONCAT(@prefix, '-', ${input})`]);
  const chosen = { variable, tables };
  // "bd-a1b2" and "a1b2" may stand side by side; joined twice, an issue would have all its parts twice.
  const once = sql`SET ${variable} = ${idListOf(sql`SELECT DISTINCT v.id FROM ${selected(chosen)}`)}`;
  const statements = [
    ...choosePrefix.statements,
    sql`SET ${variable} = ${idListOfEach(ids)}`,
    ...(inputs.length > 1 ? [once] : []),
  ];
  return { ...chosen, choose: { statements, decode: () => {} } };
}

/** Which ids of a selection there are. */
export function existingIds(selection: Pick<Selection, "variable" | "tables">): Query<string[]> {
  return rows(sql`SELECT i.id FROM ${selected(selection)} JOIN ${selection.tables.issues} i ON i.id = v.id`, (row) =>
    text(row, "id"),
  );
}

/** All ids that an input may abbreviate: whoever decides on a part of them could take the wrong issue. */
export function idsLike(tables: TableFamily, { like, behind }: IdPatterns): Query<string[]> {
  const narrower = behind.map((prefix) => sql` AND (i.id LIKE ${prefix.like} OR i.id NOT LIKE ${prefix.under})`);
  return rows(sql`SELECT i.id FROM ${tables.issues} i WHERE i.id LIKE ${like}${join(narrower, "")}`, (row) =>
    text(row, "id"),
  );
}

/** Which of these ids issues or wisps have: they share one space of names. */
export function takenIds(ids: readonly string[]): Query<string[]> {
  return takenOf(ids.map((id) => sql`${id}`));
}

/** Which of these ids wisps have. */
export function takenWispIds(ids: readonly string[]): Query<string[]> {
  const selection = selectIds(WISP_TABLES, ids, "taken");
  return combine([selection.choose, existingIds(selection)], (_chosen, found) => found);
}

/** Which of the ids `<prefix>-<suffix>` are taken. Needs `choosePrefix` earlier in the packet. */
export function takenSuffixes(suffixes: readonly string[]): Query<string[]> {
  return takenOf(suffixes.map((suffix) => sql`CONCAT(@prefix, '-', ${suffix})`));
}

function takenOf(ids: readonly Sql[]): Query<string[]> {
  if (ids.length === 0) return { statements: [], decode: () => [] };
  const variable = raw("@candidate_ids");
  const choose = query(sql`SET ${variable} = ${idListOfEach(ids)}`, () => {});
  const takenIn = (tables: TableFamily) => existingIds({ variable, tables });
  return combine([choose, takenIn(ISSUE_TABLES), takenIn(WISP_TABLES)], (_set, issues, wisps) => [...issues, ...wisps]);
}

/** How many top-level ids carry the prefix: what the length of the next id depends on. Needs `choosePrefix` too. */
export const topLevelIdCount: Query<number> = query(
  sql`SELECT COUNT(*) AS n FROM issues i WHERE i.id >= CONCAT(@prefix, '-') AND i.id < CONCAT(@prefix, '.') AND LOCATE('.', i.id) = 0`,
  ({ rows: [row] }) => Number(row?.["n"] ?? 0),
);

/**
 * The last number given to an id, of a project that numbers its issues. Needs `choosePrefix` too. Larger ones than the
 * column holds, such as dates, are no numbers that were counted. The table is searched only where the counter has no row
 * yet, or its next number is taken.
 */
export const lastNumber: Query<number> = combine(
  [
    query(sql`SET @last_number = (SELECT c.last_id FROM issue_counter c WHERE c.prefix = @prefix)`, () => {}),
    query(
      sql`SELECT IF(@last_number IS NOT NULL AND ${isFree(ISSUE_TABLES)} AND ${isFree(WISP_TABLES)}, @last_number,
        GREATEST(COALESCE(@last_number, 0), ${largestNumber(ISSUE_TABLES)}, ${largestNumber(WISP_TABLES)})) AS n`,
      ({ rows: [row] }) => number(row ?? {}, "n"),
    ),
  ],
  (_counter, last) => last,
);

function isFree({ issues }: TableFamily): Sql {
  return sql`NOT EXISTS (SELECT 1 FROM ${issues} i WHERE i.id = CONCAT(@prefix, '-', @last_number + 1))`;
}

function largestNumber({ issues }: TableFamily): Sql {
  const suffix = raw("CAST(SUBSTRING(i.id, CHAR_LENGTH(@prefix) + 2) AS UNSIGNED)");
  return sql`(SELECT COALESCE(MAX(${suffix}), 0) FROM ${issues} i
    WHERE i.id > CONCAT(@prefix, '-') AND i.id < CONCAT(@prefix, '.') AND i.id = CONCAT(@prefix, '-', ${suffix})
      AND ${suffix} < ${LARGEST_NUMBER})`;
}
