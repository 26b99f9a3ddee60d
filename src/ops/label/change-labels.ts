import * as z from "zod/mini";
import { checkGivenLabel } from "../../core/given-label.ts";
import type { Issue } from "../../core/issue.ts";
import { checkLabel } from "../../core/text-limits.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { labelledIssues } from "../../store/queries/labelled-issues.ts";
import { insertEvents } from "../../store/queries/write-events.ts";
import { deleteLabels, insertLabels } from "../../store/queries/write-issues.ts";
import type { WriteContext } from "../context.ts";
import { bare, loadNamed, NOTHING_BESIDE } from "../issue/named-issues.ts";
import { labelEvent } from "../issue/plan-update.ts";
import { familyNames } from "../issue/write-back.ts";
import { defineOperation, type Several } from "../operation.ts";

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
    checkGivenLabel(input.label);
    return changeLabel(context, input, "added");
  },
});

export const removeLabel = defineOperation({
  name: "label.remove",
  access: "write",
  input: LabelInput,
  run: (context, input: LabelInput): Promise<LabelResult> => changeLabel(context, input, "removed"),
});

/** Labels that are as asked for stay untouched, without an event. */
async function changeLabel(
  context: WriteContext,
  input: LabelInput,
  status: "added" | "removed",
): Promise<LabelResult> {
  const { ids, label } = input;
  checkLabel(label);
  const source = { actor: (await context.actor()).name, at: toWireTime(context.clock()), newId: context.newId };
  let count = 0;
  return context.write(
    () => `bd: label ${status} '${label}' on ${count} issue(s)`,
    async (tx) => {
      const { items, failures } = await loadNamed(tx, ids, {
        load: (selection) => bare(labelledIssues(selection)),
        beside: NOTHING_BESIDE,
      });
      const changing = items.filter(({ found }) => hasLabel(found.issue, label) !== (status === "added"));
      count = changing.length;
      const writes = changing.flatMap(({ tables, found: { issue } }) => {
        const family = familyNames(tables);
        const type = status === "added" ? "label_added" : "label_removed";
        return [
          status === "added"
            ? insertLabels(family, [{ issue_id: issue.id, label }])
            : deleteLabels(family, issue.id, [label]),
          insertEvents(family, [labelEvent(issue.id, type, label)], source),
        ];
      });
      if (writes.length > 0) await tx.all(writes);
      const changes = items.map((item) => ({
        issue_id: item.found.issue.id,
        label,
        status: changing.includes(item) ? status : ("unchanged" as const),
      }));
      return { changes, failures };
    },
  );
}

function hasLabel({ labels = [] }: Issue, label: string): boolean {
  return labels.includes(label);
}
