import * as z from "zod/mini";
import { isExternalTarget } from "../../core/dependency/deps-flag.ts";
import { checkGivenLabel } from "../../core/issue/given-label.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { checkText } from "../../core/text-limits.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import type { WriteContext } from "../context.ts";
import { notesOfParts } from "../named-issues/resolve-ids.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { bareIssue } from "../wire/issue-schemas.ts";
import { suffixesOf } from "./write/choose-id.ts";
import { type CreateFacts, loadCreateFacts } from "./write/create-facts.ts";
import { type Draft, DraftInput, draftFrom } from "./write/create-input.ts";
import {
  type EdgeItem,
  edgeItems,
  type Planned,
  planIssue,
  type Relations,
  seedOf,
  writesOf,
} from "./write/plan-issue.ts";

const CreateAllInput = z.strictObject({
  issues: z.array(
    z.strictObject({
      draft: DraftInput,
      labels: z.array(z.string()),
      /** Items of `--deps`: `id` or `type:id`. */
      deps: z.array(z.string()),
    }),
  ),
  /** Only say what would be made. */
  dry_run: z.boolean(),
});

export interface CreatedIssues {
  readonly issues: readonly Issue[];
  readonly dryRun: boolean;
}

/** Makes issues, all or none, in one commit. Throws BdError as `issue.create` does. */
export const createAll = defineOperation({
  name: "issue.create-all",
  access: "write",
  input: CreateAllInput,
  async run(context, { issues: asked, dry_run: dryRun }: z.infer<typeof CreateAllInput>): Promise<CreatedIssues> {
    const drafts = await draftsOf(context, asked);
    const wanted = {
      suffixes: drafts.flatMap(({ suffixes }) => suffixes),
      explicitId: undefined,
      parent: undefined,
      targets: [...new Set(drafts.flatMap(({ items }) => items.map(({ id }) => id)))].filter(
        (id) => !isExternalTarget(id),
      ),
    };
    if (dryRun) {
      const now = toWireTime(context.clock());
      const planned = await context.read(async (reader) => planAll(drafts, await loadCreateFacts(reader, wanted), now));
      return { issues: planned.map(({ issue }) => issue), dryRun };
    }
    const { name: actor } = await context.actor();
    let ids: readonly string[] = [];
    let notes: readonly string[] = [];
    let moved = NOBODY_MOVED;
    const issues = await context.write(
      () => `bd: create ${ids.join(" ")}`,
      async (tx) => {
        const facts = await loadCreateFacts(tx, wanted);
        const at = toWireTime(tx.now());
        const planned = planAll(drafts, facts, at);
        ids = planned.map(({ issue }) => issue.id);
        notes = notesOfParts(facts.config, facts.idOf);
        moved = facts.moved;
        await tx.all(planned.flatMap((one) => writesOf(one, { actor, newId: context.newId })));
        return planned.map(({ issue }) => issue);
      },
    );
    for (const note of notes) context.note(note);
    await sayMoved(context, moved);
    return { issues, dryRun };
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(bareIssue()) },
});

interface NewIssue {
  readonly draft: Draft;
  readonly relations: Relations;
  readonly items: readonly EdgeItem[];
  readonly suffixes: readonly string[];
}

async function draftsOf(
  context: WriteContext,
  asked: z.infer<typeof CreateAllInput>["issues"],
): Promise<readonly NewIssue[]> {
  const { name, email } = await context.actor();
  const now = context.clock();
  return asked.map(({ draft: input, labels, deps }) => {
    const draft = draftFrom(input, { actor: name, email, now, zone: context.machine.zone });
    const relations = { labels, deps, inherit_labels: false, force: false };
    const items = edgeItems(relations);
    labels.forEach(checkGivenLabel);
    for (const { id } of items) checkText("id", id);
    return { draft, relations, items, suffixes: suffixesOf(seedOf(draft, name, now), draft) };
  });
}

/** Each as if those before it were there already. */
function planAll(drafts: readonly NewIssue[], facts: CreateFacts, at: string): Planned[] {
  const planned: Planned[] = [];
  let known = facts;
  for (const { draft, relations, items, suffixes } of drafts) {
    const one = planIssue({ input: relations, draft, items, facts: known, at, suffixes });
    planned.push(one);
    known = {
      ...known,
      topLevelCount: known.topLevelCount + 1,
      lastNumber: one.numbered?.number ?? known.lastNumber,
      taken: new Set([...known.taken, one.issue.id]),
      edges: [...known.edges, ...one.edges],
    };
  }
  return planned;
}
