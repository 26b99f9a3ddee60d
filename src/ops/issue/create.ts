import * as z from "zod/mini";
import { isExternalTarget } from "../../core/dependency/deps-flag.ts";
import { checkGivenLabel } from "../../core/issue/given-label.ts";
import type { Dependency, Issue } from "../../core/issue/issue.ts";
import { checkText } from "../../core/text-limits.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { command } from "../../errors.ts";
import { dependentCount } from "../../store/queries/edges.ts";
import type { ReadContext } from "../context.ts";
import { notesOfParts } from "../named-issues/resolve-ids.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { bareIssue } from "../wire/issue-schemas.ts";
import { suffixesOf } from "./write/choose-id.ts";
import { type CreateFacts, loadCreateFacts } from "./write/create-facts.ts";
import { DraftInput, draftFrom } from "./write/create-input.ts";
import { edgeItems, planIssue, seedOf, writesOf } from "./write/plan-issue.ts";
import { sayPast } from "./write/say-past.ts";

const text = z.optional(z.string());

export const CreateInput = z.strictObject({
  draft: DraftInput,
  labels: z.array(z.string()),
  id: text,
  parent: text,
  inherit_labels: z.boolean(),
  /** Items of `--deps`: `id` or `type:id`. */
  deps: z.array(z.string()),
  waits_for: text,
  waits_for_gate: text,
  /** Let any prefix pass. */
  force: z.boolean(),
  /** Only say what would be made. */
  dry_run: z.boolean(),
});

export type CreateInput = z.infer<typeof CreateInput>;

export interface CreateResult {
  readonly issue: Issue;
  readonly labels: readonly string[];
  /** Its own, and those that were made to end at it. */
  readonly edges: readonly Dependency[];
  readonly dry_run: boolean;
}

export const createIssue = defineOperation({
  name: "issue.create",
  access: "write",
  input: CreateInput,
  async run(context, input: CreateInput): Promise<CreateResult> {
    const actor = await context.actor();
    const now = context.clock();
    const draft = draftFrom(input.draft, { actor: actor.name, email: actor.email, now, zone: context.machine.zone });
    const items = edgeItems(input);
    input.labels.forEach(checkGivenLabel);
    for (const { id } of items) checkText("id", id);
    const wanted = {
      suffixes: suffixesOf(seedOf(draft, actor.name, now), draft),
      explicitId: input.id,
      parent: input.parent,
      targets: items.filter(({ id }) => !isExternalTarget(id)).map(({ id }) => id),
    };
    const plan = (facts: CreateFacts, at: Date) =>
      planIssue({ input, draft, items, facts, at: toWireTime(at), suffixes: wanted.suffixes });
    if (input.dry_run) {
      const { issue, labels, edges, dependents, moved } = await context.read(async (reader) => {
        const facts = await loadCreateFacts(reader, wanted);
        const planned = plan(facts, now);
        const [count] = await reader.all([dependentCount(planned.issue.id)]);
        return { ...planned, dependents: count, moved: facts.moved };
      });
      await sayMoved(context, moved);
      noteDependents(context, issue.id, dependents);
      return { issue, labels, edges, dry_run: true };
    }
    let id = "";
    const { issue, labels, edges, dependents, facts } = await context.write(
      () => `bd: create ${id}`,
      async (tx) => {
        const loaded = await loadCreateFacts(tx, wanted);
        const planned = plan(loaded, tx.now());
        id = planned.issue.id;
        const source = { actor: actor.name, newId: context.newId };
        // The look comes before the issue's own dependencies, and costs no round trip.
        const [found] = await tx.all([dependentCount(id), ...writesOf(planned, source)]);
        return { ...planned, dependents: found, facts: loaded };
      },
    );
    for (const note of notesOfParts(facts.config, facts.idOf)) context.note(note);
    await sayMoved(context, facts.moved);
    noteDependents(context, issue.id, dependents);
    sayPast(context, input.draft.defer, draft.defer_until);
    await context.lastTouched.write(issue.id);
    return { issue, labels, edges, dry_run: false };
  },
  wire: { of: ({ issue }) => issue, schema: () => bareIssue() },
});

/** The same, for whoever only wants to go on with the id. */
export const captureIssue = defineOperation({
  ...createIssue,
  name: "issue.capture",
  wire: { of: ({ issue }) => ({ id: issue.id }), schema: () => z.looseObject({ id: z.string() }) },
});

/** Dependencies outlive the issue that they point to, and imports bring them before it. */
function noteDependents(context: ReadContext, id: string, count: number): void {
  if (count === 0) return;
  const issues = count === 1 ? "1 issue depends" : `${count} issues depend`;
  context.note(`${issues} on ${id} already, from before: ${command`bd dep list --direction=up ${id}`}`);
}
