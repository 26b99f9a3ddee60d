import * as z from "zod/mini";
import type { Issue } from "../../../core/issue/issue.ts";
import { issueVersion } from "../../../core/issue/issue-version.ts";
import { BdError, command } from "../../../errors.ts";

/** Texts of an issue that are changed as a whole. */
export const EDITED_TEXTS = ["title", "description", "design", "acceptance_criteria", "notes"] as const;

export type EditedText = (typeof EDITED_TEXTS)[number];

const text = z.optional(z.string());

/** What texts said when somebody began to change them; an empty one for none. */
export const ExpectedTexts = z.strictObject({
  title: text,
  description: text,
  design: text,
  acceptance_criteria: text,
  notes: text,
} satisfies Record<EditedText, unknown>);

export type ExpectedTexts = z.infer<typeof ExpectedTexts>;

/** Throws BdError conflict ISSUE_CHANGED_SINCE, with the issue as it is now. */
export function checkVersion(issue: Issue, version: string | undefined): void {
  if (version === undefined || version === issueVersion(issue)) return;
  throw new BdError("conflict", "ISSUE_CHANGED_SINCE", `somebody changed ${issue.id} meanwhile`, {
    hint: command`bd history ${issue.id}`,
    details: { current: issue },
  });
}

/** Nobody's words are overwritten unseen. Throws BdError conflict TEXT_CHANGED_SINCE. */
export function checkExpected(issue: Issue, expected: ExpectedTexts = {}): void {
  const changed = EDITED_TEXTS.filter(
    (field) => expected[field] !== undefined && expected[field] !== (issue[field] ?? ""),
  );
  if (changed.length === 0) return;
  const what = changed.map((field) => field.replaceAll("_", " ")).join(", ");
  throw new BdError("conflict", "TEXT_CHANGED_SINCE", `somebody changed the ${what} of ${issue.id} meanwhile`, {
    hint: command`bd history ${issue.id}`,
    details: { fields: changed },
  });
}
