import * as z from "zod/mini";
import { DEFAULT_GATE, parseWaitsForGate } from "../../core/dependency/dependency-type.ts";
import { type DepsItem, isExternalTarget, parseDepsFlag } from "../../core/dependency/deps-flag.ts";
import { contentHash } from "../../core/issue/content-hash.ts";
import { checkGivenLabel } from "../../core/issue/given-label.ts";
import type { Dependency, Issue } from "../../core/issue/issue.ts";
import { parseChildId } from "../../core/issue/issue-id.ts";
import { checkText } from "../../core/text-limits.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { dependentCount } from "../../store/queries/edges.ts";
import { insertEvents } from "../../store/queries/write-events.ts";
import {
  ISSUES,
  insertDependencies,
  insertIssues,
  insertLabels,
  saveChildCounter,
  saveIssueCounter,
} from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";
import type { ReadContext } from "../context.ts";
import { planDependencies } from "../dependency/plan-dependency.ts";
import { notesOfParts } from "../named-issues/resolve-ids.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { bareIssue } from "../wire/issue-schemas.ts";
import { type ChosenId, checkChosenId, chooseChildId, chooseId, suffixesOf } from "./write/choose-id.ts";
import { type CreateFacts, loadCreateFacts } from "./write/create-facts.ts";
import { type Draft, DraftInput, draftFrom, withKnownType } from "./write/create-input.ts";

const text = z.optional(z.string());

export const CreateInput = z.strictObject({
  draft: DraftInput,
  labels: z.array(z.string()),
  id: text,
  parent: text,
  inherit_labels: z.boolean(),
  /** Items of `--deps`: `id` or `type:id`. */
  deps: z.array(z.string()),
  waits_for: text,
  waits_for_gate: text,
  /** Let any prefix pass. */
  force: z.boolean(),
  /** Only say what would be made. */
  dry_run: z.boolean(),
});

export type CreateInput = z.infer<typeof CreateInput>;

export interface CreateResult {
  readonly issue: Issue;
  readonly labels: readonly string[];
  /** Its own, and those that were made to end at it. */
  readonly edges: readonly Dependency[];
  readonly dry_run: boolean;
}

export const createIssue = defineOperation({
  name: "issue.create",
  access: "write",
  input: CreateInput,
  async run(context, input: CreateInput): Promise<CreateResult> {
    const actor = await context.actor();
    const now = context.clock();
    const draft = draftFrom(input.draft, { actor: actor.name, email: actor.email, now, zone: context.machine.zone });
    const items = edgeItems(input);
    input.labels.forEach(checkGivenLabel);
    for (const { id } of items) checkText("id", id);
    const wanted = {
      suffixes: suffixesOf(seedOf(draft, actor.name, now)),
      explicitId: input.id,
      parent: input.parent,
      targets: items.filter(({ id }) => !isExternalTarget(id)).map(({ id }) => id),
    };
    const plan = (facts: CreateFacts, at: Date) =>
      planIssue({ input, draft, items, facts, at: toWireTime(at), suffixes: wanted.suffixes });
    if (input.dry_run) {
      const { issue, labels, edges, dependents, moved } = await context.read(async (reader) => {
        const facts = await loadCreateFacts(reader, wanted);
        const planned = plan(facts, now);
        const [count] = await reader.all([dependentCount(planned.issue.id)]);
        return { ...planned, dependents: count, moved: facts.moved };
      });
      await sayMoved(context, moved);
      noteDependents(context, issue.id, dependents);
      return { issue, labels, edges, dry_run: true };
    }
    let id = "";
    const { issue, labels, edges, dependents, facts } = await context.write(
      () => `bd: create ${id}`,
      async (tx) => {
        const loaded = await loadCreateFacts(tx, wanted);
        const planned = plan(loaded, tx.now());
        id = planned.issue.id;
        const source = { actor: actor.name, at: planned.issue.created_at, newId: context.newId };
        const event = insertEvents(ISSUES, [{ issue_id: id, event_type: "created" }], source);
        // The look comes before the issue's own dependencies, and costs no round trip.
        const [found] = await tx.all([dependentCount(id), ...writesOf(planned), event]);
        return { ...planned, dependents: found, facts: loaded };
      },
    );
    for (const note of notesOfParts(facts.config, facts.idOf)) context.note(note);
    await sayMoved(context, facts.moved);
    noteDependents(context, issue.id, dependents);
    await context.lastTouched.write(issue.id);
    return { issue, labels, edges, dry_run: false };
  },
  wire: { of: ({ issue }) => issue, schema: () => bareIssue() },
});

/** The same, for whoever only wants to go on with the id. */
export const captureIssue = defineOperation({
  ...createIssue,
  name: "issue.capture",
  wire: { of: ({ issue }) => ({ id: issue.id }), schema: () => z.looseObject({ id: z.string() }) },
});

/** Dependencies outlive the issue that they point to, and imports bring them before it. */
function noteDependents(context: ReadContext, id: string, count: number): void {
  if (count === 0) return;
  const issues = count === 1 ? "1 issue depends" : `${count} issues depend`;
  context.note(`${issues} on ${id} already, from before: ${command`bd dep list --direction=up ${id}`}`);
}

interface Planned {
  readonly issue: Issue;
  readonly labels: readonly string[];
  readonly edges: readonly Dependency[];
  /** The parent's counter, where the issue is a numbered child. */
  readonly child: { readonly parentId: string; readonly ordinal: number } | undefined;
  /** The project's counter, where the issue has a number of its own. */
  readonly numbered: { readonly prefix: string; readonly number: number } | undefined;
}

interface PlanOptions {
  readonly input: CreateInput;
  readonly draft: Draft;
  readonly items: readonly EdgeItem[];
  readonly facts: CreateFacts;
  /** Wire time. */
  readonly at: string;
  readonly suffixes: readonly string[];
}

/** Decides id, labels and edges. Throws BdError when a rule says no. */
function planIssue({ input, draft, items, facts, at, suffixes }: PlanOptions): Planned {
  const { parent } = facts;
  const { id, number } = idOf(input, facts, suffixes);
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

function idOf(input: CreateInput, facts: CreateFacts, suffixes: readonly string[]): ChosenId {
  if (input.id !== undefined) return { id: checkChosenId(input.id, facts, input.force) };
  if (facts.parent === undefined) return chooseId(suffixes, facts);
  const { id: parentId, lastCounted, descendantIds } = facts.parent;
  return { id: chooseChildId({ parentId, lastCounted, descendantIds }).id };
}

function writesOf({ issue, labels, edges, child, numbered }: Planned): Query<number>[] {
  const metadata = issue.metadata === undefined ? "" : JSON.stringify(issue.metadata);
  return [
    insertIssues(ISSUES, [{ issue, contentHash: contentHash(issue, metadata) }]),
    ...(labels.length === 0
      ? []
      : [
          insertLabels(
            ISSUES,
            labels.map((label) => ({ issue_id: issue.id, label })),
          ),
        ]),
    ...(edges.length === 0 ? [] : [insertDependencies(ISSUES, edges)]),
    ...(child === undefined ? [] : [saveChildCounter(child.parentId, child.ordinal)]),
    ...(numbered === undefined ? [] : [saveIssueCounter(numbered.prefix, numbered.number)]),
  ];
}

interface EdgeItem extends DepsItem {
  readonly metadata?: string;
}

/** The edges that the flags ask for. */
function edgeItems({ deps, waits_for, waits_for_gate = DEFAULT_GATE }: CreateInput): EdgeItem[] {
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

function seedOf(draft: Draft, creator: string, now: Date) {
  return {
    title: draft.title,
    description: draft.description ?? "",
    creator,
    createdAtNs: BigInt(now.getTime()) * 1_000_000n,
  };
}
