import type { IssueFilter, IssueOrder, SortField } from "../../core/issue/issue-filter.ts";
import { combine, number, type Query, query, type Row, rows } from "../query.ts";
import { NOTHING, raw, type Sql, sql } from "../sql.ts";
import { idListFrom, idListOf, idsOfList, idTable } from "./id-list.ts";
import { filterConditions, filterPreparation } from "./issue-filter.ts";
import { bornIssues, TIES } from "./rank.ts";
import type { TableFamily } from "./tables.ts";

/**
 * Ids in a user variable of the connection: the first statement of a packet chooses them, the others join them, so a
 * whole list takes one round trip.
 */
export interface Selection {
  readonly variable: Sql;
  readonly choose: Query<void>;
  readonly tables: TableFamily;
  /** Of a selection without a limit. */
  readonly unlimited?: Unlimited;
}

/** What an unlimited selection knows beside its ids; set by `choose`. */
export interface Unlimited {
  /** A variable that says whether the ids are so many that reading tables whole takes less time than joining them. */
  readonly many: Sql;
  /** A variable with the ids where they are few, else with none. */
  readonly few: Sql;
  /** The filter, on the alias `i`. */
  readonly conditions: Sql;
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

/** The ids that a filter finds, in order: all of them in one go, because counting them apart takes as long again. */
export function selectIssues(tables: TableFamily, { filter, order, limit }: SelectionOptions): FilteredSelection {
  const variable = raw(`@${tables.name}_ids`);
  const found = raw(`@${tables.name}_found`);
  const conditions = filterConditions(filter, tables);
  const ordered = orderedIds(tables, conditions, order);
  const first = sql`SELECT v.id FROM ${selected({ variable: found })} LIMIT ${limit}`;
  const unlimited = { many: raw(`@${tables.name}_many`), few: raw(`@${tables.name}_few`), conditions };
  return {
    variable,
    tables,
    ...(limit > 0 ? {} : { unlimited }),
    total: query(sql`SELECT JSON_LENGTH(${found}) AS n`, ({ rows: [row] }) => number(row ?? {}, "n")),
    choose: {
      statements: [
        ...filterPreparation(filter),
        sql`SET ${found} = ${idListOf(ordered)}`,
        sql`SET ${variable} = ${limit > 0 ? idListOf(first) : found}`,
        ...(limit > 0 ? [] : compareWithTable(variable, tables, unlimited)),
      ],
      decode: () => {},
    },
  };
}

/** To join an id takes some five times as long as to read a row of its table. */
function compareWithTable(variable: Sql, { issues }: TableFamily, { many, few }: Unlimited): Sql[] {
  return [
    sql`SET ${many} = JSON_LENGTH(${variable}) * 5 > (SELECT COUNT(*) FROM ${issues})`,
    sql`SET ${few} = IF(${many}, '[]', ${variable})`,
  ];
}

/** Ids that are known already. `name` tells several selections of one packet apart. */
export function selectIds(tables: TableFamily, ids: readonly string[], name = "given"): Selection {
  const variable = raw(`@${tables.name}_${name}_ids`);
  return { variable, tables, choose: query(sql`SET ${variable} = ${idListFrom(ids)}`, () => {}) };
}

/** The same ids, looked for in other tables. The selection must have been chosen before. */
export function sameIdsIn(tables: TableFamily, { variable }: Selection): Selection {
  return { variable, tables, choose: { statements: [], decode: () => {} } };
}

/** The ids that a selection chooses, in its order. */
export function selectedIds(selection: Selection): Query<string[]> {
  return combine([selection.choose, chosenIds(selection)], (_chosen, found) => found);
}

/** The same for a selection that has been chosen before. */
export function chosenIds({ variable }: Selection): Query<string[]> {
  return query(sql`SELECT ${variable} AS ids`, ({ rows: [row] }) => idsOfList(row ?? {}, "ids"));
}

/** The chosen ids as a table `v(id, place)`, to be joined; `place` counts from 1 in the order of the choice. */
export function selected({ variable }: Pick<Selection, "variable">): Sql {
  return idTable(variable);
}

interface JoinedRows {
  readonly columns: Sql;
  /** The table with its alias. */
  readonly from: Sql;
  /** Its column that holds the ids. */
  readonly id: Sql;
  readonly where?: Sql;
  /** GROUP BY and ORDER BY. */
  readonly ending?: Sql;
}

/**
 * The rows that belong to chosen ids. Those of an unlimited selection may come unordered between its two ways, and with
 * rows of other issues among them, for the caller to leave out. Of the two statements one finds nothing, at once.
 */
export function selectedRows<T>(selection: Selection, joined: JoinedRows, decode: (row: Row) => T): Query<T[]> {
  const { columns, from, id, where = sql`TRUE`, ending = NOTHING } = joined;
  const joining = (variable: Sql) =>
    rows(
      sql`SELECT ${columns} FROM ${selected({ variable })} JOIN ${from} ON ${id} = v.id WHERE ${where} ${ending}`,
      decode,
    );
  const { unlimited, variable } = selection;
  if (unlimited === undefined) return joining(variable);
  const scan = rows(sql`SELECT ${columns} FROM ${from} WHERE ${unlimited.many} AND ${where} ${ending}`, decode);
  return combine([joining(unlimited.few), scan], (few, many) => (few.length > 0 ? few : many));
}

/** What most lists come to: urgency, then age. */
const RANK = [
  ["priority", false],
  ["born", true],
] as const;

const COLUMNS: Readonly<Record<SortField, readonly (readonly [column: string, descending: boolean])[]>> = {
  priority: RANK,
  created: [["created_at", true]],
  updated: [["updated_at", true]],
  closed: [["closed_at", true]],
  status: [["status", false], ...RANK],
  id: [],
  title: [["title", false]],
  type: [["issue_type", false], ...RANK],
  assignee: [["assignee", false], ...RANK],
};

function orderedIds(tables: TableFamily, conditions: Sql, { field, reverse }: IssueOrder): Sql {
  const columns = COLUMNS[field];
  const terms = [
    ...columns.map(([column, descending]) => `i.${column} ${descending !== reverse ? "DESC" : "ASC"}`),
    ...TIES.map((tie) => `${tie} ${reverse ? "DESC" : "ASC"}`),
  ];
  const ranked = columns.some(([column]) => column === "born");
  const from = ranked ? bornIssues(tables, conditions) : sql`${tables.issues} i WHERE ${conditions}`;
  return sql`SELECT i.id FROM ${from} ORDER BY ${raw(terms.join(", "))}`;
}
