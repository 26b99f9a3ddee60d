import * as z from "zod/mini";
import { checkGivenLabel } from "../../core/issue/given-label.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { checkLabel } from "../../core/text-limits.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import type { WriteContext } from "../context.ts";
import { planUpdate } from "../issue/write/plan-update.ts";
import { NO_CHANGES } from "../issue/write/update-input.ts";
import { updateWrites } from "../issue/write/update-writes.ts";
import { familyNames } from "../issue/write/write-and-read.ts";
import { bare, loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type Several, type Wire } from "../operation.ts";

const LabelInput = z.strictObject({ ids: z.array(z.string()), label: z.string() });

type LabelInput = z.infer<typeof LabelInput>;

export interface LabelChange {
  readonly issue_id: string;
  readonly label: string;
  /** `unchanged`: it was so already. */
  readonly status: "added" | "removed" | "unchanged";
}

export interface LabelResult extends Several {
  readonly changes: readonly LabelChange[];
}

export const addLabel = defineOperation({
  name: "label.add",
  access: "write",
  input: LabelInput,
  run(context, input: LabelInput): Promise<LabelResult> {
    labelsIn(input.label).forEach(checkGivenLabel);
    return changeLabel(context, input, "added");
  },
  wire: wire("added"),
});

export const removeLabel = defineOperation({
  name: "label.remove",
  access: "write",
  input: LabelInput,
  run: (context, input: LabelInput): Promise<LabelResult> => changeLabel(context, input, "removed"),
  wire: wire("removed"),
});

function wire(status: "added" | "removed"): Wire<LabelInput, LabelResult> {
  return {
    of: ({ changes }) => changes,
    schema: () =>
      z.array(z.looseObject({ issue_id: z.string(), label: z.string(), status: z.enum([status, "unchanged"]) })),
  };
}

/** Labels that are as asked for stay untouched, without an event. */
async function changeLabel(
  context: WriteContext,
  input: LabelInput,
  status: "added" | "removed",
): Promise<LabelResult> {
  const { ids, label } = input;
  labelsIn(label).forEach(checkLabel);
  const source = { actor: (await context.actor()).name, newId: context.newId };
  let count = 0;
  let moved = NOBODY_MOVED;
  const result = await context.write(
    () => `bd: label ${status} '${label}' on ${count} issue(s)`,
    async (tx) => {
      const { items, failures, config, ...named } = await loadNamed(tx, ids, {
        load: (selection) => bare(labelledIssues(selection)),
        beside: NOTHING_BESIDE,
      });
      moved = named.moved;
      const changing = items.filter(({ found }) => labelsToChange(found.issue, label, status).length > 0);
      count = changing.length;
      const writes = changing.flatMap(({ tables, found: { issue } }) => {
        const labels = labelsToChange(issue, label, status);
        const wanted = { ...NO_CHANGES, ...(status === "added" ? { addLabels: labels } : { removeLabels: labels }) };
        const at = changeTime(tx.now(), issue.updated_at);
        const update = planUpdate(issue, wanted, { config, at, session: undefined });
        return updateWrites(familyNames(tables), issue.id, update, { ...source, at });
      });
      if (writes.length > 0) await tx.all(writes);
      const changes = items.flatMap(({ found: { issue } }) => {
        const changed = labelsToChange(issue, label, status);
        return labelsAbout(issue, label).map((one) => ({
          issue_id: issue.id,
          label: one,
          status: changed.includes(one) ? status : ("unchanged" as const),
        }));
      });
      return { changes, failures };
    },
  );
  await sayMoved(context, moved);
  return result;
}

/** A comma separates, as in every flag. */
function labelsIn(text: string): string[] {
  const labels = text.split(",").map((part) => part.trim());
  return labels.length === 1 ? [text] : [...new Set(labels.filter((label) => label !== ""))];
}

/** Which labels are meant; another program may have made one with a comma. */
function labelsAbout({ labels = [] }: Issue, text: string): string[] {
  return labels.includes(text) ? [text] : labelsIn(text);
}

function labelsToChange(issue: Issue, text: string, status: "added" | "removed"): string[] {
  const { labels = [] } = issue;
  return labelsAbout(issue, text).filter((label) => labels.includes(label) !== (status === "added"));
}
