import * as z from "zod/mini";
import { findCycles } from "../../core/dependency/dependency-graph.ts";
import { isBlockingType } from "../../core/dependency/dependency-type.ts";
import type { Issue, IssueWithCounts } from "../../core/issue/issue.ts";
import { blockedIds, blockersOf, resolvedBlockersOf } from "../../core/ready/readiness.ts";
import { readyOrder } from "../../core/ready/ready-order.ts";
import { type IssueHead, issueHeads } from "../../store/queries/issue-heads.ts";
import { labelledByIds, listedIssues } from "../../store/queries/issues.ts";
import { selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { Reader } from "../../store/session-types.ts";
import { movedBeside, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { blockingCounts, labelledIssue } from "../wire/issue-schemas.ts";
import { type FoundReady, findReady, idsBelow, movedParent, ReadyInput, readyQuestion } from "./find/find-ready.ts";
import { requireKnownWords } from "./find/known-words.ts";

export type ExplainedReady = Omit<IssueWithCounts, "dependencies" | "comments" | "comment_count"> & {
  readonly reason: string;
  readonly resolved_blockers: readonly string[] | null;
};

export type ExplainedBlocked = Issue & {
  readonly blocked_by: readonly Pick<IssueHead, "id" | "title" | "status" | "priority">[];
  readonly blocked_by_count: number;
};

export interface ReadyExplanation {
  readonly ready: readonly ExplainedReady[];
  readonly blocked: readonly ExplainedBlocked[];
  /** Issues that wait for each other; missing where there are none. */
  readonly cycles?: readonly (readonly string[])[];
  readonly summary: { readonly total_ready: number; readonly total_blocked: number; readonly cycle_count: number };
}

export const explainReady = defineOperation({
  name: "issue.explain-ready",
  access: "read",
  input: ReadyInput,
  async run(context, input: ReadyInput): Promise<ReadyExplanation> {
    const question = await readyQuestion(context, input);
    const { now } = question;
    const { moved, ...explanation } = await context.read(async (reader) => {
      const [found, movedIds] = await reader.all([findReady(question), movedBeside(input.below)]);
      await requireKnownWords(reader, question.filter, found.config);
      const below = input.below === undefined ? undefined : idsBelow(input.below, found);
      const held = blockedIds(found.readiness).filter((id) => below?.has(id) ?? true);
      const { ready, blocked } = await readBoth(reader, found, {
        free: found.ids.slice(0, input.limit || undefined),
        held,
      });
      const cycles = cyclesIn(found);
      return {
        moved: await movedParent(reader, input.below, { loaded: found, movedIds }),
        ready,
        blocked: blocked.toSorted(readyOrder("priority", now)),
        ...(cycles.length === 0 ? {} : { cycles }),
        summary: { total_ready: found.ids.length, total_blocked: held.length, cycle_count: cycles.length },
      };
    });
    await sayMoved(context, moved);
    return explanation;
  },
  wire: {
    of: (output) => output,
    schema: () =>
      z.looseObject({
        ready: z.array(
          labelledIssue({
            ...blockingCounts(),
            reason: z.string(),
            resolved_blockers: z.nullable(z.array(z.string())),
          }),
        ),
        blocked: z.array(labelledIssue({ blocked_by: z.array(blocker()), blocked_by_count: natural() })),
        cycles: z.optional(z.array(z.array(z.string()))),
        summary: z.looseObject({ total_ready: natural(), total_blocked: natural(), cycle_count: natural() }),
      }),
  },
});

function blocker() {
  return z.looseObject({ id: z.string(), title: z.string(), status: z.string(), priority: z.int() });
}

async function readBoth(
  reader: Reader,
  { readiness, facts }: FoundReady,
  { free, held }: { readonly free: readonly string[]; readonly held: readonly string[] },
) {
  const blockers = [...new Set(held.flatMap((id) => blockersOf(readiness, id)))];
  const [ready, blocked, heads] = await reader.all([
    listedIssues(selectIds(ISSUE_TABLES, free)),
    labelledByIds(held, "blocked"),
    issueHeads(selectIds(ISSUE_TABLES, blockers, "blocker")),
  ]);
  const edges = Map.groupBy(facts.edges, ({ issue_id }) => issue_id);
  return {
    ready: ready.map((issue) => withReason(issue, resolvedBlockersOf(readiness, issue.id, edges.get(issue.id) ?? []))),
    blocked: blocked.map((issue) => withBlockers(issue, blockersOf(readiness, issue.id), heads)),
  };
}

function withReason(
  { dependencies: _edges, comment_count: _comments, ...issue }: IssueWithCounts,
  resolved: readonly string[],
): ExplainedReady {
  return resolved.length === 0
    ? { ...issue, reason: "no blocking dependencies", resolved_blockers: null }
    : { ...issue, reason: `${resolved.length} blocker(s) resolved`, resolved_blockers: resolved };
}

function withBlockers(
  issue: Issue,
  blockers: readonly string[],
  heads: ReadonlyMap<string, IssueHead>,
): ExplainedBlocked {
  const blockedBy = blockers.flatMap((id) => {
    const head = heads.get(id);
    return head === undefined ? [] : [{ id, title: head.title, status: head.status, priority: head.priority }];
  });
  return { ...issue, blocked_by: blockedBy, blocked_by_count: blockedBy.length };
}

/** Cycles that hold work back: finished issues on them would have opened them. */
function cyclesIn({ facts, readiness }: FoundReady): string[][] {
  const { active } = readiness;
  return findCycles(
    facts.edges.filter(
      (edge) => isBlockingType(edge.type) && active.has(edge.issue_id) && active.has(edge.depends_on_id),
    ),
  );
}
