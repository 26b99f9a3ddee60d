import type { RowChanges } from "../../core/changes/row-change.ts";
import { STATE_KEYS, STATE_TABLES, type StateTable } from "../../core/changes/state-tables.ts";
import { type Rows, rowKey, sameRow } from "../../core/merge/snapshot.ts";
import { type Row, rows } from "../query.ts";
import type { Reader } from "../session-types.ts";
import { identifier, join, type Sql, sql } from "../sql.ts";
import { type CommitPair, rowChange, type TableDifference } from "./table-changes.ts";

/** The rows of the state's tables that differ between two commits; `differences` says which tables do. */
export async function stateRows(
  reader: Reader,
  ends: CommitPair,
  differences: readonly TableDifference[],
): Promise<ReadonlyMap<StateTable, RowChanges>> {
  const readings = STATE_TABLES.flatMap((table) => readingOf(table, ends, differences));
  const answers = await inPages(
    reader,
    readings.flatMap(({ statements }) => statements),
  );
  return new Map(
    readings.map(({ table, statements, changes }) => [table, changes(answers.splice(0, statements.length))]),
  );
}

/** What to ask about a table, and what the answers say. */
interface Reading {
  readonly table: StateTable;
  readonly statements: readonly Sql[];
  readonly changes: (answers: readonly Row[][]) => RowChanges;
}

function readingOf(table: StateTable, ends: CommitPair, differences: readonly TableDifference[]): Reading[] {
  const own = differences.filter(({ before, after }) => before === table || after === table);
  if (own.length === 0) return [];
  return [own.some(({ hasOtherForm }) => hasOtherForm) ? wholeTables(table, ends, own) : differingRows(table, ends)];
}

function differingRows(table: StateTable, { from, to }: CommitPair): Reading {
  return {
    table,
    statements: [sql`SELECT * FROM DOLT_DIFF(${from}, ${to}, ${table})`],
    changes: ([found = []]) => new Map(found.map((row) => rowChange(row, STATE_KEYS[table]))),
  };
}

/** Dolt passes over rows that only the table's new form makes different, such as another name of a column. */
function wholeTables(table: StateTable, { from, to }: CommitPair, own: readonly TableDifference[]): Reading {
  const key = STATE_KEYS[table];
  const order = join(key.map(identifier), ", ");
  const at = (commit: string) => sql`SELECT * FROM ${identifier(table)} AS OF ${commit} ORDER BY ${order}`;
  const was = own.some(({ before }) => before === table);
  const is = own.some(({ after }) => after === table);
  return {
    table,
    statements: [...(was ? [at(from)] : []), ...(is ? [at(to)] : [])],
    changes: (answers) => {
      const found = answers.map((all): Rows => new Map(all.map((row) => [rowKey(row, key), row])));
      const [before, after] = [was ? found[0] : undefined, is ? found.at(-1) : undefined];
      const keys = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
      const pairs = [...keys].map((one) => [one, { before: before?.get(one), after: after?.get(one) }] as const);
      return new Map(pairs.filter(([, change]) => !sameRow(change.before, change.after)));
    },
  };
}

/** The most rows that one statement is answered with. */
const ROWS_PER_STATEMENT = 20_000;

/** All answers, the first part of each in one packet. The rows of commits stay as they are, and so does their order. */
async function inPages(reader: Reader, statements: readonly Sql[]): Promise<Row[][]> {
  const found = statements.map((statement) => ({ statement, rows: new Array<Row>() }));
  let open = found;
  while (open.length > 0) {
    const answers: Row[][] = await reader.all(
      open.map(({ statement, rows: { length } }) =>
        rows(sql`${statement} LIMIT ${ROWS_PER_STATEMENT} OFFSET ${length}`, (row) => row),
      ),
    );
    answers.forEach((answer, index) => open[index]?.rows.push(...answer));
    open = open.filter((_, index) => answers[index]?.length === ROWS_PER_STATEMENT);
  }
  return found.map((one) => one.rows);
}

/** The names of the tables that differ and are no part of the state. */
export function otherTables(differences: readonly TableDifference[]): string[] {
  const names = differences.flatMap(({ before, after }) => [before, after]);
  return [...new Set(names)].filter((name) => name !== "" && !Object.hasOwn(STATE_KEYS, name)).toSorted();
}
