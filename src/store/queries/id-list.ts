import { jsonList, type Row } from "../query.ts";
import { join, raw, type Sql, sql } from "../sql.ts";

/*
 * Lists of ids that stay on the server, in a user variable: JSON that JSON_TABLE reads. Dolt leaves control characters raw
 * in the JSON that it prints and then can't read it, and ids of other programs may hold any: so ids stand there as HEX,
 * which costs nothing measurable (32 nested REPLACE took 4 ms a statement, most of it to be parsed).
 */

/** Longest id: 255 characters of four bytes, two digits each. */
const HEX_COLUMN = "VARCHAR(2040)";

/** The list of a statement's column `id`. Never NULL, over which JSON_TABLE takes the server's session down. */
export function idListOf(chosen: Sql): Sql {
  return sql`(SELECT COALESCE(JSON_ARRAYAGG(HEX(c.id)), '[]') FROM (${chosen}) c)`;
}

/** The list of some expressions. */
export function idListOfEach(ids: readonly Sql[]): Sql {
  return sql`JSON_ARRAY(${join(
    ids.map((id) => sql`HEX(${id})`),
    ", ",
  )})`;
}

/** The list of ids that are known here, as a parameter. */
export function idListFrom(ids: readonly string[]): string {
  return JSON.stringify(ids.map((id) => Buffer.from(id, "utf8").toString("hex")));
}

/** The ids of a list that was selected. */
export function idsOfList(row: Row, column: string): string[] {
  return jsonList(row, column).map((hex) => Buffer.from(String(hex), "hex").toString("utf8"));
}

/** A list as a table `v(place, id)`, to be joined; `place` counts from 1 in the order of the list. */
export function idTable(list: Sql): Sql {
  return sql`(SELECT h.place, CONVERT(UNHEX(h.hex) USING utf8mb4) AS id
    FROM JSON_TABLE(${list}, '$[*]' COLUMNS (place FOR ORDINALITY, hex ${raw(HEX_COLUMN)} PATH '$')) h) v`;
}
