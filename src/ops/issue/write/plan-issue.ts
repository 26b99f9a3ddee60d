import { DEFAULT_GATE, parseWaitsForGate } from "../../../core/dependency/dependency-type.ts";
import { type DepsItem, parseDepsFlag } from "../../../core/dependency/deps-flag.ts";
import { contentHash } from "../../../core/issue/content-hash.ts";
import type { Dependency, Issue } from "../../../core/issue/issue.ts";
import { parseChildId } from "../../../core/issue/issue-id.ts";
import { BdError, command } from "../../../errors.ts";
import { type EventSource, insertEvents } from "../../../store/queries/write-events.ts";
import {
  type FamilyNames,
  ISSUES,
  insertDependencies,
  insertIssues,
  insertLabels,
  saveChildCounter,
  saveIssueCounter,
  WISPS,
} from "../../../store/queries/write-issues.ts";
import type { Query } from "../../../store/query.ts";
import { planDependencies } from "../../dependency/plan-dependency.ts";
import { type ChosenId, checkChosenId, chooseChildId, chooseId } from "./choose-id.ts";
import type { CreateFacts } from "./create-facts.ts";
import { type Draft, withKnownType } from "./create-input.ts";

/** What is said of a new issue beside its own fields. */
export interface Relations {
  readonly labels: readonly string[];
  readonly id?: string | undefined;
  readonly inherit_labels: boolean;
  /** Items of `--deps`: `id` or `type:id`. */
  readonly deps: readonly string[];
  readonly waits_for?: string | undefined;
  readonly waits_for_gate?: string | undefined;
  /** Let any prefix pass. */
  readonly force: boolean;
}

/** A new issue, and all that comes with it. */
export interface Planned {
  readonly issue: Issue;
  readonly labels: readonly string[];
  readonly edges: readonly Dependency[];
  /** The tables of an issue of these edges: an edge lies where the issue does that it starts from. */
  readonly familyOf: (id: string) => FamilyNames;
  /** The parent's counter, where the issue is a numbered child. */
  readonly child: { readonly parentId: string; readonly ordinal: number } | undefined;
  /** The project's counter, where the issue has a number of its own. */
  readonly numbered: { readonly prefix: string; readonly number: number } | undefined;
}

interface PlanOptions {
  readonly input: Relations;
  readonly draft: Draft;
  readonly items: readonly EdgeItem[];
  readonly facts: CreateFacts;
  /** Wire time. */
  readonly at: string;
  readonly suffixes: readonly string[];
}

/** Decides id, labels and edges. Throws BdError when a rule says no. */
export function planIssue({ input, draft, items, facts, at, suffixes }: PlanOptions): Planned {
  const { parent } = facts;
  const { id, number } = idOf(input, facts, { suffixes, isWisp: draft.ephemeral === true });
  const issue: Issue = { id, ...withKnownType(draft, facts.config.customTypes), created_at: at, updated_at: at };
  const inherited = input.inherit_labels ? (parent?.labels ?? []) : [];
  const edges = [
    ...(parent === undefined ? [] : [edge(issue, { type: "parent-child", id: parent.id, swapped: false })]),
    ...items.map((item) => edge(issue, { ...item, id: facts.idOf.get(item.id) ?? item.id })),
  ];
  const typeOf = (other: string) => (other === id ? issue.issue_type : facts.heads.get(other)?.issue_type);
  return {
    issue,
    labels: [...new Set([...inherited, ...input.labels])],
    edges: allowed(id, () => planDependencies(edges, { edges: facts.edges, typeOf })),
    familyOf: (other) => ((other === id ? issue.ephemeral === true : !facts.heads.has(other)) ? WISPS : ISSUES),
    child: input.id === undefined ? parseChildId(id) : undefined,
    numbered: number === undefined ? undefined : { prefix: facts.config.prefix, number },
  };
}

/** What the rules let pass. A hint of theirs may not name the issue that comes into being only when they do. */
function allowed<T>(newId: string, decide: () => T): T {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof BdError) || !error.hint?.includes(newId)) throw error;
    const { kind, code, message, details } = error;
    throw new BdError(kind, code, message, { hint: command`bd create --help`, details });
  }
}

function idOf(
  input: Relations,
  facts: CreateFacts,
  { suffixes, isWisp }: { readonly suffixes: readonly string[]; readonly isWisp: boolean },
): ChosenId {
  if (input.id !== undefined) return { id: checkChosenId(input.id, facts, input.force) };
  if (facts.parent === undefined) return chooseId(suffixes, facts, isWisp);
  const { id: parentId, lastCounted, descendantIds } = facts.parent;
  return { id: chooseChildId({ parentId, lastCounted, descendantIds }).id };
}

/** The issue with all that comes with it, and the event of its creation. */
export function writesOf(
  { issue, labels, edges, child, numbered, familyOf }: Planned,
  source: Omit<EventSource, "at">,
): Query<number>[] {
  const metadata = issue.metadata === undefined ? "" : JSON.stringify(issue.metadata);
  const family = familyOf(issue.id);
  const labelled = labels.map((label) => ({ issue_id: issue.id, label }));
  const created = [{ issue_id: issue.id, event_type: "created" as const }];
  return [
    insertIssues(family, [{ issue, contentHash: contentHash(issue, metadata) }]),
    ...(labels.length === 0 ? [] : [insertLabels(family, labelled)]),
    ...edges.map((one) => insertDependencies(familyOf(one.issue_id), [one])),
    ...(child === undefined ? [] : [saveChildCounter(child.parentId, child.ordinal)]),
    ...(numbered === undefined ? [] : [saveIssueCounter(numbered.prefix, numbered.number)]),
    insertEvents(family, created, { ...source, at: issue.created_at }),
  ];
}

export interface EdgeItem extends DepsItem {
  readonly metadata?: string;
}

/** The edges that the flags ask for. */
export function edgeItems({ deps, waits_for, waits_for_gate = DEFAULT_GATE }: Relations): EdgeItem[] {
  const items: EdgeItem[] = parseDepsFlag(deps);
  if (waits_for === undefined) return items;
  const metadata = JSON.stringify({ gate: parseWaitsForGate(waits_for_gate) });
  return [...items, { type: "waits-for", id: waits_for, swapped: false, metadata }];
}

/** An item as an edge of the new issue, or to it. */
function edge(issue: Issue, { type, id, swapped, metadata = "{}" }: EdgeItem): Dependency {
  const [source, target] = swapped ? [id, issue.id] : [issue.id, id];
  return {
    issue_id: source,
    depends_on_id: target,
    type,
    created_at: issue.created_at,
    created_by: issue.created_by ?? "",
    metadata,
  };
}

/** What the ids that an issue may get are made from. */
export function seedOf(draft: Draft, creator: string, now: Date) {
  return {
    title: draft.title,
    description: draft.description ?? "",
    creator,
    createdAtNs: BigInt(now.getTime()) * 1_000_000n,
  };
}
