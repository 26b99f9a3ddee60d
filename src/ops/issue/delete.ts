import * as z from "zod/mini";
import { eventValue } from "../../core/event-row.ts";
import type { Issue } from "../../core/issue/issue.ts";
import type { Snapshot } from "../../core/merge/snapshot.ts";
import { checkText } from "../../core/text-limits.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { BdError, command } from "../../errors.ts";
import { birthRows, deleteEdgesTo, deleteIssues } from "../../store/queries/deletion.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import { type EventSource, insertEvents } from "../../store/queries/write-events.ts";
import { updateIssue } from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";
import type { Transaction } from "../../store/session-types.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type Several } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { edgeEnds } from "../wire/issue-schemas.ts";
import { type DeletionPlan, planDeletion } from "./write/plan-deletion.ts";
import { tombstonesOf } from "./write/remember-deleted.ts";
import { familyNames } from "./write/write-and-read.ts";

const DeleteInput = z.strictObject({
  ids: z.array(z.string()),
  /** Without it nothing is deleted: the answer says what would be. */
  force: z.boolean(),
  /** All issues that depend on them go, too. */
  cascade: z.boolean(),
  dry_run: z.boolean(),
  reason: z.optional(z.string()),
});

type DeleteInput = z.infer<typeof DeleteInput>;

export interface DeleteResult extends Several {
  /** Undefined where none of the names stands for an issue. */
  readonly deletion: Deletion | undefined;
}

export interface Deletion {
  readonly issues: readonly Pick<Issue, "id" | "title">[];
  readonly dependencies: readonly {
    readonly issue_id: string;
    readonly depends_on_id: string;
    readonly type: string;
  }[];
  readonly labels: number;
  readonly events: number;
  /** Ids of issues that stay and depended on one that goes. */
  readonly orphaned: readonly string[];
  /** Ids of issues whose texts say `[deleted:ID]` instead. */
  readonly renamed: readonly string[];
  readonly isPreview: boolean;
  readonly isOne: boolean;
}

/**
 * Deletes issues with all that hangs on them, or says what that would do. Dolt's history keeps them. Throws BdError usage
 * NO_ISSUE; not-found where one of them is not there: then none is deleted.
 */
export const deleteTheIssues = defineOperation({
  name: "issue.delete",
  access: "write",
  input: DeleteInput,
  async run(context, input: DeleteInput): Promise<DeleteResult> {
    if (input.reason !== undefined) checkText("text", input.reason);
    if (input.ids.length === 0) {
      throw new BdError("usage", "NO_ISSUE", "no issue was named", { hint: command`bd delete --help` });
    }
    if (!input.force || input.dry_run) {
      const plan = await context.read((reader) => planDeletion(reader, input));
      await sayMoved(context, plan.moved);
      return resultOf(plan, { isPreview: true });
    }
    const actor = (await context.actor()).name;
    let deleted: readonly string[] = [];
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => messageOf(deleted, input.reason),
      async (tx) => {
        const plan = await planDeletion(tx, input);
        // A list with a mistake in it may be the wrong list.
        const [failure] = plan.failures;
        if (failure !== undefined) throw failure.error;
        moved = plan.moved;
        deleted = plan.issues.map(({ found }) => found.issue.id);
        if (deleted.length > 0) await carryOut(tx, plan, { actor, newId: context.newId });
        return resultOf(plan, { isPreview: false });
      },
    );
    await sayMoved(context, moved);
    return result;
  },
  wire: {
    of: ({ deletion }) => {
      const { issues, dependencies, labels, events, orphaned, renamed, isPreview, isOne } = deletion ?? NOTHING_DELETED;
      const ids = issues.map(({ id }) => id);
      return {
        ...(isPreview ? { dry_run: true, would_delete: ids } : { deleted: isOne ? ids[0] : ids }),
        deleted_count: isPreview ? 0 : ids.length,
        dependencies_removed: dependencies.length,
        labels_removed: labels,
        events_removed: events,
        references_updated: renamed.length,
        orphaned_issues: orphaned,
        dependencies: dependencies.map(({ issue_id, depends_on_id, type }) => ({ issue_id, depends_on_id, type })),
        references: renamed,
      };
    },
    schema: () =>
      z.looseObject({
        // A text where one issue was named, as with the peer.
        deleted: z.optional(z.union([z.string(), z.array(z.string())])),
        would_delete: z.optional(z.array(z.string())),
        dry_run: z.optional(z.literal(true)),
        deleted_count: natural(),
        dependencies_removed: natural(),
        labels_removed: natural(),
        events_removed: natural(),
        references_updated: natural(),
        orphaned_issues: z.array(z.string()),
        dependencies: z.array(z.looseObject({ ...edgeEnds(), type: z.string() })),
        references: z.array(z.string()),
      }),
  },
});

const NOTHING_DELETED: Deletion = {
  issues: [],
  dependencies: [],
  labels: 0,
  events: 0,
  orphaned: [],
  renamed: [],
  isPreview: false,
  isOne: false,
};

/** So many ids stand in the message of a commit. */
const NAMED = 20;

function messageOf(ids: readonly string[], reason: string | undefined): string {
  const named = ids.slice(0, NAMED).join(" ");
  const others = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
  return `bd: delete ${named}${others}${reason === undefined ? "" : `: ${reason.trim().replaceAll(/\s+/g, " ")}`}`;
}

function resultOf(plan: DeletionPlan, { isPreview }: Pick<Deletion, "isPreview">): DeleteResult {
  const issues = plan.issues.map(({ found }) => found.issue);
  const deletion = {
    issues: issues.map(({ id, title }) => ({ id, title })),
    dependencies: plan.edges,
    labels: issues.reduce((sum, { labels = [] }) => sum + labels.length, 0),
    events: plan.events,
    orphaned: plan.orphaned,
    renamed: plan.renamed.map(({ issue }) => issue.id),
    isPreview,
    isOne: issues.length === 1,
  };
  return { deletion: issues.length === 0 ? undefined : deletion, failures: plan.failures };
}

/** What is deleted goes first: texts of others may name it as long as it is there. */
async function carryOut(tx: Transaction, plan: DeletionPlan, source: Omit<EventSource, "at">): Promise<void> {
  const idsIn = (tables: TableFamily) =>
    plan.issues.filter((item) => item.tables === tables).map(({ found }) => found.issue.id);
  const remembered = plan.remembers ? idsIn(ISSUE_TABLES) : [];
  const births: Snapshot = remembered.length === 0 ? new Map() : (await tx.all([birthRows(remembered)]))[0];
  await tx.all([
    ...tombstonesOf(births),
    ...deleteEdgesTo(plan.issues.map(({ found }) => found.issue.id)),
    ...deleteIssues(ISSUE_TABLES, idsIn(ISSUE_TABLES)),
    ...deleteIssues(WISP_TABLES, idsIn(WISP_TABLES)),
    ...plan.renamed.flatMap((item) => renaming(item, { ...source, at: changeTime(tx.now(), item.issue.updated_at) })),
  ]);
}

function renaming({ tables, issue, texts }: DeletionPlan["renamed"][number], source: EventSource): Query<number>[] {
  const family = familyNames(tables);
  const event = {
    issue_id: issue.id,
    event_type: "updated" as const,
    old_value: eventValue(issue),
    new_value: eventValue(texts),
  };
  return [updateIssue(family, issue.id, { ...texts, updated_at: source.at }), insertEvents(family, [event], source)];
}
