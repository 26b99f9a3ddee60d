import { compareIds } from "../../core/issue/id-order.ts";
import { type Issue, type LinkedIssue, withParts } from "../../core/issue/issue.ts";
import { combine, number, type Query, query, rows, text } from "../query.ts";
import { join, raw, type Sql, sql } from "../sql.ts";
import { idListOf } from "./id-list.ts";
import { type ByIssue, grouped, labelsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import { chosenIds, type Selection, selected } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** Down: what the issues depend on or belong to. Up: whose edges end at them. */
export type Direction = "down" | "up";

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

/** Everything that `issuesWithLinks` read: the issues of the selection, and those at the other ends, of both families. */
export function aroundOf({ tables }: Selection): Pick<Selection, "variable"> {
  return { variable: raw(`@${tables.name}_around`) };
}

/** The end of an edge, whether there is an issue or not. */
export interface LinkEnd {
  readonly id: string;
  readonly type: string;
}

export interface IssuesWithLinks<D extends Direction> {
  /** Those of the selection that there are, bare, in its order. */
  readonly issues: readonly Issue[];
  readonly labels: ByIssue<string[]>;
  /** By issue and direction: what is at the other ends, as far as it is here, ordered by id, with labels. */
  readonly links: Readonly<Record<D, ByIssue<LinkedIssue[]>>>;
  /** The same ends by their ids alone, whether they are here or not; ordered as texts. */
  readonly ends: Readonly<Record<D, ByIssue<LinkEnd[]>>>;
}

/**
 * The issues of a selection and those at the other ends of their edges, all read together: what costs the server time is a
 * statement with all columns, not a row.
 */
export function issuesWithLinks<D extends Direction>(
  selection: Selection,
  directions: readonly D[],
): Query<IssuesWithLinks<D>> {
  const sources = directions.flatMap((direction) => edgesOf(selection, direction));
  const joined = sources.map(
    (one) => sql`${selected(selection)} JOIN ${one.tables.dependencies} d ON ${one.near} = v.id`,
  );
  const { variable } = aroundOf(selection);
  const ends = sources.map(({ to }, index) => sql`SELECT ${to} AS id FROM ${joined[index] ?? raw("")}`);
  const around = [sql`SELECT v.id FROM ${selected(selection)}`, ...ends];
  const choose = query(sql`SET ${variable} = ${idListOf(join(around, " UNION "))}`, () => {});
  const edges = rows(
    join(
      sources.map(
        ({ near, to }, index) =>
          sql`SELECT ${index} AS source, ${near} AS near_id, ${to} AS far_id, d.type FROM ${joined[index] ?? raw("")}`,
      ),
      " UNION ALL ",
    ),
    (row): FoundEdge => ({
      source: sources[number(row, "source")],
      near: text(row, "near_id"),
      far: text(row, "far_id"),
      type: text(row, "type"),
    }),
  );
  const families = combine(
    FAMILIES.map((tables) => membersOf({ variable, tables, choose })),
    (...found) => new Map(FAMILIES.map((tables, index) => [tables, found[index]])),
  );
  return combine([choose, chosenIds(selection), families, edges], (_chosen, ids, membersOfFamily, found) => {
    const own = membersOfFamily.get(selection.tables);
    const linked = found.toSorted((a, b) => compareIds(a.far, b.far) || compareTexts(a.type, b.type));
    const linksAt = ({ source, far, type }: FoundEdge) =>
      (source?.far ?? []).flatMap((tables) => {
        const issue = membersOfFamily.get(tables)?.labelled(far);
        return issue === undefined ? [] : [{ ...issue, dependency_type: type }];
      });
    const byDirection = <T>(edgesFound: readonly FoundEdge[], at: (edge: FoundEdge) => readonly T[]) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its keys are the directions that were asked for
      Object.fromEntries(
        directions.map((direction) => [
          direction,
          grouped(
            edgesFound
              .filter(({ source }) => source?.direction === direction)
              .flatMap((edge) => at(edge).map((end) => ({ near: edge.near, end }))),
            ({ near }) => near,
            ({ end }) => end,
          ),
        ]),
      ) as Record<D, ByIssue<T[]>>;
    return {
      issues: ids.map((id) => own?.bare.get(id)).filter((issue) => issue !== undefined),
      labels: own?.labels ?? new Map(),
      links: byDirection(linked, linksAt),
      ends: byDirection(
        found.toSorted((a, b) => compareTexts(a.far, b.far)),
        ({ far: id, type }): LinkEnd[] => [{ id, type }],
      ),
    };
  });
}

interface FoundEdge {
  readonly source: Edges | undefined;
  readonly near: string;
  readonly far: string;
  readonly type: string;
}

interface Members {
  readonly bare: ByIssue<Issue>;
  readonly labels: ByIssue<string[]>;
  labelled(id: string): Issue | undefined;
}

function membersOf(selection: Selection): Query<Members> {
  return combine([issuesOf(selection), labelsOf(selection)], (issues, labels) => {
    const bare = new Map(issues.map((issue) => [issue.id, issue]));
    const labelled = (id: string) => {
      const issue = bare.get(id);
      return issue && withParts(issue, { labels: labels.get(id) });
    };
    return { bare, labels, labelled };
  });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
