import type { TreeEdge } from "../../../core/dependency/dependency-tree.ts";
import { type NamingField, withoutDeleted } from "../../../core/issue/deleted-reference.ts";
import type { Issue } from "../../../core/issue/issue.ts";
import { TOMBSTONES } from "../../../core/merge/known-issues.ts";
import { tableNames } from "../../../store/queries/database-contents.ts";
import { eventCountsOf } from "../../../store/queries/deletion.ts";
import { allEdges } from "../../../store/queries/edges.ts";
import { labelledIssues } from "../../../store/queries/issues.ts";
import { selectIds } from "../../../store/queries/selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../../store/queries/tables.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";
import { bare, loadNamed, type NamedIssue } from "../../named-issues/named-issues.ts";
import type { Moved } from "../../named-issues/say-moved.ts";
import type { ItemFailure } from "../../operation.ts";

/** What deleting some issues does. */
export interface DeletionPlan {
  /** Those that were named first, then those that depend on them. */
  readonly issues: readonly NamedIssue<{ readonly issue: Issue }>[];
  readonly edges: readonly TreeEdge[];
  readonly events: number;
  /** Issues that stay and depend on one that goes. */
  readonly orphaned: readonly string[];
  /** Issues that stay and name one that goes, with their texts as they will be. */
  readonly renamed: readonly {
    readonly tables: TableFamily;
    readonly issue: Issue;
    readonly texts: { readonly [Field in NamingField]?: string };
  }[];
  readonly remembers: boolean;
  readonly failures: readonly ItemFailure[];
  readonly moved: Moved;
}

/** Three round trips at most: the named issues with all edges, then all that goes and all that it is connected with. */
export async function planDeletion(
  reader: Reader,
  { ids, cascade, force }: { readonly ids: readonly string[]; readonly cascade: boolean; readonly force: boolean },
): Promise<DeletionPlan> {
  const { items, failures, moved, beside } = await loadNamed(reader, ids, {
    load: (selection) => bare(labelledIssues(selection)),
    // The id of an issue that is gone may be the beginning of another's.
    whole: force,
    beside: combine([allEdges, tableNames], (edges, tables) => ({ edges, remembers: tables.includes(TOMBSTONES) })),
  });
  const named = items.map(({ found }) => found.issue.id);
  const going = new Set(cascade ? withDependents(named, beside.edges) : named);
  const edges = beside.edges.filter(({ issue_id, depends_on_id }) => going.has(issue_id) || going.has(depends_on_id));
  const ends = new Set(edges.flatMap(({ issue_id, depends_on_id }) => [issue_id, depends_on_id]));
  const staying = [...ends].filter((id) => !going.has(id)).toSorted();
  const dependents = [...going].filter((id) => !named.includes(id));
  const [issues, wisps, events] = await reader.all([
    labelledOf(ISSUE_TABLES, [...dependents, ...staying]),
    labelledOf(WISP_TABLES, [...dependents, ...staying]),
    eventCountsOf([...going]),
  ]);
  const connected = [
    ...issues.map((issue) => ({ tables: ISSUE_TABLES, issue })),
    ...wisps.map((issue) => ({ tables: WISP_TABLES, issue })),
  ];
  const also = connected.filter(({ issue }) => going.has(issue.id));
  return {
    issues: [...items, ...also.map(({ tables, issue }) => ({ tables, found: { issue } }))],
    edges,
    events,
    orphaned: staying.filter((id) => edges.some(({ issue_id }) => issue_id === id)),
    renamed: connected
      .filter(({ issue }) => !going.has(issue.id))
      .map(({ tables, issue }) => ({ tables, issue, texts: withoutDeleted(issue, [...going]) }))
      .filter(({ texts }) => Object.keys(texts).length > 0)
      .toSorted((a, b) => staying.indexOf(a.issue.id) - staying.indexOf(b.issue.id)),
    remembers: beside.remembers,
    failures,
    moved,
  };
}

/** These, and all that depends on one of them, directly or by way of others. */
function withDependents(ids: readonly string[], edges: readonly TreeEdge[]): Set<string> {
  const dependents = Map.groupBy(edges, ({ depends_on_id }) => depends_on_id);
  const found = new Set(ids);
  // A set's iterator also gives what is added meanwhile.
  for (const id of found) for (const { issue_id } of dependents.get(id) ?? []) found.add(issue_id);
  return found;
}

function labelledOf(tables: TableFamily, ids: readonly string[]): Query<Issue[]> {
  const selection = selectIds(tables, ids, "connected");
  return combine([selection.choose, labelledIssues(selection)], (_chosen, issues) => issues);
}
