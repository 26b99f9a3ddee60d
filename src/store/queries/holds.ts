import { BLOCKING_TYPES, gateFromMetadata } from "../../core/dependency/dependency-type.ts";
import { jsonText } from "../../core/json/dolt-json.ts";
import { evaluateReadiness, heldBy, type ReadinessEdge, readinessFacts } from "../../core/ready/readiness.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { combine, type Query, query, type Row, rows, text } from "../query.ts";
import { join, list, raw, sql } from "../sql.ts";
import { idListOf } from "./id-list.ts";
import { farEnds } from "./issue-links.ts";
import type { ByIssue } from "./issue-parts.ts";
import type { ProjectConfig } from "./project-config.ts";
import { type Selection, selected } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily } from "./tables.ts";

/** What readiness has to know of an issue. */
interface Standing {
  readonly id: string;
  readonly status: string;
  readonly defer_until: string | undefined;
}

const STANDING = raw("b.id, b.status, b.defer_until");

/** By issue: the ids of what holds it back. What a status means stands in the settings of the database. */
export type Holds = (config: Pick<ProjectConfig, "customStatuses">) => ByIssue<string[]>;

export const NO_HOLDS: Query<Holds> = { statements: [], decode: () => () => new Map() };

/**
 * What holds each issue of a selection back, by the rules of readiness; free ones are missing. Of the whole graph it
 * reads what those rules look at: the issues, their parents, what these wait for, and the children of that. The selection
 * must have been chosen before; `now` is a wire time.
 */
export function holdsOf(selection: Selection, now: string): Query<Holds> {
  return holdsOfEach(selection.tables, [selection], now);
}

/** The same for a selection and the issues that `linkedIssues` found around it. */
export function holdsAround(selection: Selection, now: string): Query<Holds> {
  // Edges of wisps lie apart, and hold back no issue.
  return holdsOfEach(ISSUE_TABLES, [selection, farEnds(selection)], now);
}

function holdsOfEach(tables: TableFamily, chosen: readonly Pick<Selection, "variable">[], now: string): Query<Holds> {
  const { name, issues, dependencies } = tables;
  const variable = raw(`@${name}_holding`);
  const near = sql`${selected({ variable })} JOIN ${dependencies} d ON d.issue_id = v.id`;
  const wanted = chosen.flatMap((one) => [
    sql`SELECT v.id FROM ${selected(one)}`,
    sql`SELECT d.depends_on_id AS id FROM ${selected(one)}
      JOIN ${dependencies} d ON d.issue_id = v.id WHERE d.type = 'parent-child'`,
  ]);
  const choose = query(sql`SET ${variable} = ${idListOf(join(wanted, " UNION "))}`, () => {});
  const standings = rows(
    sql`SELECT ${STANDING} FROM ${selected({ variable })} JOIN ${issues} b ON b.id = v.id`,
    standingFromRow,
  );
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
  return combine([choose, standings, edges, gates], (_chosen, found, ...ends) => ({ customStatuses }) => {
    const all = ends.flat();
    const known = new Map([...found, ...all.map(({ end }) => end)].map((issue) => [issue.id, issue]));
    const facts = readinessFacts(
      known.values(),
      all.map(({ edge }) => edge),
      { now, customStatuses },
    );
    const readiness = evaluateReadiness(facts);
    const held = found.map(({ id }): [string, string[]] => [id, heldBy(readiness, id)]);
    return new Map(held.filter(([, holds]) => holds.length > 0));
  });
}

function standingFromRow(row: Row): Standing {
  const until = text(row, "defer_until");
  return {
    id: text(row, "id"),
    status: text(row, "status"),
    defer_until: until === "" ? undefined : toWireTime(until),
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
