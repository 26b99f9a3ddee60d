import * as z from "zod/mini";
import type { Claim } from "../../core/claim/claim.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError } from "../../errors.ts";
import { type CloseFacts, closeFacts } from "../../store/queries/close-facts.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import { lastClaimsOf } from "../../store/queries/last-claims.ts";
import { issueColumns, moveIssue } from "../../store/queries/move-issue.ts";
import type { ProjectConfig } from "../../store/queries/project-config.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import type { EventSource } from "../../store/queries/write-events.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Transaction } from "../../store/session-types.ts";
import { loadNamed, type NamedIssue, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { type Named, namesOrLastTouched } from "../named-issues/names-or-last-touched.ts";
import { notesOfParts } from "../named-issues/resolve-ids.ts";
import { claimMoved, type Moved, meantBy, movedAmong, NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type ItemFailure, type Several } from "../operation.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { closableOf } from "./write/close-guards.ts";
import { checkExpected, checkVersion } from "./write/expected-texts.ts";
import { concernsHolder, planHolding } from "./write/plan-holding.ts";
import { checkWords, planUpdate } from "./write/plan-update.ts";
import { type ParentFacts, parentFacts, Reparenting, resolveParent } from "./write/reparent.ts";
import { sayPast } from "./write/say-past.ts";
import { asksForChanges, type Changes, changesFrom, UpdateInput } from "./write/update-input.ts";
import { updateWrites } from "./write/update-writes.ts";
import { familyNames, type PlannedIssue, writeBack } from "./write/write-and-read.ts";

export interface UpdateResult extends Several {
  /** As they are now, changed or not; empty where no change was asked for. */
  readonly issues: readonly Issue[];
  /** Ids of those that are otherwise than before. */
  readonly changed: readonly string[];
}

/** Who changes, and for which session. */
interface Changer extends Omit<EventSource, "at"> {
  readonly session: string | undefined;
}

/** And when. */
interface Change extends EventSource, Changer {}

export const updateIssues = defineOperation({
  name: "issue.update",
  access: "write",
  input: UpdateInput,
  async run(context, input: UpdateInput): Promise<UpdateResult> {
    if (!asksForChanges(input)) return { issues: [], changed: [], failures: [] };
    const changes = changesFrom(input, context.clock(), context.machine.zone);
    const named = await namesOrLastTouched(input.ids, context);
    const changer = {
      actor: (await context.actor()).name,
      newId: context.newId,
      session: await context.claimSession(),
    };
    let changed: readonly string[] = [];
    let notes: readonly string[] = [];
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => `bd: ${verbOf(input)} ${changed.join(" ")}`,
      async (tx) => {
        const { planned, failures, ...said } = await plan(tx, { input, named, changes, changer });
        notes = said.notes;
        moved = said.moved;
        changed = planned.filter(({ writes }) => writes.length > 0).map(({ issue }) => issue.id);
        return { issues: await writeBack(tx, planned), changed, failures };
      },
    );
    for (const note of notes) context.note(note);
    await sayMoved(context, moved);
    const [first] = result.issues;
    if (first !== undefined) sayPast(context, input.defer, changes.fields.defer_until);
    if (first !== undefined) await context.lastTouched.write(first.id);
    return result;
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(labelledIssue()) },
});

const ChangeInput = z.extend(z.omit(UpdateInput, { ids: true }), { id: z.string() });

/** The same for one issue, which it gives by itself. Throws what `updateIssues` gives as a failure. */
export const changeIssue = defineOperation({
  name: "issue.change",
  access: "write",
  input: ChangeInput,
  async run(context, { id, ...changes }: z.infer<typeof ChangeInput>): Promise<Issue> {
    const { issues, failures } = await updateIssues.run(context, { ...changes, ids: [id] });
    const [issue] = issues;
    if (issue === undefined) throw failures[0]?.error ?? new BdError("usage", "BAD_INPUT", "no change was asked for");
    return issue;
  },
  wire: { of: (issue) => issue, schema: () => labelledIssue() },
});

/** A claim alone is told from other changes in the history. */
function verbOf({ claim, steal, release, ids, ...rest }: UpdateInput): string {
  if (!concernsHolder({ claim, steal, release }) || asksForChanges({ ids, ...rest })) return "update";
  return release === true ? "release" : "claim";
}

interface Target {
  readonly issue: Issue;
  readonly lastClaim: Claim | undefined;
  readonly facts: CloseFacts | undefined;
}

interface UpdateRequest {
  readonly input: UpdateInput;
  readonly named: Named;
  readonly changes: Changes;
  readonly changer: Changer;
}

/** Reads what the changes depend on and decides what to write; one issue that can't be changed does not stop others. */
async function plan(
  tx: Transaction,
  { input, named: { names, whole }, changes, changer }: UpdateRequest,
): Promise<{ planned: PlannedIssue[]; failures: ItemFailure[]; notes: string[]; moved: Moved }> {
  const { parent } = input;
  const aboutParents: Query<ParentFacts | undefined> = parent === undefined ? NOTHING_BESIDE : parentFacts(parent);
  const home = homeOf(input);
  const named = await loadNamed(tx, names, {
    load: (selection) => targetsOf(selection, { claims: concernsHolder(input), closes: closes(changes) }),
    beside: combine([aboutParents, home === undefined ? NO_COLUMNS : issueColumns], (found, columns) => ({
      parents: found,
      columns,
    })),
    whole,
  });
  const { config } = named;
  const { parents: beside, columns } = named.beside;
  const exact = beside?.exact ?? [];
  const parentId = parent === undefined ? undefined : await resolveParent(tx, parent, { config, exact });
  const reparenting = beside === undefined ? undefined : new Reparenting(parentId, beside.edges);
  checkWords(changes, config);
  const planned: PlannedIssue[] = [];
  const failures = [...named.failures];
  const notes = notesOfParts(config, new Map(parentId === undefined ? [] : [[parent ?? "", parentId]]));
  const refused = closes(changes) ? refusedToClose(named.items, { config, at: toWireTime(tx.now()) }) : [];
  failures.push(...refused);
  const items = named.items.filter(({ found }) => !refused.some(({ item }) => item === found.issue.id));
  for (const item of items) {
    const change = { ...changer, at: changeTime(tx.now(), item.found.issue.updated_at) };
    const meant = concernsHolder(input) ? meantBy(item.found.issue.id, named.moved.holds, changer) : undefined;
    try {
      if (meant !== undefined) throw claimMoved(meant);
      checkExpected(item.found.issue, input.expected);
      checkVersion(item.found.issue, input.if_version);
      notes.push(...missingLabels(item.found.issue, changes));
      const { note, ...one } = planOne(item, { input, changes, change, config, reparenting, home, columns });
      if (note !== undefined) notes.push(note);
      planned.push(one);
    } catch (error) {
      if (!(error instanceof BdError)) throw error;
      failures.push({ item: item.found.issue.id, error });
    }
  }
  // Of a claim that was refused the error says it.
  const above = await movedAmong(tx, parentId === undefined ? [] : [parentId], named.movedIds);
  const moved = {
    ids: [...planned.map(({ issue }) => issue.id), ...above.ids],
    holds: [...named.moved.holds, ...above.holds],
  };
  return { planned, failures, notes, moved };
}

interface OneUpdate {
  readonly input: UpdateInput;
  readonly changes: Changes;
  readonly change: Change;
  readonly config: ProjectConfig;
  readonly reparenting: Reparenting | undefined;
  /** Where it is to live; undefined for where it does. */
  readonly home: TableFamily | undefined;
  /** See `issueColumns`; of an issue that moves. */
  readonly columns: readonly string[];
}

const NO_COLUMNS: Query<string[]> = { statements: [], decode: () => [] };

function homeOf({ ephemeral, persistent }: UpdateInput): TableFamily | undefined {
  if (ephemeral === true) return WISP_TABLES;
  return persistent === true ? ISSUE_TABLES : undefined;
}

/** Claims first, so that the other changes start from a claimed issue. Throws BdError where a rule says no. */
function planOne(
  target: NamedIssue<Target>,
  { input, changes, change, config, reparenting, home, columns }: OneUpdate,
): PlannedIssue & { readonly note: string | undefined } {
  const { issue, lastClaim } = target.found;
  const { issue: held, patch, event, note } = planHolding(input, { issue, lastClaim, ...change, now: change.at });
  const update = planUpdate(held, changes, { ...change, config });
  const made = { created_at: change.at, created_by: change.actor };
  const tables = home ?? target.tables;
  const family = familyNames(tables);
  const moving = tables === target.tables ? [] : moveIssue({ from: target.tables, to: tables, id: issue.id, columns });
  const whole = {
    ...update,
    patch: { ...patch, ...update.patch },
    events: [...(event ? [event] : []), ...update.events],
  };
  const under = reparenting?.move(issue.id, family, made) ?? [];
  const writes = [...moving, ...updateWrites(family, issue.id, whole, change), ...under];
  return { issue, tables, writes, note };
}

/** To take off what is not there is more likely a slip. */
function missingLabels({ id, labels = [] }: Issue, { removeLabels, addLabels }: Changes): string[] {
  const missing = removeLabels.filter((label) => !labels.includes(label) && !addLabels.includes(label));
  return missing.map((label) => `${id} has no label '${label}'`);
}

function closes({ status }: Changes): boolean {
  return status === "closed";
}

/** `--status closed` is `bd close` by another name, and obeys what guards that. */
function refusedToClose(
  items: readonly NamedIssue<Target>[],
  { config, at }: { readonly config: ProjectConfig; readonly at: string },
): readonly ItemFailure[] {
  const targets = items.flatMap(({ found: { issue, facts } }) => (facts === undefined ? [] : [{ issue, facts }]));
  return closableOf(targets, { customStatuses: config.customStatuses, at, force: false }).failures;
}

/** The last claims, and what guards the closing, are read only where they decide something. */
function targetsOf(
  selection: Selection,
  { claims: withClaims, closes: withFacts }: { readonly claims: boolean; readonly closes: boolean },
): Query<Target[]> {
  return combine(
    [
      labelledIssues(selection),
      withClaims ? lastClaimsOf(selection) : NOTHING_BESIDE,
      withFacts ? closeFacts(selection) : NOTHING_BESIDE,
    ],
    (found, claims, facts) => found.map((issue) => ({ issue, lastClaim: claims?.get(issue.id), facts })),
  );
}
