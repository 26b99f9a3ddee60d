import * as z from "zod/mini";
import { duplicateGroups, type Twin } from "../../store/queries/duplicates.ts";
import { allEdges } from "../../store/queries/edges.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import { bare, loadNamed } from "../named-issues/named-issues.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { replacementWrites } from "./write/replacement-writes.ts";

/** Issues that say the same. */
export interface DuplicateGroup {
  readonly issues: readonly Twin[];
  /** The one that would stay: most dependencies name it, or its id comes first. */
  readonly target: Twin;
  readonly sources: readonly Twin[];
}

export interface Duplicates {
  readonly groups: readonly DuplicateGroup[];
  /** Whether the sources are closed now. */
  readonly merged: boolean;
}

/** The issues that are not closed and say the same, word for word, in the same status. */
export const findDuplicates = defineOperation({
  name: "issue.duplicates",
  access: "read",
  input: NO_INPUT,
  async run(context): Promise<Duplicates> {
    const [found] = await context.read((reader) => reader.all([duplicateGroups]));
    return { groups: found.map(groupOf), merged: false };
  },
  wire: { of: wireOf, schema: wireSchema },
});

/** Closes all of them but one of each group, in one commit, as `issue.duplicate` does. Throws BdError as that. */
export const mergeDuplicates = defineOperation({
  name: "issue.merge-duplicates",
  access: "write",
  input: NO_INPUT,
  async run(context): Promise<Duplicates> {
    const { name: actor } = await context.actor();
    const session = await context.claimSession();
    let closed: readonly string[] = [];
    return context.write(
      () => `bd: close duplicates ${closed.join(" ")}`,
      async (tx) => {
        const [found] = await tx.all([duplicateGroups]);
        const groups = found.map(groupOf);
        if (groups.length === 0) return { groups, merged: true };
        const pairs = groups.flatMap(({ target, sources }) => sources.map(({ id }) => [id, target.id] as const));
        closed = pairs.map(([id]) => id);
        const { items, beside } = await loadNamed(tx, pairs.flat(), {
          load: (selection) => bare(labelledIssues(selection)),
          beside: allEdges,
          whole: true,
        });
        const known = new Map(items.map((item) => [item.found.issue.id, item]));
        const closing = { session, source: { actor, newId: context.newId }, now: tx.now() };
        const writes = pairs.flatMap(([id, by]) => {
          const [going, staying] = [known.get(id), known.get(by)];
          if (going === undefined || staying === undefined) throw new Error(`${id} or ${by} was not read`);
          return replacementWrites([going, staying], beside, {
            type: "duplicates",
            reason: "Duplicate of",
            ...closing,
          });
        });
        await tx.all(writes);
        return { groups, merged: true };
      },
    );
  },
  wire: { of: wireOf, schema: wireSchema },
});

function groupOf(issues: readonly Twin[]): DuplicateGroup {
  const [target] = issues.toSorted((a, b) => b.references - a.references || (a.id < b.id ? -1 : 1));
  if (target === undefined) throw new Error("a group without issues");
  return { issues, target, sources: issues.filter((issue) => issue !== target) };
}

function wireOf({ groups, merged }: Duplicates): object {
  return {
    duplicate_groups: groups.length,
    groups: groups.map(({ issues, target, sources }) => ({
      title: target.title,
      issues: issues.map((issue) => ({ ...issue, is_merge_target: issue === target })),
      suggested_target: target.id,
      suggested_sources: sources.map(({ id }) => id),
    })),
    ...(merged
      ? {
          merge_results: groups.map(({ target, sources }) => ({
            target: target.id,
            closed: sources.map(({ id }) => id),
          })),
        }
      : {}),
  };
}

function wireSchema() {
  const twin = z.looseObject({
    id: z.string(),
    title: z.string(),
    status: z.string(),
    priority: z.int(),
    references: natural(),
    is_merge_target: z.boolean(),
  });
  return z.looseObject({
    duplicate_groups: natural(),
    groups: z.array(
      z.looseObject({
        title: z.string(),
        issues: z.array(twin),
        suggested_target: z.string(),
        suggested_sources: z.array(z.string()),
      }),
    ),
    merge_results: z.optional(z.array(z.looseObject({ target: z.string(), closed: z.array(z.string()) }))),
  });
}
