import * as z from "zod/mini";
import type { IssueWithCounts } from "../../core/issue.ts";
import type { IssueFilter } from "../../core/issue-filter.ts";
import { SORT_FIELDS } from "../../core/issue-filter.ts";
import { parseStatusFilter } from "../../core/status.ts";
import { countIssues } from "../../store/queries/issues.ts";
import { listedIssues } from "../../store/queries/listed-issues.ts";
import { type ProjectConfig, projectConfig } from "../../store/queries/project-config.ts";
import { selectIssues } from "../../store/queries/selection.ts";
import { ISSUE_TABLES, WISP_TABLES } from "../../store/queries/tables.ts";
import { defineOperation } from "../operation.ts";
import { FilterInput, filterFrom } from "./filter-input.ts";

export const ListInput = z.strictObject({
  filter: FilterInput,
  /** 0 for all. */
  limit: z.int().check(z.gte(0)),
  sort: z.enum(SORT_FIELDS),
  reverse: z.boolean(),
});

export interface ListResult {
  readonly issues: readonly IssueWithCounts[];
  /** How many the filter finds, whatever the limit. */
  readonly total: number;
}

export const listIssues = defineOperation({
  name: "issue.list",
  access: "read",
  input: ListInput,
  async run(context, input: z.infer<typeof ListInput>): Promise<ListResult> {
    const filter = filterFrom(input.filter, context.clock());
    const options = { filter, order: { field: input.sort, reverse: input.reverse }, limit: input.limit };
    const [config, issues, issueCount, wisps, wispCount] = await context.read((reader) =>
      reader.all([
        projectConfig,
        listedIssues(selectIssues(ISSUE_TABLES, options)),
        countIssues(ISSUE_TABLES, filter),
        listedIssues(selectIssues(WISP_TABLES, options)),
        countIssues(WISP_TABLES, filter),
      ]),
    );
    checkFilter(filter, config);
    const all = [...issues, ...wisps];
    return { issues: input.limit > 0 ? all.slice(0, input.limit) : all, total: issueCount + wispCount };
  },
});

/** A status that nobody configured finds nothing, and is more likely a slip. Throws BdError usage INVALID_STATUS. */
export function checkFilter(filter: IssueFilter, config: ProjectConfig): void {
  for (const status of filter.statuses ?? []) parseStatusFilter(status, config.customStatuses);
}
