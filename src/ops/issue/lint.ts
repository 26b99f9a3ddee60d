import * as z from "zod/mini";
import type { Issue } from "../../core/issue/issue.ts";
import { missingSections } from "../../core/issue/missing-sections.ts";
import { BdError, command } from "../../errors.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import type { ReadContext } from "../context.ts";
import { bare, loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type ItemFailure, type Several } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { findIssues } from "./list.ts";

const LintInput = z.strictObject({
  /** None: all that fit the filter. */
  ids: z.array(z.string()),
  /** `all`, or a status. */
  status: z.string(),
  type: z.optional(z.string()),
});

type LintInput = z.infer<typeof LintInput>;

export interface Lacking {
  readonly issue: Issue;
  /** Headings, as `## Steps to Reproduce`. */
  readonly missing: readonly string[];
}

export interface LintResult extends Several {
  readonly checked: number;
  readonly lacking: readonly Lacking[];
  /** What the exit code says, where some lack something. */
  readonly problem?: BdError;
}

/** Looks for sections that descriptions lack; that some do is a problem. Throws BdError as `findIssues`. */
export const lintIssues = defineOperation({
  name: "issue.lint",
  access: "read",
  input: LintInput,
  async run(context, input: LintInput): Promise<LintResult> {
    const { issues, failures } = await asked(context, input);
    const lacking = issues
      .map((issue) => ({ issue, missing: missingSections(issue) }))
      .filter(({ missing }) => missing.length > 0);
    const found = { checked: issues.length, lacking, failures };
    return lacking.length === 0 ? found : { ...found, problem: sectionsMissing(lacking) };
  },
  wire: {
    of: ({ lacking }) => ({
      total: countOf(lacking),
      issues: lacking.length,
      results: lacking.map(({ issue, missing }) => ({
        id: issue.id,
        title: issue.title,
        type: issue.issue_type,
        missing,
        warnings: missing.length,
      })),
    }),
    schema: () =>
      z.looseObject({
        total: natural(),
        issues: natural(),
        results: z.array(
          z.looseObject({
            id: z.string(),
            title: z.string(),
            type: z.string(),
            missing: z.array(z.string()),
            warnings: natural(),
          }),
        ),
      }),
  },
});

async function asked(
  context: ReadContext,
  { ids, status, type }: LintInput,
): Promise<{ readonly issues: readonly Issue[]; readonly failures: readonly ItemFailure[] }> {
  if (ids.length === 0) {
    const filter = {
      statuses: status === "all" ? undefined : [status],
      types: type === undefined ? undefined : [type],
    };
    const { issues } = await findIssues(context, { filter, limit: 0, sort: "priority", reverse: false });
    return { issues, failures: [] };
  }
  const { items, failures, moved } = await context.read((reader) =>
    loadNamed(reader, ids, { load: (selection) => bare(issuesOf(selection)), beside: NOTHING_BESIDE }),
  );
  const [failure] = failures;
  if (items.length === 0 && failure !== undefined) throw failure.error;
  await sayMoved(context, moved);
  return { issues: items.map(({ found }) => found.issue), failures };
}

function sectionsMissing(lacking: readonly Lacking[]): BdError {
  const [{ issue } = { issue: { id: "" } }] = lacking;
  const what = lacking.length === 1 ? "1 issue lacks" : `${lacking.length} issues lack`;
  return new BdError("rejected", "SECTIONS_MISSING", `${what} recommended sections (${countOf(lacking)} in all)`, {
    hint: command`bd show ${issue.id}`,
    details: { issues: lacking.length },
  });
}

function countOf(lacking: readonly Lacking[]): number {
  return lacking.reduce((sum, { missing }) => sum + missing.length, 0);
}
