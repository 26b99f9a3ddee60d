import * as z from "zod/mini";
import type { Issue } from "../../../core/issue/issue.ts";
import { DEFAULT_ISSUE_TYPE, parseIssueType } from "../../../core/issue/issue-type.ts";
import { DEFAULT_PRIORITY, parsePriority } from "../../../core/issue/priority.ts";
import { parseMetadata } from "../../../core/json/metadata-json.ts";
import { checkTexts, checkTitle } from "../../../core/text-limits.ts";
import { parseTimeExpression } from "../../../core/time/time-expression.ts";
import type { Zone } from "../../../core/time/time-zone.ts";
import { toWireTime } from "../../../core/time/wire-time.ts";

const text = z.optional(z.string());

/** What a person says of a new issue, as they write it. */
export const DraftInput = z.strictObject({
  title: z.string(),
  description: text,
  design: text,
  acceptance_criteria: text,
  notes: text,
  spec_id: text,
  external_ref: text,
  priority: text,
  type: text,
  assignee: text,
  estimate: z.optional(z.int().check(z.gte(0))),
  due: text,
  defer: text,
  /** A JSON object. */
  metadata: text,
  /** Kept on this server, without a history. */
  ephemeral: z.optional(z.boolean()),
  event_kind: text,
  event_actor: text,
  event_target: text,
  event_payload: text,
});

export type DraftInput = z.infer<typeof DraftInput>;

/** Who makes an issue, and when that was asked for. */
export interface Maker {
  readonly actor: string;
  readonly email: string;
  readonly now: Date;
  /** In which days and times of day are meant. */
  readonly zone: Zone;
}

/** An issue without its id and times; the type is checked once the project's own types are known. */
export type Draft = Omit<Issue, "id" | "created_at" | "updated_at">;

/** Checks and converts all that needs no look into the database. Throws BdError usage. */
export function draftFrom(input: DraftInput, { actor, email, now, zone }: Maker): Draft {
  const time = (expression: string | undefined) =>
    expression === undefined || expression === ""
      ? undefined
      : toWireTime(parseTimeExpression(expression, { now, zone, sense: "plan" }));
  checkTitle(input.title);
  const draft: Draft = {
    title: input.title,
    ...set("description", input.description),
    ...set("design", input.design),
    ...set("acceptance_criteria", input.acceptance_criteria),
    ...set("notes", input.notes),
    ...set("spec_id", input.spec_id),
    status: "open",
    priority: input.priority === undefined ? DEFAULT_PRIORITY : parsePriority(input.priority),
    issue_type: input.type ?? DEFAULT_ISSUE_TYPE,
    ...set("assignee", input.assignee),
    ...set("owner", email),
    ...set("estimated_minutes", input.estimate === 0 ? undefined : input.estimate),
    created_by: actor,
    ...set("due_at", time(input.due)),
    ...set("defer_until", time(input.defer)),
    ...set("external_ref", input.external_ref),
    ...set("metadata", input.metadata === undefined ? undefined : parseMetadata(input.metadata)),
    ...set("ephemeral", input.ephemeral || undefined),
    ...set("event_kind", input.event_kind),
    ...set("actor", input.event_actor),
    ...set("target", input.event_target),
    ...set("payload", input.event_payload),
  };
  checkTexts(draft);
  return draft;
}

/** The draft with the type that the project's settings make of the word. Throws BdError usage INVALID_ISSUE_TYPE. */
export function withKnownType(draft: Draft, customTypes: readonly string[]): Draft {
  return { ...draft, issue_type: parseIssueType(draft.issue_type, customTypes) };
}

/** The field, where it is set: an issue has no field that says nothing. */
function set<Name extends keyof Draft>(name: Name, value: Draft[Name] | undefined): Partial<Pick<Draft, Name>> {
  const fields: Partial<Pick<Draft, Name>> = {};
  if (value !== undefined && value !== "") fields[name] = value;
  return fields;
}
