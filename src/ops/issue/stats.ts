import * as z from "zod/mini";
import { epicProgress } from "../../core/dependency/epic-progress.ts";
import type { IssueFilter } from "../../core/issue/issue-filter.ts";
import { blockedIds } from "../../core/ready/readiness.ts";
import { averageLeadSeconds, countIssuesBy, type GroupCount } from "../../store/queries/issue-counts.ts";
import { idsThatFit } from "../../store/queries/readiness-facts.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { Query } from "../../store/query.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { ALL_READY, findReady, readyQuestion } from "./find/find-ready.ts";

const StatsInput = z.strictObject({
  /** Only what is assigned to the one who asks. */
  assigned_to_me: z.boolean(),
});

export interface Statistics {
  readonly total_issues: number;
  readonly open_issues: number;
  readonly in_progress_issues: number;
  readonly closed_issues: number;
  /** What `bd blocked` lists. */
  readonly blocked_issues: number;
  readonly deferred_issues: number;
  /** What `bd ready` lists. */
  readonly ready_issues: number;
  readonly pinned_issues: number;
  /** Unfinished epics whose children, one at least, are all done. */
  readonly epics_eligible_for_closure: number;
  /** From creation to closing, to two digits. */
  readonly average_lead_time_hours: number;
}

export const issueStats = defineOperation({
  name: "issue.stats",
  access: "read",
  input: StatsInput,
  async run(context, input: z.infer<typeof StatsInput>): Promise<{ summary: Statistics }> {
    const assignee = input.assigned_to_me ? (await context.actor()).name : undefined;
    const filter: IssueFilter = { assignee };
    const question = await readyQuestion(context, { ...ALL_READY, filter: { assignee } });
    const [found, statuses, pinnedByStatus, leadSeconds, epics, mine] = await context.read((reader) =>
      reader.all([
        findReady(question),
        countIssuesBy("status", ISSUE_TABLES, filter),
        countIssuesBy("status", ISSUE_TABLES, { ...filter, pinned: true }),
        averageLeadSeconds(ISSUE_TABLES, filter),
        idsThatFit({ ...filter, types: ["epic"] }),
        assignee === undefined ? EVERYTHING : idsThatFit(filter),
      ]),
    );
    const countOf = (status: string) => statuses.find(({ group }) => group === status)?.count ?? 0;
    const pinnedBeside = pinnedByStatus.filter(({ group }) => group !== "pinned");
    const blocked = blockedIds(found.readiness);
    const myIds = mine && new Set(mine);
    return {
      summary: {
        total_issues: sumOf(statuses),
        open_issues: countOf("open"),
        in_progress_issues: countOf("in_progress"),
        closed_issues: countOf("closed"),
        blocked_issues: blocked.filter((id) => myIds?.has(id) ?? true).length,
        deferred_issues: countOf("deferred"),
        ready_issues: found.ids.length,
        pinned_issues: sumOf(pinnedBeside) + countOf("pinned"),
        epics_eligible_for_closure: epicProgress(epics, found.facts).filter(({ eligible }) => eligible).length,
        average_lead_time_hours: Math.round(leadSeconds / 36) / 100,
      },
    };
  },
  wire: {
    of: (output) => output,
    schema: () =>
      z.looseObject({
        summary: z.looseObject({
          total_issues: natural(),
          open_issues: natural(),
          in_progress_issues: natural(),
          closed_issues: natural(),
          blocked_issues: natural(),
          deferred_issues: natural(),
          ready_issues: natural(),
          pinned_issues: natural(),
          epics_eligible_for_closure: natural(),
          average_lead_time_hours: z.number(),
        }),
      }),
  },
});

const EVERYTHING: Query<undefined> = { statements: [], decode: () => undefined };

function sumOf(groups: readonly GroupCount[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
