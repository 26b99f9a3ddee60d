import { compareIds } from "../../core/issue/id-order.ts";
import { type Issue, type LinkedIssue, withParts } from "../../core/issue/issue.ts";
import { combine, number, type Query, query, rows, text } from "../query.ts";
import { join, raw, type Sql, sql } from "../sql.ts";
import { idListOf } from "./id-list.ts";
import { type ByIssue, grouped, labelsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import { type Selection, selected } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** Down: what the issues depend on or belong to. Up: whose edges end at them. */
export type Direction = "down" | "up";

export type LinkedIssues<D extends Direction> = Readonly<Record<D, ByIssue<LinkedIssue[]>>>;

const FAMILIES: readonly TableFamily[] = [ISSUE_TABLES, WISP_TABLES];

/** Edges of one table, and where their far ends may be. */
interface Edges {
  readonly direction: Direction;
  readonly tables: TableFamily;
  readonly near: Sql;
  readonly to: Sql;
  readonly far: readonly TableFamily[];
}

/** Issues may depend on wisps and wisps on issues; an edge lies where the issue does that it starts from. */
function edgesOf(selection: Selection, direction: Direction): Edges[] {
  if (direction === "down") {
    const ends = { near: raw("d.issue_id"), to: raw("d.depends_on_id") };
    return [{ direction, tables: selection.tables, ...ends, far: FAMILIES }];
  }
  const ends = { near: raw("d.depends_on_id"), to: raw("d.issue_id") };
  return FAMILIES.map((tables) => ({ direction, tables, ...ends, far: [tables] }));
}

/** What `linkedIssues` chose at the other ends, of both families. */
export function farEnds({ tables }: Selection): Pick<Selection, "variable"> {
  return { variable: raw(`@${tables.name}_far`) };
}

/**
 * The issues at the other ends of the edges of a selection, as far as they are here; ordered by id, with labels. The far
 * ends of all directions are read together: what costs the server time is a statement with all columns, not a row.
 */
export function linkedIssues<D extends Direction>(
  selection: Selection,
  directions: readonly D[],
): Query<LinkedIssues<D>> {
  const sources = directions.flatMap((direction) => edgesOf(selection, direction));
  const joined = sources.map(
    (one) => sql`${selected(selection)} JOIN ${one.tables.dependencies} d ON ${one.near} = v.id`,
  );
  const { variable } = farEnds(selection);
  const ends = sources.map(({ to }, index) => sql`SELECT ${to} AS id FROM ${joined[index] ?? raw("")}`);
  const choose = query(sql`SET ${variable} = ${idListOf(join(ends, " UNION "))}`, () => {});
  const edges = rows(
    join(
      sources.map(
        ({ near, to }, index) =>
          sql`SELECT ${index} AS source, ${near} AS near_id, ${to} AS far_id, d.type FROM ${joined[index] ?? raw("")}`,
      ),
      " UNION ALL ",
    ),
    (row) => ({
      source: number(row, "source"),
      near: text(row, "near_id"),
      far: text(row, "far_id"),
      type: text(row, "type"),
    }),
  );
  const families = combine(
    FAMILIES.map((tables) => issuesById({ variable, tables, choose })),
    (...found) => new Map(FAMILIES.map((tables, index) => [tables, found[index]])),
  );
  return combine([choose, families, edges], (_chosen, issuesOfFamily, found) => {
    const ordered = found.toSorted((a, b) => compareIds(a.far, b.far) || compareTexts(a.type, b.type));
    const linksOf = (direction: D) =>
      grouped(
        ordered.flatMap(({ source, near, far, type }) => {
          const from = sources[source];
          if (from?.direction !== direction) return [];
          const issues = from.far.flatMap((tables) => issuesOfFamily.get(tables)?.get(far) ?? []);
          return issues.map((issue) => ({ near, link: { ...issue, dependency_type: type } }));
        }),
        ({ near }) => near,
        ({ link }) => link,
      );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its keys are the directions that were asked for
    return Object.fromEntries(directions.map((direction) => [direction, linksOf(direction)])) as LinkedIssues<D>;
  });
}

function issuesById(selection: Selection): Query<ByIssue<Issue>> {
  return combine(
    [issuesOf(selection), labelsOf(selection)],
    (issues, labels) => new Map(issues.map((issue) => [issue.id, withParts(issue, { labels: labels.get(issue.id) })])),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
