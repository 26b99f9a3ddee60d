import { raw, type Sql, sql } from "../sql.ts";
import type { TableFamily } from "./tables.ts";

/*
 * The rank of issues in lists, as `core/ready/ready-order.ts` has it: children stand together where their family began, because
 * each has a time of its own, and the newest first would turn their order round.
 */

const TAIL = "SUBSTRING_INDEX(i.id, '-', -1)";

/** `familyOf` of `core/issue/id-order.ts`. */
const FAMILY = `LEFT(i.id, CHAR_LENGTH(i.id) - CHAR_LENGTH(${TAIL}) + CHAR_LENGTH(SUBSTRING_INDEX(${TAIL}, '.', 1)))`;
/** Whether there is a dot at all is asked first, because few ids have one and the tail takes twice as long. */
const IS_CHILD = raw(`(i.id LIKE '%.%' AND LOCATE('.', ${TAIL}) > 0)`);
const COLUMNS = raw("i.id, i.priority, i.status, i.issue_type, i.assignee, i.created_at");

/** Ties, on the alias `i`: families by id, in each children before what they belong to, the second before the tenth. */
export const TIES: readonly string[] = [
  FAMILY,
  "CHAR_LENGTH(REPLACE(i.id, '.', '')) - CHAR_LENGTH(i.id)",
  "CHAR_LENGTH(i.id)",
  "i.id",
];

/**
 * The issues that fit conditions on the alias `i`, as a table of that name, with `born`: when the family began. Two
 * statements, because to join all issues with their families takes six times as long as to find them.
 */
export function bornIssues({ issues }: TableFamily, conditions: Sql): Sql {
  return sql`(SELECT ${COLUMNS}, i.created_at AS born FROM ${issues} i WHERE NOT ${IS_CHILD} AND ${conditions}
    UNION ALL SELECT ${COLUMNS}, COALESCE(f.created_at, i.created_at) AS born FROM ${issues} i
    LEFT JOIN ${issues} f ON f.id = ${raw(FAMILY)} WHERE ${IS_CHILD} AND ${conditions}) i`;
}
