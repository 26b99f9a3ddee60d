import { BLOCKING_TYPES, gateFromMetadata } from "../../core/dependency/dependency-type.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { jsonText } from "../../core/json/dolt-json.ts";
import { evaluateReadiness, heldBy, type ReadinessEdge, readinessFacts } from "../../core/ready/readiness.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { combine, type Query, query, type Row, rows, text } from "../query.ts";
import { list, raw, sql } from "../sql.ts";
import { idListOf } from "./id-list.ts";
import type { ByIssue } from "./issue-parts.ts";
import type { ProjectConfig } from "./project-config.ts";
import { type Selection, selected } from "./selection.ts";

/** What readiness has to know of an issue; the time is a wire time. */
type Standing = Pick<Issue, "id" | "status" | "defer_until">;

const STANDING = raw("b.id, b.status, b.defer_until");

/**
 * By issue: the ids of what holds it back; free ones are missing. The issues are those that were chosen, which who asks has
 * read; what a status means stands in the settings of the database.
 */
export type Holds = (issues: readonly Standing[], config: Pick<ProjectConfig, "customStatuses">) => ByIssue<string[]>;

export const NO_HOLDS: Query<Holds> = { statements: [], decode: () => () => new Map() };

/**
 * What holds chosen issues back, by the rules of readiness. Of the whole graph it reads what those rules look at: the edges
 * of the issues and of their parents, what these wait for, and the children of that. Edges of wisps lie apart, and hold
 * back no issue. The issues must have been chosen before; `now` is a wire time.
 */
export function holdsOf(chosen: Pick<Selection, "variable">, now: string): Query<Holds> {
  const variable = raw("@holding");
  const near = sql`${selected({ variable })} JOIN dependencies d ON d.issue_id = v.id`;
  const wanted = sql`SELECT v.id FROM ${selected(chosen)} UNION SELECT d.depends_on_id AS id FROM ${selected(chosen)}
    JOIN dependencies d ON d.issue_id = v.id WHERE d.type = 'parent-child'`;
  const choose = query(sql`SET ${variable} = ${idListOf(wanted)}`, () => {});
  const edges = rows(
    sql`SELECT d.issue_id, d.depends_on_id, d.type, IF(d.type = 'waits-for', d.metadata, NULL) AS metadata, ${STANDING}
      FROM ${near} JOIN issues b ON b.id = d.depends_on_id
      WHERE d.type IN ${list([...BLOCKING_TYPES, "parent-child", "waits-for"])}`,
    edgeFromRow,
  );
  const gates = rows(
    sql`SELECT c.issue_id, c.depends_on_id, c.type, NULL AS metadata, ${STANDING}
      FROM ${near} JOIN dependencies c ON c.depends_on_id = d.depends_on_id JOIN issues b ON b.id = c.issue_id
      WHERE d.type = 'waits-for' AND c.type = 'parent-child'`,
    edgeFromRow,
  );
  return combine([choose, edges, gates], (_chosen, ...ends) => (issues, { customStatuses }) => {
    const all = ends.flat();
    const known = new Map([...issues, ...all.map(({ end }) => end)].map((issue) => [issue.id, issue]));
    const facts = readinessFacts(
      known.values(),
      all.map(({ edge }) => edge),
      { now, customStatuses },
    );
    const readiness = evaluateReadiness(facts);
    const held = issues.map(({ id }): [string, string[]] => [id, heldBy(readiness, id)]);
    return new Map(held.filter(([, holds]) => holds.length > 0));
  });
}

function standingFromRow(row: Row): Standing {
  const until = text(row, "defer_until");
  return {
    id: text(row, "id"),
    status: text(row, "status"),
    ...(until === "" ? {} : { defer_until: toWireTime(until) }),
  };
}

function edgeFromRow(row: Row): { readonly edge: ReadinessEdge; readonly end: Standing } {
  return {
    edge: {
      issue_id: text(row, "issue_id"),
      depends_on_id: text(row, "depends_on_id"),
      type: text(row, "type"),
      gate: gateFromMetadata(jsonText(text(row, "metadata"))),
    },
    end: standingFromRow(row),
  };
}
