import type { IssueFilter, IssueOrder, SortField } from "../../core/issue-filter.ts";
import { combine, number, type Query, query, rows, text } from "../query.ts";
import { join, raw, type Sql, sql } from "../sql.ts";
import { filterConditions, filterPreparation } from "./issue-filter.ts";
import type { TableFamily } from "./tables.ts";

/**
 * Ids in a user variable of the connection: the first statement of a packet chooses them, the others join them, so a
 * whole list takes one round trip. `COALESCE` matters: JSON_TABLE over NULL takes the server's session down.
 */
export interface Selection {
  readonly variable: Sql;
  readonly choose: Query<void>;
  readonly tables: TableFamily;
}

interface SelectionOptions {
  readonly filter: IssueFilter;
  readonly order: IssueOrder;
  /** 0 for all. */
  readonly limit: number;
}

/** A selection by a filter, which may find more than it chooses. */
export interface FilteredSelection extends Selection {
  /** How many the filter finds, whatever the limit. Must stand behind `choose` in the packet. */
  readonly total: Query<number>;
}

/** The ids that a filter finds, in order. */
export function selectIssues(tables: TableFamily, { filter, order, limit }: SelectionOptions): FilteredSelection {
  const variable = raw(`@${tables.name}_ids`);
  const take = limit > 0 ? sql`LIMIT ${limit}` : raw("");
  const conditions = filterConditions(filter, tables);
  const chosen = sql`SELECT i.id FROM ${tables.issues} i WHERE ${conditions} ORDER BY ${orderBy(order)} ${take}`;
  const length = sql`JSON_LENGTH(${variable})`;
  // IF is lazy: only a list that the limit may have cut is counted.
  const counted = sql`IF(${length} < ${limit}, ${length}, (SELECT COUNT(*) FROM ${tables.issues} i WHERE ${conditions}))`;
  return {
    variable,
    tables,
    total: query(sql`SELECT ${limit > 0 ? counted : length} AS n`, ({ rows: [row] }) => number(row ?? {}, "n")),
    choose: {
      statements: [
        ...filterPreparation(filter),
        sql`SET ${variable} = (SELECT COALESCE(JSON_ARRAYAGG(c.id), '[]') FROM (${chosen}) c)`,
      ],
      decode: () => {},
    },
  };
}

/** Ids that are known already. `name` tells several selections of one packet apart. */
export function selectIds(tables: TableFamily, ids: readonly string[], name = "given"): Selection {
  const variable = raw(`@${tables.name}_${name}_ids`);
  return { variable, tables, choose: query(sql`SET ${variable} = ${JSON.stringify(ids)}`, () => {}) };
}

/** The ids that a selection chooses, in its order. */
export function selectedIds(selection: Selection): Query<string[]> {
  const ids = rows(sql`SELECT v.id FROM ${selected(selection)} ORDER BY v.place`, (row) => text(row, "id"));
  return combine([selection.choose, ids], (_chosen, found) => found);
}

/** The chosen ids as a table `v(id, place)`, to be joined; `place` counts from 1 in the order of the choice. */
export function selected({ variable }: Pick<Selection, "variable">): Sql {
  return sql`JSON_TABLE(${variable}, '$[*]' COLUMNS (place FOR ORDINALITY, id VARCHAR(255) PATH '$')) v`;
}

const COLUMNS: Readonly<Record<SortField, readonly (readonly [column: string, descending: boolean])[]>> = {
  priority: [
    ["priority", false],
    ["created_at", true],
  ],
  created: [["created_at", true]],
  updated: [["updated_at", true]],
  closed: [["closed_at", true]],
  status: [
    ["status", false],
    ["priority", false],
    ["created_at", true],
  ],
  id: [],
  title: [["title", false]],
  type: [
    ["issue_type", false],
    ["priority", false],
    ["created_at", true],
  ],
  assignee: [
    ["assignee", false],
    ["priority", false],
    ["created_at", true],
  ],
};

function orderBy({ field, reverse }: IssueOrder): Sql {
  const columns = [...COLUMNS[field], ["id", false] as const];
  return join(
    columns.map(([column, descending]) => raw(`i.\`${column}\` ${descending !== reverse ? "DESC" : "ASC"}`)),
    ", ",
  );
}
