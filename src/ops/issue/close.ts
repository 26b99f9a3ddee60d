import * as z from "zod/mini";
import { type Claim, endedClaim } from "../../core/claim/claim.ts";
import type { Issue, IssueWithCounts } from "../../core/issue/issue.ts";
import type { CustomStatus } from "../../core/issue/status.ts";
import { freedByClosing } from "../../core/ready/readiness.ts";
import { checkText } from "../../core/text-limits.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { type CloseFacts, closeFacts } from "../../store/queries/close-facts.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import { lastClaimsOf } from "../../store/queries/last-claims.ts";
import { type LoadedReadiness, loadReadiness } from "../../store/queries/readiness-facts.ts";
import { type Selection, selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { EventSource } from "../../store/queries/write-events.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Transaction } from "../../store/session-types.ts";
import { loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { type Named, namesOrLastTouched } from "../named-issues/names-or-last-touched.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type Several } from "../operation.ts";
import { labelledIssue, listedIssue } from "../wire/issue-schemas.ts";
import { claimNextReady } from "./claim-next.ts";
import { ALL_READY, readyQuestion } from "./find/find-ready.ts";
import { closableOf, openChildren, uncheckedGate } from "./write/close-guards.ts";
import { closeWrites } from "./write/close-writes.ts";
import { type PlannedIssue, writeBack } from "./write/write-and-read.ts";

export const CloseInput = z.strictObject({
  /** None: the issue that was touched last. */
  ids: z.array(z.string()),
  reason: z.optional(z.string()),
  force: z.boolean(),
  /** Tell what became unblocked. */
  suggest_next: z.boolean(),
  /** Claim the first issue that is ready then. */
  claim_next: z.boolean(),
});

export type CloseInput = z.infer<typeof CloseInput>;

export interface CloseResult extends Several {
  /** As they are now, those that were closed already included. */
  readonly issues: readonly Issue[];
  /** Ids of those that were closed already, which stay as they were. */
  readonly already: readonly string[];
  /** Undefined unless asked for. */
  readonly unblocked: readonly Issue[] | undefined;
  /** At most one; undefined unless asked for, and where nothing was closed. */
  readonly claimed: readonly IssueWithCounts[] | undefined;
  /** Whether the session had that one before. */
  readonly held?: boolean;
}

export const closeIssues = defineOperation({
  name: "issue.close",
  access: "write",
  input: CloseInput,
  async run(context, input: CloseInput): Promise<CloseResult> {
    const named = await namesOrLastTouched(input.ids, context);
    checkClose(input, named);
    const question = await readyQuestion(context, ALL_READY);
    const asked = question.now;
    const actor = (await context.actor()).name;
    const session = await context.claimSession();
    const closing = { input, named, session, asked: toWireTime(asked), source: { actor, newId: context.newId } };
    let closed: readonly string[] = [];
    let claimed: readonly IssueWithCounts[] = [];
    let held = false;
    let notes: readonly string[] = [];
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => [`bd: close ${closed.join(" ")}`, ...(held ? [] : claimed.map(({ id }) => `, claim ${id}`))].join(""),
      async (tx) => {
        const { planned, failures, readiness, ...found } = await plan(tx, closing);
        moved = found.moved;
        const changed = planned.filter(({ writes }) => writes.length > 0);
        closed = changed.map(({ issue }) => issue.id);
        notes = [...changed.flatMap(({ issue }) => uncheckedNote(issue) ?? []), ...found.left, ...found.ended];
        const issues = await writeBack(tx, planned);
        const next =
          input.claim_next && changed.length > 0
            ? await claimNextReady(tx, { question, actor, session }, context.newId)
            : undefined;
        claimed = next?.claimed === undefined ? [] : [next.claimed];
        held = next?.held === true;
        return {
          issues,
          already: planned.filter(({ writes }) => writes.length === 0).map(({ issue }) => issue.id),
          unblocked: input.suggest_next ? await freedIssues(tx, readiness, closed) : undefined,
          claimed: input.claim_next && changed.length > 0 ? claimed : undefined,
          ...(held ? { held } : {}),
          failures,
        };
      },
    );
    for (const note of notes) context.note(note);
    await sayMoved(context, moved);
    const [first] = result.issues;
    if (first !== undefined) await context.lastTouched.write(first.id);
    return result;
  },
  wire: {
    of: payloadOf,
    schema: () =>
      z.union([
        z.array(labelledIssue()),
        z.looseObject({
          closed: z.array(labelledIssue()),
          unblocked: z.optional(z.array(labelledIssue())),
          claimed: z.optional(z.nullable(listedIssue())),
        }),
      ]),
  },
});

function checkClose({ reason, suggest_next, claim_next }: CloseInput, { names }: Named): void {
  if (reason !== undefined) checkText("close_reason", reason);
  if (names.length > 1 && (suggest_next || claim_next)) {
    const flag = suggest_next ? "--suggest-next" : "--claim-next";
    throw new BdError("usage", "ONE_ISSUE_ONLY", `${flag} needs a single issue, not ${names.length}`, {
      hint: command`bd close --help`,
    });
  }
}

interface Closing {
  readonly input: CloseInput;
  readonly named: Named;
  readonly session: string | undefined;
  /** Wire time of the question what closing sets free. */
  readonly asked: string;
  readonly source: Omit<EventSource, "at">;
}

interface Target {
  readonly issue: Issue;
  readonly facts: CloseFacts;
  readonly lastClaim: Claim | undefined;
}

/** Reads what the guards look at and decides what to write; one issue that must stay open does not stop others. */
async function plan(tx: Transaction, closing: Closing) {
  const {
    input,
    named: { names, whole },
    asked,
  } = closing;
  const graph: Query<LoadedReadiness | undefined> = input.suggest_next ? loadReadiness(asked) : NOTHING_BESIDE;
  const named = await loadNamed(tx, names, { load: targets, beside: graph, whole });
  const now = tx.now();
  const { failures, closable } = closableOf(
    named.items.map(({ found }) => found),
    { customStatuses: named.config.customStatuses, at: toWireTime(now), force: input.force },
  );
  const planned = named.items.flatMap((item): PlannedIssue[] => {
    const { tables, found } = item;
    if (found.issue.status === "closed") return [{ issue: found.issue, tables, writes: [] }];
    return closable.has(found.issue.id)
      ? [
          {
            issue: found.issue,
            tables,
            writes: closeWrites({ issue: found.issue, tables }, { ...closing, reason: input.reason, now }),
          },
        ]
      : [];
  });
  const left = named.items.flatMap(({ found }) =>
    closable.has(found.issue.id)
      ? leftOpen(found, { closing: closable, customStatuses: named.config.customStatuses })
      : [],
  );
  const ended = named.items.flatMap(({ found: { issue, lastClaim } }) => {
    const { session, source } = closing;
    const whose = closable.has(issue.id) ? endedClaim({ issue, lastClaim, actor: source.actor, session }) : undefined;
    return whose === undefined ? [] : [`${issue.id} was claimed by ${whose}; closing it ended that claim`];
  });
  const moved = { ...named.moved, ids: planned.map(({ issue }) => issue.id) };
  return { planned, failures: [...named.failures, ...failures], readiness: named.beside, moved, left, ended };
}

function targets(selection: Selection): Query<Target[]> {
  return combine([labelledIssues(selection), closeFacts(selection), lastClaimsOf(selection)], (issues, facts, claims) =>
    issues.map((issue) => ({ issue, facts, lastClaim: claims.get(issue.id) })),
  );
}

async function freedIssues(
  tx: Transaction,
  readiness: LoadedReadiness | undefined,
  closed: readonly string[],
): Promise<readonly Issue[]> {
  const freed = readiness === undefined || closed.length === 0 ? [] : freedByClosing(readiness.facts, closed);
  if (freed.length === 0) return [];
  const selection = selectIds(ISSUE_TABLES, freed, "freed");
  const [, issues] = await tx.all([selection.choose, labelledIssues(selection)]);
  return issues;
}

/** Nobody who closes a parent closes its children with it. */
function leftOpen(
  { issue: { id }, facts }: Target,
  rules: { readonly closing: ReadonlySet<string>; readonly customStatuses: readonly CustomStatus[] },
): string[] {
  const count = openChildren(id, facts, rules).length;
  if (count === 0) return [];
  return [`${count === 1 ? "1 child" : `${count} children`} of ${id} stayed open: ${command`bd list --parent=${id}`}`];
}

function uncheckedNote(issue: Issue): string | undefined {
  const condition = uncheckedGate(issue);
  return condition === undefined ? undefined : `gate ${issue.id} waits for ${condition}, which is not checked here`;
}

function payloadOf(
  { issues, unblocked = [], claimed = [] }: CloseResult,
  { suggest_next: suggests, claim_next: claims }: CloseInput,
): unknown {
  if (!suggests && !claims) return issues;
  return { closed: issues, ...(suggests ? { unblocked } : {}), ...(claims ? { claimed: claimed[0] ?? null } : {}) };
}
