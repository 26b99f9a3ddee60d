import type { TreeEdge } from "../../core/dependency/dependency-tree.ts";
import { jsonText } from "../../core/json/dolt-json.ts";
import { combine, number, type Query, query, type Row, text } from "../query.ts";
import { sql } from "../sql.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** Every edge there is, of issues and wisps. One row of JSON for each family: half the time of plain rows. */
export const allEdges: Query<TreeEdge[]> = combine(
  [edgesOfFamily(ISSUE_TABLES), edgesOfFamily(WISP_TABLES)],
  (issueEdges, wispEdges) => [...issueEdges, ...wispEdges],
);

/** How many issues depend on an id, whether it is there or not. */
export function dependentCount(id: string): Query<number> {
  return query(sql`SELECT COUNT(*) AS n FROM dependencies d WHERE d.depends_on_id = ${id}`, ({ rows: [row] }) =>
    number(row ?? {}, "n"),
  );
}

function edgesOfFamily({ dependencies }: TableFamily): Query<TreeEdge[]> {
  return query(
    sql`SELECT JSON_ARRAYAGG(JSON_ARRAY(d.issue_id, d.depends_on_id, d.type)) AS edges FROM ${dependencies} d`,
    ({ rows: [row] }) => edgesFrom(row ?? {}),
  );
}

function edgesFrom(row: Row): TreeEdge[] {
  const json = jsonText(text(row, "edges"));
  const tuples: unknown = json === "" ? [] : JSON.parse(json);
  if (!Array.isArray(tuples)) throw new Error("the server gave no list of edges");
  return tuples.map(([issueId, dependsOnId, type]: unknown[]) => ({
    issue_id: String(issueId),
    depends_on_id: String(dependsOnId),
    type: String(type),
  }));
}
