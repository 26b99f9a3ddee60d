import * as z from "zod/mini";
import type { IssueWithCounts } from "../../core/issue/issue.ts";
import { issueHeads } from "../../store/queries/issue-heads.ts";
import { listedIssues } from "../../store/queries/issues.ts";
import { selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { Reader } from "../../store/session-types.ts";
import { movedBeside, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { listedIssue } from "../wire/issue-schemas.ts";
import { type FoundReady, findReady, movedParent, ReadyInput, readyQuestion } from "./find/find-ready.ts";
import { requireKnownWords } from "./find/known-words.ts";

export interface ReadyResult {
  readonly issues: readonly IssueWithCounts[];
  /** How many are ready, whatever the limit. */
  readonly total: number;
  /** How many open issues fit the filter, ready or held back. */
  readonly candidates: number;
  /** Whether there is any unfinished work in the project. */
  readonly hasWork: boolean;
  /** Title of the epic that an issue belongs to, by issue id. */
  readonly epics: ReadonlyMap<string, string>;
}

export const readyIssues = defineOperation({
  name: "issue.ready",
  access: "read",
  input: ReadyInput,
  async run(context, input: ReadyInput): Promise<ReadyResult> {
    const question = await readyQuestion(context, input);
    const { moved, ...result } = await context.read(async (reader) => {
      const [found, movedIds] = await reader.all([findReady(question), movedBeside(input.below)]);
      await requireKnownWords(reader, question.filter, found.config);
      const ids = found.ids.slice(0, input.limit || undefined);
      const shown =
        ids.length === 0 ? { issues: [], epics: new Map<string, string>() } : await readShown(reader, ids, found);
      return {
        ...shown,
        moved: await movedParent(reader, input.below, { loaded: found, movedIds }),
        total: found.ids.length,
        candidates: found.candidates,
        hasWork: found.facts.active.length > 0,
      };
    });
    await sayMoved(context, moved);
    return result;
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(listedIssue()) },
});

async function readShown(reader: Reader, ids: readonly string[], { readiness }: FoundReady) {
  const parents = [...new Set(ids.flatMap((id) => readiness.parents.get(id) ?? []))];
  const [issues, heads] = await reader.all([
    listedIssues(selectIds(ISSUE_TABLES, ids)),
    issueHeads(selectIds(ISSUE_TABLES, parents, "parent")),
  ]);
  const epics = new Map<string, string>();
  for (const { id, parent } of issues) {
    const head = parent === undefined ? undefined : heads.get(parent);
    if (head?.issue_type === "epic") epics.set(id, head.title);
  }
  return { issues, epics };
}
