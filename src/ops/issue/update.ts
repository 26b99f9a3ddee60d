import { type Claim, planClaim } from "../../core/claim.ts";
import type { IssueEvent } from "../../core/event.ts";
import type { Issue } from "../../core/issue.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { BdError } from "../../errors.ts";
import { labelledIssues } from "../../store/queries/labelled-issues.ts";
import { lastClaimsOf } from "../../store/queries/last-claims.ts";
import type { ProjectConfig } from "../../store/queries/project-config.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { type EventSource, insertEvents } from "../../store/queries/write-events.ts";
import { deleteLabels, type IssuePatch, insertLabels, updateIssue } from "../../store/queries/write-issues.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Transaction } from "../../store/store.ts";
import { defineOperation, type ItemFailure, type Several } from "../operation.ts";
import { type Named, namesOrLastTouched } from "./last-touched.ts";
import { bare, loadNamed, type NamedIssue, NOTHING_BESIDE } from "./named-issues.ts";
import { checkWords, planUpdate } from "./plan-update.ts";
import { type ParentFacts, parentFacts, Reparenting, resolveParent } from "./reparent.ts";
import { asksForChanges, type Changes, changesFrom, UpdateInput } from "./update-input.ts";
import { familyNames, type PlannedIssue, writeBack } from "./write-back.ts";

export interface UpdateResult extends Several {
  /** As they are now, changed or not; empty where no change was asked for. */
  readonly issues: readonly Issue[];
}

/** Who changes, when, and for which session. */
interface Change extends EventSource {
  readonly session: string | undefined;
}

export const updateIssues = defineOperation({
  name: "issue.update",
  access: "write",
  input: UpdateInput,
  async run(context, input: UpdateInput): Promise<UpdateResult> {
    if (!asksForChanges(input)) return { issues: [], failures: [] };
    const now = context.clock();
    const changes = changesFrom(input, now, context.machine.zone());
    const named = await namesOrLastTouched(input.ids, context);
    const change = {
      actor: (await context.actor()).name,
      at: toWireTime(now),
      newId: context.newId,
      session: await context.claimSession(),
    };
    let changed: readonly string[] = [];
    const result = await context.write(
      () => `bd: ${isOnlyClaim(input) ? "claim" : "update"} ${changed.join(" ")}`,
      async (tx) => {
        const { planned, failures } = await plan(tx, { input, named, changes, change });
        changed = planned.filter(({ writes }) => writes.length > 0).map(({ issue }) => issue.id);
        return { issues: await writeBack(tx, planned), failures };
      },
    );
    const [first] = result.issues;
    if (first !== undefined) await context.lastTouched.write(first.id);
    return result;
  },
});

function isOnlyClaim({ claim, ids, ...rest }: UpdateInput): boolean {
  return claim === true && !asksForChanges({ ids, ...rest });
}

interface Target {
  readonly issue: Issue;
  readonly lastClaim?: Claim | undefined;
}

interface UpdateRequest {
  readonly input: UpdateInput;
  readonly named: Named;
  readonly changes: Changes;
  readonly change: Change;
}

/** Reads what the changes depend on and decides what to write; one issue that can't be changed does not stop others. */
async function plan(
  tx: Transaction,
  { input, named: { names, whole }, changes, change }: UpdateRequest,
): Promise<{ planned: PlannedIssue[]; failures: ItemFailure[] }> {
  const { parent } = input;
  const aboutParents: Query<ParentFacts | undefined> = parent === undefined ? NOTHING_BESIDE : parentFacts(parent);
  const named = await loadNamed(tx, names, {
    load: (selection) => targets(selection, input.claim === true),
    beside: aboutParents,
    whole,
  });
  const { config, beside } = named;
  const reparenting =
    parent === undefined || beside === undefined
      ? undefined
      : new Reparenting(await resolveParent(tx, parent, { config, exact: beside.exact }), beside.edges);
  checkWords(changes, config);
  const planned: PlannedIssue[] = [];
  const failures = [...named.failures];
  for (const item of named.items) {
    try {
      planned.push(planOne(item, { claim: input.claim === true, changes, change, config, reparenting }));
    } catch (error) {
      if (!(error instanceof BdError)) throw error;
      failures.push({ item: item.found.issue.id, error });
    }
  }
  return { planned, failures };
}

interface OneUpdate {
  readonly claim: boolean;
  readonly changes: Changes;
  readonly change: Change;
  readonly config: ProjectConfig;
  readonly reparenting: Reparenting | undefined;
}

/** Claims first, so that the other changes start from a claimed issue. Throws BdError where a rule says no. */
function planOne(target: NamedIssue<Target>, { claim, changes, change, config, reparenting }: OneUpdate): PlannedIssue {
  const { issue, lastClaim } = target.found;
  const claimed = claim ? planClaim({ issue, lastClaim, ...change, now: change.at }) : undefined;
  const { patch, event } = claimed?.kind === "claim" ? claimed : NO_CLAIM;
  const update = planUpdate({ ...issue, ...patch }, changes, { ...change, config });
  const made = { created_at: change.at, created_by: change.actor };
  const writes = writesOf({
    target,
    patch: { ...patch, ...update.patch },
    events: [...(event === undefined ? [] : [event]), ...update.events],
    labels: { added: update.addedLabels, removed: update.removedLabels },
    moves: reparenting?.move(issue.id, familyNames(target.tables), made) ?? [],
    change,
  });
  return { issue, tables: target.tables, writes };
}

const NO_CLAIM = { patch: {}, event: undefined };

/** The last claims are read only where they decide something. */
function targets(selection: Selection, withClaims: boolean): Query<Target[]> {
  const issues = labelledIssues(selection);
  if (!withClaims) return bare(issues);
  return combine([issues, lastClaimsOf(selection)], (found, claims) =>
    found.map((issue) => ({ issue, lastClaim: claims.get(issue.id) })),
  );
}

interface PlannedWrites {
  readonly target: NamedIssue<Target>;
  readonly patch: IssuePatch;
  readonly events: readonly IssueEvent[];
  readonly labels: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly moves: readonly Query<number>[];
  readonly change: Change;
}

function writesOf({ target, patch, events, labels, moves, change }: PlannedWrites): Query<number>[] {
  const { id } = target.found.issue;
  const family = familyNames(target.tables);
  const writes = [
    ...(labels.added.length === 0
      ? []
      : [
          insertLabels(
            family,
            labels.added.map((label) => ({ issue_id: id, label })),
          ),
        ]),
    ...(labels.removed.length === 0 ? [] : [deleteLabels(family, id, labels.removed)]),
    ...moves,
    ...(events.length === 0 ? [] : [insertEvents(family, events, change)]),
  ];
  if (writes.length === 0 && Object.keys(patch).length === 0) return [];
  return [updateIssue(family, id, { ...patch, updated_at: change.at }), ...writes];
}
