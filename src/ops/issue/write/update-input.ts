import * as z from "zod/mini";
import { checkGivenLabel } from "../../../core/issue/given-label.ts";
import { parsePriority } from "../../../core/issue/priority.ts";
import { type MetadataEdits, parseMetadata } from "../../../core/json/metadata-json.ts";
import { checkTexts, checkTitle } from "../../../core/text-limits.ts";
import { parseTimeExpression } from "../../../core/time/time-expression.ts";
import type { Zone } from "../../../core/time/time-zone.ts";
import { toWireTime } from "../../../core/time/wire-time.ts";
import { BdError } from "../../../errors.ts";
import type { IssuePatch } from "../../../store/queries/write-issues.ts";
import { ExpectedTexts } from "./expected-texts.ts";
import { checkHolding } from "./plan-holding.ts";

const text = z.optional(z.string());
const texts = z.optional(z.array(z.string()));

/** Changes as people write them. An empty text clears its field. */
export const UpdateInput = z.strictObject({
  /** None: the issue that was touched last. */
  ids: z.array(z.string()),
  title: text,
  status: text,
  priority: text,
  type: text,
  assignee: text,
  estimate: z.optional(z.int().check(z.gte(0))),
  spec_id: text,
  external_ref: text,
  await_id: text,
  description: text,
  design: text,
  acceptance_criteria: text,
  notes: text,
  append_notes: text,
  due: text,
  defer: text,
  /** A JSON object whose keys replace those of the same name. */
  metadata: text,
  /** `key=value` each. */
  set_metadata: texts,
  unset_metadata: texts,
  add_labels: texts,
  remove_labels: texts,
  /** Replaces all labels; empty for none. */
  set_labels: texts,
  parent: text,
  claim: z.optional(z.boolean()),
  /** Take it over from whoever has it. */
  steal: z.optional(z.boolean()),
  /** Give it back: open, and nobody's. With `steal` another's, too. */
  release: z.optional(z.boolean()),
  /** Keep it on this server, without a history. */
  ephemeral: z.optional(z.boolean()),
  /** The opposite: it is in the history, and pushed. */
  persistent: z.optional(z.boolean()),
  /** What is changed must still say this. */
  expected: z.optional(ExpectedTexts),
  /** The issue must still be of this version: see `issueVersion`. */
  if_version: text,
});

export type UpdateInput = z.infer<typeof UpdateInput>;

/** Checked changes; what still needs the project's settings is left as a word. */
export interface Changes {
  /** Fields with their new values; undefined clears. */
  readonly fields: IssuePatch;
  readonly appendNotes: string | undefined;
  readonly status: string | undefined;
  readonly type: string | undefined;
  readonly metadata: MetadataEdits | undefined;
  readonly setLabels: readonly string[] | undefined;
  readonly addLabels: readonly string[];
  readonly removeLabels: readonly string[];
}

export const NO_CHANGES: Changes = {
  fields: {},
  appendNotes: undefined,
  status: undefined,
  type: undefined,
  metadata: undefined,
  setLabels: undefined,
  addLabels: [],
  removeLabels: [],
};

/** Checks and converts all that needs no look into the database. Throws BdError usage. */
export function changesFrom(input: UpdateInput, now: Date, zone: Zone): Changes {
  const time = (expression: string) =>
    expression === "" ? undefined : toWireTime(parseTimeExpression(expression, { now, zone, sense: "plan" }));
  checkHolding(input);
  if (input.title !== undefined) checkTitle(input.title, "title cannot be empty");
  const labels = { set: input.set_labels, add: input.add_labels ?? [], remove: input.remove_labels ?? [] };
  [...(labels.set ?? []), ...labels.add].forEach(checkGivenLabel);
  const fields: IssuePatch = {
    ...given("title", input.title),
    ...given("assignee", input.assignee),
    ...given("spec_id", input.spec_id),
    ...given("external_ref", input.external_ref),
    ...given("await_id", input.await_id),
    ...given("description", input.description),
    ...given("design", input.design),
    ...given("acceptance_criteria", input.acceptance_criteria),
    ...given("notes", input.notes),
    ...(input.priority === undefined ? {} : { priority: parsePriority(input.priority) }),
    ...(input.estimate === undefined ? {} : { estimated_minutes: input.estimate || undefined }),
    ...keeping(input),
    ...(input.due === undefined ? {} : { due_at: time(input.due) }),
    ...(input.defer === undefined ? {} : { defer_until: time(input.defer) }),
  };
  checkTexts(fields);
  return {
    fields,
    appendNotes: input.append_notes,
    status: input.status,
    type: input.type,
    metadata: metadataEdits(input),
    setLabels: labels.set,
    addLabels: labels.add,
    removeLabels: labels.remove,
  };
}

/** Whether the input asks for anything at all. */
export function asksForChanges({
  ids: _ids,
  expected: _expected,
  if_version: _version,
  ...changes
}: UpdateInput): boolean {
  return Object.values(changes).some((value) => value !== undefined && value !== false);
}

/** Throws BdError usage CONTRADICTING_FLAGS. */
function keeping({ ephemeral = false, persistent = false }: UpdateInput): IssuePatch {
  if (ephemeral && persistent) {
    const message = "--ephemeral and --persistent contradict each other; give one of them";
    throw new BdError("usage", "CONTRADICTING_FLAGS", message);
  }
  return ephemeral || persistent ? { ephemeral: ephemeral || undefined, no_history: undefined } : {};
}

function metadataEdits({ metadata, set_metadata: set = [], unset_metadata: unset = [] }: UpdateInput) {
  if (metadata === undefined && set.length === 0 && unset.length === 0) return undefined;
  return { merge: metadata === undefined ? undefined : parseMetadata(metadata), set, unset };
}

/** A text field where one was given; an empty text clears it. */
function given(name: keyof IssuePatch, value: string | undefined): IssuePatch {
  return value === undefined ? {} : { [name]: value === "" ? undefined : value };
}
