import type { UnclaimedWork } from "../../core/claim/next-claim.ts";
import { BLOCKING_TYPES, gateFromMetadata } from "../../core/dependency/dependency-type.ts";
import { familyOf } from "../../core/issue/id-order.ts";
import type { IssueFilter } from "../../core/issue/issue-filter.ts";
import { jsonText } from "../../core/json/dolt-json.ts";
import { type ReadinessEdge, type ReadinessFacts, readinessFacts } from "../../core/ready/readiness.ts";
import type { ReadyOrderKey } from "../../core/ready/ready-order.ts";
import { rests } from "../../core/ready/rests.ts";
import { combine, jsonList, type Query, query, rows, text } from "../query.ts";
import { type Sql, sql } from "../sql.ts";
import { filterConditions, prepared } from "./issue-filter.ts";
import { type ProjectConfig, projectConfig } from "./project-config.ts";
import { ISSUE_TABLES } from "./tables.ts";

/** All that decides about ready and blocked, of the whole database. */
export interface LoadedReadiness {
  readonly config: ProjectConfig;
  /** For `evaluateReadiness` and `freedByClosing`. */
  readonly facts: ReadinessFacts;
  /** When the family of a child began, where that is here; undefined for all other issues. Wire time. */
  readonly bornOf: (id: string) => string | undefined;
}

/**
 * Loads everything that readiness depends on; `now` is a wire time. It reads whole tables, each once and without a
 * join: what a status means and which edges count is decided in `core`, which is faster than asking Dolt for it.
 */
export function loadReadiness(now: string): Query<LoadedReadiness> {
  return combine([projectConfig, statusesOfIssues, edgesThatHold, edgesThatWait], (config, issues, edges, waits) => ({
    config,
    facts: readinessFacts(issues, [...edges, ...waits], { now, customStatuses: config.customStatuses }),
    bornOf: beginnings(issues),
  }));
}

function beginnings(
  issues: readonly { readonly id: string; readonly created_at: string }[],
): LoadedReadiness["bornOf"] {
  let times: ReadonlyMap<string, string> | undefined;
  return (id) => {
    const family = familyOf(id);
    if (family === id) return undefined;
    times ??= new Map(issues.map((issue) => [issue.id, issue.created_at]));
    return times.get(family);
  };
}

const statusesOfIssues = columns(
  sql`SELECT JSON_ARRAYAGG(i.id) AS ids, JSON_ARRAYAGG(i.status) AS statuses, JSON_ARRAYAGG(i.defer_until) AS times,
    JSON_ARRAYAGG(i.created_at) AS creations FROM issues i`,
  ["ids", "statuses", "times", "creations"],
  (ids = [], statuses = [], times = [], creations = []) =>
    ids.map((id, index) => ({
      id: asText(id),
      status: asText(statuses[index]),
      defer_until: asText(times[index]) || undefined,
      created_at: asText(creations[index]),
    })),
);

/** Of every type, because a condition costs more than the edges that it leaves out. */
const edgesThatHold = columns(
  sql`SELECT JSON_ARRAYAGG(d.issue_id) AS sources, JSON_ARRAYAGG(d.depends_on_id) AS targets,
    JSON_ARRAYAGG(d.type) AS types FROM dependencies d`,
  ["sources", "targets", "types"],
  (sources = [], targets = [], types = []) => {
    const edges: ReadinessEdge[] = [];
    types.forEach((cell, index) => {
      const type = asText(cell);
      if (!HOLDING_TYPES.has(type)) return;
      edges.push({ issue_id: asText(sources[index]), depends_on_id: asText(targets[index]), type });
    });
    return edges;
  },
);

const HOLDING_TYPES: ReadonlySet<string> = new Set([...BLOCKING_TYPES, "parent-child"]);

/**
 * Apart from the others, because reading the metadata, where the gate stands, makes the scan five times slower. The
 * empty word keeps Dolt off an index that makes it ten times slower.
 */
const edgesThatWait = rows(
  sql`SELECT d.issue_id, d.depends_on_id, d.type, d.metadata FROM dependencies d WHERE d.type IN ('waits-for', '')`,
  (row): ReadinessEdge => ({
    issue_id: text(row, "issue_id"),
    depends_on_id: text(row, "depends_on_id"),
    type: text(row, "type"),
    gate: gateFromMetadata(jsonText(text(row, "metadata"))),
  }),
);

/**
 * What `ready` orders by, of the issues that a filter finds; in no order. When families began is known from
 * `loadReadiness`: to join them here takes the server three times as long.
 */
export function readyOrderKeys(filter: IssueFilter): Query<ReadyOrderKey[]> {
  const keys = columns(
    sql`SELECT JSON_ARRAYAGG(i.id) AS ids, JSON_ARRAYAGG(i.priority) AS priorities,
      JSON_ARRAYAGG(i.created_at) AS times FROM issues i WHERE ${filterConditions(filter, ISSUE_TABLES)}`,
    ["ids", "priorities", "times"],
    (ids = [], priorities = [], times = []) =>
      ids.map((id, index) => ({
        id: asText(id),
        priority: Number(priorities[index]),
        created_at: asText(times[index]),
      })),
  );
  return prepared(filter, keys);
}

/** The ids that a filter finds, in no order. */
export function idsThatFit(filter: IssueFilter): Query<string[]> {
  const found = columns(
    sql`SELECT JSON_ARRAYAGG(i.id) AS ids FROM issues i WHERE ${filterConditions(filter, ISSUE_TABLES)}`,
    ["ids"],
    (ids = []) => ids.map(asText),
  );
  return prepared(filter, found);
}

/** The issues that a filter finds, as far as they say why nobody can claim them at this wire time; in no order. */
export function unclaimedWork(filter: IssueFilter, now: string): Query<UnclaimedWork[]> {
  const found = columns(
    sql`SELECT JSON_ARRAYAGG(i.id) AS ids, JSON_ARRAYAGG(i.status) AS statuses, JSON_ARRAYAGG(i.assignee) AS assignees,
      JSON_ARRAYAGG(i.defer_until) AS times FROM issues i WHERE ${filterConditions(filter, ISSUE_TABLES)}`,
    ["ids", "statuses", "assignees", "times"],
    (ids = [], statuses = [], assignees = [], times = []): UnclaimedWork[] =>
      ids.map((id, index) => {
        const status = asText(statuses[index]);
        return {
          id: asText(id),
          status,
          assignee: asText(assignees[index]),
          rests: rests({ status, defer_until: asText(times[index]) || undefined }, now),
        };
      }),
  );
  return prepared(filter, found);
}

/**
 * Many rows as one row with a JSON list for each column, which takes server and client half the time. A DATETIME comes
 * as a wire time.
 */
function columns<T>(statement: Sql, names: readonly string[], zip: (...lists: unknown[][]) => T): Query<T> {
  return query(statement, ({ rows: [row = {}] }) => zip(...names.map((name) => jsonList(row, name))));
}

/** NULL is no text. */
function asText(cell: unknown): string {
  return typeof cell === "string" ? cell : String(cell ?? "");
}
