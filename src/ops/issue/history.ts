import * as z from "zod/mini";
import { changeSchema } from "../../core/changes/change-event.ts";
import { type HistoryCommit, type HistoryEntry, idsInHistory, issueHistory } from "../../core/changes/issue-history.ts";
import { stepName, stepsOf } from "../../core/merge/commit-graph.ts";
import { historyCommits } from "../../store/changes/history-commits.ts";
import { issueStep, issueSteps } from "../../store/changes/issue-steps.ts";
import { issueFromRow } from "../../store/queries/issue-rows.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import { WISP_TABLES } from "../../store/queries/tables.ts";
import { combine } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { bare, loadNamed } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { commitHash, time } from "../wire/formats.ts";
import { bareIssue } from "../wire/issue-schemas.ts";

const HistoryInput = z.strictObject({
  id: z.string(),
  /** 0 for all. */
  limit: z.number().check(z.int(), z.nonnegative()),
});

export interface HistoryResult {
  readonly id: string;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** How many there are, whatever the limit. */
  readonly total: number;
  /** `wisp`: Dolt keeps no history of it. */
  readonly state: "there" | "deleted" | "wisp";
}

/**
 * The commits that changed an issue, newest first, whatever became of it. Two round trips; one more for a part of an id.
 * Throws BdError not-found ISSUE_NOT_FOUND.
 */
export const issueHistoryOf = defineOperation({
  name: "issue.history",
  access: "read",
  input: HistoryInput,
  async run(context, { id: name, limit }: z.infer<typeof HistoryInput>): Promise<HistoryResult> {
    const { moved, ...result } = await context.read(async (reader) => {
      const named = await loadNamed(reader, [name], {
        load: (selection) => bare(issuesOf(selection)),
        beside: historyCommits(),
      });
      const [item] = named.items;
      const id = item?.found.issue.id ?? name;
      if (item?.tables === WISP_TABLES) return { ...named, id, entries: [], state: "wisp" as const };
      const entries = await entriesOf(reader, id, named.beside);
      if (item === undefined && entries.length === 0) throw named.failures[0]?.error ?? new Error(`${id} is nowhere`);
      return { ...named, id, entries, state: item === undefined ? ("deleted" as const) : ("there" as const) };
    });
    await sayMoved(context, moved);
    const { id, entries, state } = result;
    return { id, state, total: entries.length, entries: limit === 0 ? entries : entries.slice(0, limit) };
  },
  wire: {
    of: ({ entries }) => entries.map(entryWire),
    schema: () =>
      z.array(
        z.looseObject({
          CommitHash: commitHash(),
          Committer: z.string(),
          CommitDate: time(),
          Issue: z.nullable(bareIssue()),
          message: z.string(),
          op: z.optional(z.string()),
          moved_from: z.optional(z.string()),
          session: z.optional(z.string()),
          reason: z.optional(z.string()),
          changes: z.array(changeSchema),
        }),
      ),
  },
});

function entryWire({ commit, changes, issue, movedFrom, session, reason }: HistoryEntry) {
  return {
    CommitHash: commit.hash,
    Committer: commit.actor,
    CommitDate: commit.at,
    Issue: issue === undefined ? null : issueFromRow(issue),
    message: commit.message,
    ...(commit.op === undefined ? {} : { op: commit.op }),
    ...(movedFrom === undefined ? {} : { moved_from: movedFrom }),
    ...(session === undefined ? {} : { session }),
    ...(reason === undefined ? {} : { reason }),
    changes,
  };
}

async function entriesOf(reader: Reader, id: string, commits: readonly HistoryCommit[]): Promise<HistoryEntry[]> {
  const ids = idsInHistory(id);
  const { plain, forked } = stepsOf(commits);
  // In the first commit of all no table is there that could be compared.
  const roots = new Set(commits.filter(({ parents }) => parents.length === 0).map(({ hash }) => hash));
  const steps = forked.filter(({ from }) => !roots.has(from)).map((step) => issueStep(ids, step));
  const [found, more] = await reader.all([issueSteps(ids), combine(steps, (...all) => all.flat())]);
  const isPlain = new Set(plain.map(stepName));
  return issueHistory({ commits, id, changes: [...found.filter(({ step }) => isPlain.has(stepName(step))), ...more] });
}
