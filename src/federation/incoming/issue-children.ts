import { combine, type Query, rows, text } from "../../store/query.ts";
import { identifier, join, list, type Sql, sql } from "../../store/sql.ts";
import { type Moves, movedIds } from "./issue-rows.ts";

/** What came to an issue and what went, as texts that tell them apart. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export const NO_DIFFERENCE: Difference = { added: [], removed: [] };

/** What tells the rows of one issue apart; an edited comment is another one. */
const COLUMNS = { labels: ["label"], comments: ["id", "text"], dependencies: ["depends_on_id", "type"] } as const;

export type ChildTable = keyof typeof COLUMNS;

/** What hangs on the issues and differs, by the id that the issue has now. */
export function childChanges(
  table: ChildTable,
  { from, to, moves }: { readonly from: string; readonly to: string; readonly moves: Moves },
): Query<Map<string, Difference>> {
  const ids = [...movedIds(moves)];
  const sides = ["from", "to"] as const;
  const [before, after] = sides.map((side) => differing(table, { from, to, side }));
  const whole = ids.length === 0 ? [] : [from, to].map((commit) => wholeOf(table, commit, ids));
  const none: Query<Child[]> = combine([], () => []);
  return combine(
    [before ?? none, after ?? none, whole[0] ?? none, whole[1] ?? none],
    (changedBefore, changedAfter, movedBefore, movedAfter) => {
      const isMoved = new Set(ids);
      const rest = (children: readonly Child[]) => children.filter(({ id }) => !isMoved.has(id));
      // What an id that is taken by now had before belonged to nobody that is compared.
      const left = movedBefore.filter(({ id }) => moves.has(id));
      return differences(
        [...rest(changedBefore), ...left].map((child) => atNewIds(child, moves)),
        [...rest(changedAfter), ...movedAfter],
      );
    },
  );
}

interface Child {
  readonly id: string;
  /** The first names another issue where the row is a dependency. */
  readonly key: readonly string[];
  readonly isEdge: boolean;
}

function atNewIds({ id, key: [first = "", ...others], isEdge }: Child, moves: Moves): Child {
  const target = isEdge ? (moves.get(first) ?? first) : first;
  return { id: moves.get(id) ?? id, key: [target, ...others], isEdge };
}

interface Side {
  readonly from: string;
  readonly to: string;
  readonly side: "from" | "to";
}

function differing(table: ChildTable, { from, to, side }: Side): Query<Child[]> {
  const absent = side === "from" ? "added" : "removed";
  return rows(
    sql`SELECT ${keyColumns(table, `${side}_`)} FROM DOLT_DIFF(${from}, ${to}, ${table}) WHERE diff_type <> ${absent}`,
    (row) => childOf(table, (column) => text(row, column)),
  );
}

function wholeOf(table: ChildTable, commit: string, ids: readonly string[]): Query<Child[]> {
  return rows(
    sql`SELECT ${keyColumns(table, "")} FROM ${identifier(table)} AS OF ${commit} WHERE issue_id IN ${list(ids)}`,
    (row) => childOf(table, (column) => text(row, column)),
  );
}

/** A text is told from another by its hash: many may come in at once. */
function keyColumns(table: ChildTable, prefix: string): Sql {
  const columns = ["issue_id", ...COLUMNS[table]].map((column) => {
    const source = identifier(`${prefix}${column}`);
    return column === "text" ? sql`MD5(${source}) AS ${identifier(column)}` : sql`${source} AS ${identifier(column)}`;
  });
  return join(columns, ", ");
}

function childOf(table: ChildTable, cell: (column: string) => string): Child {
  return { id: cell("issue_id"), key: COLUMNS[table].map(cell), isEdge: table === "dependencies" };
}

function differences(before: readonly Child[], after: readonly Child[]): Map<string, Difference> {
  const [was, is] = [before, after].map((children) => Map.groupBy(children, ({ id }) => id));
  const ids = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  const found = [...ids].map((id) => {
    const [old, now] = [namesOf(was?.get(id)), namesOf(is?.get(id))];
    return [id, { added: without(now, old), removed: without(old, now) }] as const;
  });
  return new Map(found.filter(([, { added, removed }]) => added.length + removed.length > 0));
}

function namesOf(children: readonly Child[] = []): Set<string> {
  return new Set(children.map(({ key }) => key.join("\0")));
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...names].filter((name) => !others.has(name)).toSorted();
}
