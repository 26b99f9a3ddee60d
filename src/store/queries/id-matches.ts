import { combine, type Query, query, rows, text } from "../query.ts";
import { join, raw, sql } from "../sql.ts";
import type { Selection } from "./selection.ts";
import { selected } from "./selection.ts";
import type { TableFamily } from "./tables.ts";

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
  const once = sql`SET ${variable} = (SELECT JSON_ARRAYAGG(u.id) FROM (SELECT DISTINCT v.id FROM ${selected(chosen)}) u)`;
  const statements = [
    ...choosePrefix.statements,
    sql`SET ${variable} = JSON_ARRAY(${join(ids, ", ")})`,
    ...(inputs.length > 1 ? [once] : []),
  ];
  return { ...chosen, choose: { statements, decode: () => {} } };
}

/** Which ids of a selection there are. */
export function existingIds(selection: Selection): Query<string[]> {
  return rows(sql`SELECT i.id FROM ${selected(selection)} JOIN ${selection.tables.issues} i ON i.id = v.id`, (row) =>
    text(row, "id"),
  );
}

/** Enough to name an ambiguity; nobody reads more. */
const MAX_MATCHES = 200;

/** The ids that hold a part, for inputs that no id spells out. The pattern is a LIKE pattern. */
export function idsLike(tables: TableFamily, pattern: string): Query<string[]> {
  return rows(
    sql`SELECT i.id FROM ${tables.issues} i WHERE i.id LIKE ${pattern} ORDER BY i.id LIMIT ${MAX_MATCHES}`,
    (row) => text(row, "id"),
  );
}

/** Which of the ids `<prefix>-<suffix>` are taken. Needs `choosePrefix` earlier in the packet. */
export function takenSuffixes(suffixes: readonly string[]): Query<string[]> {
  const ids = join(
    suffixes.map((suffix) => sql`CONCAT(@prefix, '-', ${suffix})`),
    ", ",
  );
  const variable = raw("@candidate_ids");
  return combine(
    [
      query(sql`SET ${variable} = JSON_ARRAY(${ids})`, () => {}),
      rows(
        sql`SELECT i.id FROM JSON_TABLE(${variable}, '$[*]' COLUMNS (id VARCHAR(255) PATH '$')) v JOIN issues i ON i.id = v.id`,
        (row) => text(row, "id"),
      ),
    ],
    (_set, taken) => taken,
  );
}

/** How many top-level ids carry the prefix: what the length of the next id depends on. Needs `choosePrefix` too. */
export const topLevelIdCount: Query<number> = query(
  sql`SELECT COUNT(*) AS n FROM issues i WHERE i.id >= CONCAT(@prefix, '-') AND i.id < CONCAT(@prefix, '.') AND LOCATE('.', i.id) = 0`,
  ({ rows: [row] }) => Number(row?.["n"] ?? 0),
);
