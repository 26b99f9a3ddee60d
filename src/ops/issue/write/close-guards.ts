import type { Issue } from "../../../core/issue/issue.ts";
import { type CustomStatus, isDoneStatus } from "../../../core/issue/status.ts";
import { type Blocker, directBlockersOf, evaluateReadiness, readinessFacts } from "../../../core/ready/readiness.ts";
import { toWireTime } from "../../../core/time/wire-time.ts";
import { BdError, command } from "../../../errors.ts";
import type { CloseFacts, IssueStatus } from "../../../store/queries/close-facts.ts";
import type { ItemFailure } from "../../operation.ts";

/** What decides whether an issue may be closed. */
export interface CloseGuards {
  readonly issue: Issue;
  readonly facts: CloseFacts;
  /** Issues that the same command closes. */
  readonly closing: ReadonlySet<string>;
  readonly customStatuses: readonly CustomStatus[];
  /** Wire time. */
  readonly at: string;
  /** Lets everything pass but templates. */
  readonly force: boolean;
}

/**
 * Throws BdError rejected for what must stay open: TEMPLATE, PINNED, OPEN_CHILDREN, GATE_WAITING, BLOCKED, in this
 * order.
 */
export function checkClosable(guards: CloseGuards): void {
  const { issue, force } = guards;
  const { id } = issue;
  if (issue.is_template === true) {
    throw refused("TEMPLATE", `cannot close ${id}: it is a template`, { id });
  }
  if (force) return;
  if (issue.status === "pinned" || issue.pinned === true) {
    throw refused("PINNED", `cannot modify pinned issue ${id} (use --force to override)`, { id });
  }
  checkChildren(guards);
  checkTimer(guards);
  checkBlockers(guards);
}

/**
 * Which of some issues may be closed together, and why the others may not. Closing one may let another go: they are tried
 * until no more do, so the order of the names does not matter.
 */
export function closableOf(
  targets: readonly Pick<CloseGuards, "issue" | "facts">[],
  rules: Pick<CloseGuards, "customStatuses" | "at" | "force">,
): { readonly closable: ReadonlySet<string>; readonly failures: readonly ItemFailure[] } {
  const closable = new Set<string>();
  let waiting = targets.filter(({ issue }) => issue.status !== "closed");
  for (;;) {
    const failures: ItemFailure[] = [];
    const refusedNow = waiting.filter(({ issue, facts }) => {
      try {
        checkClosable({ issue, facts, closing: closable, ...rules });
        closable.add(issue.id);
        return false;
      } catch (error) {
        if (!(error instanceof BdError)) throw error;
        failures.push({ item: issue.id, error });
        return true;
      }
    });
    if (refusedNow.length === waiting.length || refusedNow.length === 0) return { closable, failures };
    waiting = refusedNow;
  }
}

/** The gate's condition, where nothing here can tell whether it is met. */
export function uncheckedGate({ issue_type: type, await_type: awaited }: Issue): string | undefined {
  return type === "gate" && awaited !== "timer" ? awaited : undefined;
}

/** The children that are neither finished nor closed together with their parent. */
export function openChildren(
  parent: string,
  facts: CloseFacts,
  { closing, customStatuses }: Pick<CloseGuards, "closing" | "customStatuses">,
): readonly IssueStatus[] {
  const children = facts.children.get(parent) ?? [];
  return children.filter(({ id, status }) => !closing.has(id) && !isDoneStatus(status, customStatuses));
}

function checkChildren({ issue, facts, ...rules }: CloseGuards): void {
  if (issue.issue_type !== "epic") return;
  const open = openChildren(issue.id, facts, rules);
  const [first] = open;
  if (first === undefined) return;
  throw refused(
    "OPEN_CHILDREN",
    `cannot close epic ${issue.id}: ${open.length} open child issue(s); close children first or use --force to override`,
    { id: first.id, children: open.map(({ id }) => id) },
  );
}

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

function checkTimer({ issue, at }: CloseGuards): void {
  if (issue.issue_type !== "gate" || issue.await_type !== "timer" || issue.timeout === undefined) return;
  const ends = toWireTime(new Date(Date.parse(issue.created_at) + Number(issue.timeout) / NANOSECONDS_PER_MILLISECOND));
  if (ends <= at) return;
  throw refused(
    "GATE_WAITING",
    `cannot close gate ${issue.id}: its timer runs until ${ends} (use --force to override)`,
    {
      id: issue.id,
      until: ends,
    },
  );
}

function checkBlockers(guards: CloseGuards): void {
  const { id } = guards.issue;
  const blockers = blockersLeft(guards);
  const [first] = blockers;
  if (first === undefined) return;
  const names = blockers.map((blocker) => (blocker.type === "blocks" ? blocker.id : `${blocker.id} (${blocker.type})`));
  throw refused(
    "BLOCKED",
    `cannot close ${id}: blocked by open issues [${names.join(" ")}] (use --force to override)`,
    {
      id: first.id,
      blocked_by: blockers.map((blocker) => blocker.id),
    },
  );
}

/** By the one definition of readiness, over the part of the graph that matters here. */
function blockersLeft({ issue, facts, closing, customStatuses, at }: CloseGuards): readonly Blocker[] {
  const statuses = new Map<string, IssueStatus>(facts.others.map((other) => [other.id, other]));
  for (const id of closing) statuses.set(id, { id, status: "closed" });
  statuses.set(issue.id, issue);
  const readiness = evaluateReadiness(readinessFacts(statuses.values(), facts.edges, { now: at, customStatuses }));
  return directBlockersOf(readiness, issue.id);
}

function refused(
  code: string,
  message: string,
  details: { readonly id: string; readonly [name: string]: unknown },
): BdError {
  return new BdError("rejected", code, message, { hint: command`bd show ${details.id}`, details });
}
