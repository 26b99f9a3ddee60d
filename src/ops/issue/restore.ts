import * as z from "zod/mini";
import { circlesOf } from "../../core/dependency/waiting-graph.ts";
import type { Dependency, Issue } from "../../core/issue/issue.ts";
import type { Row } from "../../core/merge/cell.ts";
import type { Restoration, RestoredIssue } from "../../core/merge/restored-issue.ts";
import { checkText } from "../../core/text-limits.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { fromWireTime, toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { lastLives, planRestoration, restoringWrites } from "../../federation/restore.ts";
import { allEdges } from "../../store/queries/edges.ts";
import { commentFromRow, dependencyFromRow, issueFromRow } from "../../store/queries/issue-rows.ts";
import { insertEvents } from "../../store/queries/write-events.ts";
import { ISSUES } from "../../store/queries/write-issues.ts";
import { text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { requireCommit } from "../dolt/require-commit.ts";
import { defineOperation } from "../operation.ts";
import { commitHash, natural } from "../wire/formats.ts";
import { commentSchema, dependencySchema, edgeEnds, labelledIssue } from "../wire/issue-schemas.ts";

const RestoreInput = z.strictObject({
  id: z.string(),
  /** A commit's hash, or its beginning. Default: the last one in which the issue was there. */
  from: z.optional(z.string()),
  dry_run: z.boolean(),
});

export interface RestoreResult {
  /** With labels, comments, and the dependencies that start at it. */
  readonly issue: Issue;
  /** How many dependencies of others came back with it. */
  readonly dependents: number;
  /** The issue that has its old id, where it came back under another one. */
  readonly moved: { readonly from: string; readonly holder: string } | undefined;
  /** The commit that it is taken from. */
  readonly commit: string;
  /** Dependencies that the issue with its old id seemed to have meanwhile. */
  readonly takenBack: readonly Dependency[];
  readonly leftOut: RestoredIssue["leftOut"];
  /** Circles that its dependencies close with those that were made since: who waits in one is never ready. */
  readonly circles: readonly (readonly string[])[];
  readonly dryRun: boolean;
}

/**
 * Brings a deleted issue back from the history. Throws BdError not-found ISSUE_NOT_FOUND and COMMIT_NOT_FOUND, rejected
 * ISSUE_EXISTS.
 */
export const restoreIssue = defineOperation({
  name: "issue.restore",
  access: "write",
  input: RestoreInput,
  async run(context, { id, from, dry_run: dryRun }: z.infer<typeof RestoreInput>): Promise<RestoreResult> {
    checkText("id", id);
    // Commits stay what they are, and looking for one may take its time: so it is done before the lock is taken.
    const { commit, others } = await context.read((reader) => sourceOf(reader, id, from));
    const plan = async (reader: Reader) => {
      const restored = requireRestored(await planRestoration(reader, id, commit), { id, commit, others });
      return { restored, circles: await circlesWith(reader, restored) };
    };
    const resultOf = ({ restored, circles }: Awaited<ReturnType<typeof plan>>, at: string) => {
      return { ...described(restored, id, at), circles, commit, dryRun };
    };
    if (dryRun) {
      const planned = await context.read(plan);
      return resultOf(planned, timeOf(planned.restored, context.clock()));
    }
    const { name: actor } = await context.actor();
    let restoredId = "";
    const result = await context.write(
      () => `bd: restore ${restoredId}`,
      async (tx) => {
        const planned = await plan(tx);
        const { restored } = planned;
        restoredId = restored.id;
        const at = timeOf(restored, tx.now());
        const comment = `Restored as it was in commit ${commit}`;
        const event = { issue_id: restored.id, event_type: "updated" as const, comment };
        const source = { actor, at, newId: context.newId };
        await tx.all([...restoringWrites(restored, fromWireTime(at)), insertEvents(ISSUES, [event], source)]);
        return resultOf(planned, at);
      },
    );
    await context.lastTouched.write(result.issue.id);
    return result;
  },
  wire: {
    of: ({ issue, dependents, commit, moved, takenBack, leftOut, circles, dryRun }) => ({
      ...issue,
      dependent_count: dependents,
      restored_from: commit,
      ...(moved === undefined ? {} : { old_id: moved.from }),
      ...(takenBack.length === 0
        ? {}
        : { taken_back: takenBack.map(({ issue_id, depends_on_id }) => ({ issue_id, depends_on_id })) }),
      ...(leftOut.length === 0 ? {} : { left_out: leftOut.map(edgeOf) }),
      ...(circles.length === 0 ? {} : { cycles: circles }),
      ...(dryRun ? { dry_run: true } : {}),
    }),
    schema: () =>
      labelledIssue({
        dependencies: z.optional(z.array(dependencySchema())),
        comments: z.optional(z.array(commentSchema())),
        dependent_count: natural(),
        restored_from: commitHash(),
        old_id: z.optional(z.string()),
        taken_back: z.optional(z.array(z.looseObject(edgeEnds()))),
        left_out: z.optional(z.array(z.looseObject(edgeEnds()))),
        cycles: z.optional(z.array(z.array(z.string()))),
        dry_run: z.optional(z.literal(true)),
      }),
  },
});

interface Source {
  readonly commit: string;
  /** Commits in which other issues had the id. */
  readonly others: readonly string[];
}

async function sourceOf(reader: Reader, id: string, from: string | undefined): Promise<Source> {
  if (from !== undefined) return { commit: await requireCommit(reader, from), others: [] };
  const { last, others } = await lastLives(reader, id);
  const [commit] = last;
  if (commit !== undefined) return { commit, others };
  throw new BdError("not-found", "ISSUE_NOT_FOUND", `no commit of the history has an issue "${id}"`, {
    hint: command`bd list --all`,
    details: { id },
  });
}

function requireRestored(found: Restoration, { id, commit, others }: Source & { readonly id: string }): RestoredIssue {
  if (found.kind === "restored") return found;
  if (found.kind === "unknown") {
    throw new BdError("not-found", "ISSUE_NOT_FOUND", `commit ${commit} has no issue "${id}"`, {
      hint: command`bd restore --dry-run ${id}`,
      details: { id, commit },
    });
  }
  const [other] = others;
  throw new BdError("rejected", "ISSUE_EXISTS", `issue ${found.id} exists: "${found.title}"`, {
    hint: other === undefined ? command`bd show ${found.id}` : command`bd restore --dry-run --from=${other} ${id}`,
    details: { id: found.id, title: found.title, other_commits: others },
  });
}

async function circlesWith(reader: Reader, { id, rows, astray }: RestoredIssue): Promise<string[][]> {
  const own = (rows.get("dependencies") ?? []).map(dependencyFromRow);
  if (own.length === 0) return [];
  const [edges] = await reader.all([allEdges]);
  const gone = new Set(astray.map((row) => JSON.stringify([row["issue_id"], row["depends_on_id"]])));
  const staying = edges.filter((edge) => !gone.has(JSON.stringify([edge.issue_id, edge.depends_on_id])));
  return circlesOf([...staying, ...own]).filter((ids) => ids.includes(id));
}

/** When it comes back: a change, which is never older than the one before. */
function timeOf({ rows }: RestoredIssue, now: Date): string {
  const [row = {}] = rows.get("issues") ?? [];
  return changeTime(now, toWireTime(text(row, "updated_at")));
}

function described({ id, holder, rows, astray, leftOut }: RestoredIssue, oldId: string, at: string) {
  const of = (table: string): readonly Row[] => rows.get(table) ?? [];
  const [row = {}] = of("issues");
  const labels = of("labels").map((label) => text(label, "label"));
  const edges = of("dependencies").map(dependencyFromRow);
  const dependencies = edges.filter((edge) => edge.issue_id === id);
  const comments = of("comments").map(commentFromRow);
  const issue: Issue = {
    ...issueFromRow(row),
    updated_at: at,
    ...(labels.length === 0 ? {} : { labels: labels.toSorted() }),
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(comments.length === 0 ? {} : { comments }),
  };
  const moved = holder === undefined ? undefined : { from: oldId, holder };
  return {
    issue,
    dependents: edges.length - dependencies.length,
    moved,
    takenBack: astray.map(dependencyFromRow),
    leftOut,
  };
}

function edgeOf({ issueId, dependsOnId }: RestoreResult["leftOut"][number]) {
  return { issue_id: issueId, depends_on_id: dependsOnId };
}
