import * as z from "zod/mini";
import { type LabelCount, labelCounts } from "../../store/queries/issue-counts.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { bare, loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";

const OneIssue = z.strictObject({ id: z.string() });

export interface LabelsOfIssue {
  readonly id: string;
  readonly labels: readonly string[];
}

/** The labels of one issue. Throws BdError not-found. */
export const listLabels = defineOperation({
  name: "label.list",
  access: "read",
  input: OneIssue,
  async run(context, { id }: z.infer<typeof OneIssue>): Promise<LabelsOfIssue> {
    const load = (selection: Selection) => bare(labelledIssues(selection));
    const { items, failures, moved } = await context.read((reader) =>
      loadNamed(reader, [id], { load, beside: NOTHING_BESIDE }),
    );
    const [failure] = failures;
    if (failure !== undefined) throw failure.error;
    await sayMoved(context, moved);
    const issue = items[0]?.found.issue;
    return { id: issue?.id ?? id, labels: issue?.labels ?? [] };
  },
  wire: { of: ({ labels }) => labels, schema: () => z.array(z.string()) },
});

export const listAllLabels = defineOperation({
  name: "label.list-all",
  access: "read",
  input: z.strictObject({}),
  run: (context): Promise<{ labels: readonly LabelCount[] }> =>
    context.read(async (reader) => {
      const [labels] = await reader.all([labelCounts]);
      return { labels };
    }),
  wire: {
    of: ({ labels }) => labels,
    schema: () => z.array(z.looseObject({ label: z.string(), count: natural() })),
  },
});
