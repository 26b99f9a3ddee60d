import * as z from "zod/mini";
import { ISSUE_FIELDS, type IssueField } from "../../core/issue/issue.ts";
import { natural, time } from "./formats.ts";

type Shape = Readonly<Record<string, z.ZodMiniType>>;

/** An issue's own fields, by the table of them, and what an operation puts beside. */
export function bareIssue(beside: Shape = {}) {
  return z.looseObject({
    ...Object.fromEntries(ISSUE_FIELDS.map((field) => [field.name, fieldSchema(field)])),
    ...beside,
  });
}

/** Empty lists are left out. */
export function labelledIssue(beside: Shape = {}) {
  return bareIssue({ labels: z.optional(z.array(z.string())), ...beside });
}

/** What lists show. */
export function listedIssue(beside: Shape = {}) {
  return labelledIssue({
    dependencies: z.optional(z.array(dependencySchema())),
    ...blockingCounts(),
    comment_count: natural(),
    ...beside,
  });
}

/** Of `blocks` edges only; and the parent, where there is one. */
export function blockingCounts() {
  return { dependency_count: natural(), dependent_count: natural(), parent: z.optional(z.string()) };
}

/** An issue at the other end of an edge. */
export function linkedIssue() {
  return labelledIssue({ dependency_type: z.string() });
}

export function dependencySchema() {
  return z.looseObject({
    ...edgeEnds(),
    type: z.string(),
    created_at: time(),
    created_by: z.optional(z.string()),
    // A text that holds JSON, as the peer writes it.
    metadata: z.optional(z.string()),
    thread_id: z.optional(z.string()),
  });
}

/** `issue_id` depends on `depends_on_id`. */
export function edgeEnds() {
  return { issue_id: z.string(), depends_on_id: z.string() };
}

export function commentSchema() {
  return z.looseObject({
    id: z.string(),
    issue_id: z.string(),
    author: z.string(),
    text: z.string(),
    created_at: time(),
  });
}

/** What is empty or not set is left out, by the field's kind. */
function fieldSchema({ kind }: IssueField): z.ZodMiniType {
  switch (kind) {
    case "key":
      return z.string();
    case "number":
      return z.int();
    case "time":
      return time();
    case "text":
    case "nullable-text":
      return z.optional(z.string());
    case "nullable-number":
      return z.optional(z.int());
    case "count":
      // One of them is in nanoseconds, and larger than what `z.int` takes after a hundred days.
      return z.optional(z.number().check(z.multipleOf(1)));
    case "flag":
      return z.optional(z.literal(true));
    case "nullable-time":
      return z.optional(time());
    case "object":
      // An object, but for rows of other programs: their lists and texts are kept, too.
      return z.optional(z.unknown());
    case "list":
      return z.optional(z.array(z.string()));
  }
}
