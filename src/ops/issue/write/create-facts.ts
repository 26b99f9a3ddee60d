import type { TreeEdge } from "../../../core/dependency/dependency-tree.ts";
import { type Descent, descentOf } from "../../../store/queries/child-id-facts.ts";
import { allEdges } from "../../../store/queries/edges.ts";
import {
  choosePrefix,
  lastNumber,
  selectExactIds,
  takenIds,
  takenSuffixes,
  topLevelIdCount,
} from "../../../store/queries/id-matches.ts";
import { type IssueHead, issueHeads } from "../../../store/queries/issue-heads.ts";
import { type ByIssue, labelsOf } from "../../../store/queries/issue-parts.ts";
import { projectConfig } from "../../../store/queries/project-config.ts";
import { type Selection, selectIds } from "../../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../../store/queries/tables.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";
import { resolveIds } from "../../named-issues/resolve-ids.ts";
import { type Moved, movedAmong, movedBeside } from "../../named-issues/say-moved.ts";
import { type IdFacts, numbersIssues } from "./choose-id.ts";

/** What a new issue is to be joined to, as people write it. */
export interface Wanted {
  readonly suffixes: readonly string[];
  readonly explicitId: string | undefined;
  readonly parent: string | undefined;
  /** Ids of dependencies. */
  readonly targets: readonly string[];
}

/** The parent of a new issue, and what a child of it must know. */
export interface ParentFacts extends Descent {
  readonly id: string;
  readonly labels: readonly string[];
}

/** All that decides how a new issue may look, read under the lock. */
export interface CreateFacts extends IdFacts {
  readonly parent: ParentFacts | undefined;
  /** For `sayMoved`. */
  readonly moved: Moved;
  /** What each target stands for. */
  readonly idOf: ReadonlyMap<string, string>;
  readonly heads: ReadonlyMap<string, IssueHead>;
  readonly edges: readonly TreeEdge[];
}

/**
 * Reads it all in one packet; ids that are only parts of ids take two more, and numbers instead of letters one.
 * Throws BdError not-found.
 */
export async function loadCreateFacts(reader: Reader, wanted: Wanted): Promise<CreateFacts> {
  const { suffixes, explicitId, parent, targets } = wanted;
  const inputs = [...(parent === undefined ? [] : [parent]), ...targets];
  const [movedIds, , config, topLevelCount, takenOfCandidates, takenExplicit, joined, edges] = await reader.all([
    movedBeside(inputs[0]),
    choosePrefix,
    projectConfig,
    topLevelIdCount,
    takenSuffixes(suffixes),
    takenIds(explicitId === undefined ? [] : [explicitId]),
    joinedIssues((name, ids) => selectExactIds(ISSUE_TABLES, ids, name), inputs, parent),
    inputs.length === 0 ? NO_EDGES : allEdges,
  ]);
  const resolved = await resolveIds(reader, inputs, { config, exact: joined.heads.map(({ id }) => id) });
  const [failure] = resolved.failures;
  if (failure !== undefined) throw failure.error;
  // The answer costs the server a quarter of a creation, and few projects want it.
  const [, last] = numbersIssues(config) ? await reader.all([choosePrefix, lastNumber]) : [undefined, 0];
  const parentId = parent === undefined ? undefined : resolved.byInput.get(parent);
  const known = new Set(joined.heads.map(({ id }) => id));
  const complete = resolved.ids.every((id) => known.has(id));
  const [found] = complete
    ? [joined]
    : await reader.all([joinedIssues((name, ids) => selectIds(ISSUE_TABLES, ids, name), resolved.ids, parentId)]);
  return {
    config,
    topLevelCount,
    lastNumber: last,
    taken: new Set([...takenOfCandidates, ...takenExplicit]),
    parent: parentId === undefined ? undefined : parentFacts(parentId, found),
    moved: await movedAmong(reader, resolved.ids, movedIds),
    idOf: resolved.byInput,
    heads: new Map(found.heads.map((head) => [head.id, head])),
    edges,
  };
}

interface Joined {
  readonly heads: readonly IssueHead[];
  readonly labels: ByIssue<string[]>;
  readonly descent: Descent;
}

const NO_DESCENT: Query<Descent> = { statements: [], decode: () => ({ lastCounted: 0, descendantIds: [] }) };
const NO_JOINED: Query<Joined> = combine([NO_DESCENT], (descent) => ({ heads: [], labels: new Map(), descent }));
const NO_EDGES: Query<TreeEdge[]> = { statements: [], decode: () => [] };

/** The issues that the new one is joined to, and the descent of its parent. */
function joinedIssues(
  select: (name: string, inputs: readonly string[]) => Selection,
  inputs: readonly string[],
  parent: string | undefined,
): Query<Joined> {
  if (inputs.length === 0) return NO_JOINED;
  const all = select("joined", inputs);
  const above = parent === undefined ? undefined : select("parent", [parent]);
  const descent = above === undefined ? NO_DESCENT : afterChoosing(above, descentOf(above));
  return combine([headsOf(all), labelsOf(all), descent], (heads, labels, found) => ({ heads, labels, descent: found }));
}

function headsOf(selection: Selection): Query<IssueHead[]> {
  return combine([issueHeads(selection)], (heads) => [...heads.values()]);
}

function afterChoosing<T>({ choose }: Selection, query: Query<T>): Query<T> {
  return combine([choose, query], (_chosen, answer) => answer);
}

function parentFacts(id: string, { labels, descent }: Joined): ParentFacts {
  return { id, labels: labels.get(id) ?? [], ...descent };
}
