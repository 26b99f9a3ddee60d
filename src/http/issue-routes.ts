import * as z from "zod/mini";
import { SORT_FIELDS } from "../core/issue/issue-filter.ts";
import { FilterInput } from "../ops/issue/find/filter-input.ts";
import { DraftInput } from "../ops/issue/write/create-input.ts";
import { UpdateInput } from "../ops/issue/write/update-input.ts";
import type { Route } from "./route.ts";

const flag = z.optional(z.boolean());
const text = z.optional(z.string());
const texts = z.optional(z.array(z.string()));
/** As people write it, or as the number that it is. */
const level = z.optional(z.union([z.string(), z.int()]));
const object = z.optional(z.record(z.string(), z.unknown()));

/** The words of `bd list`, and the names of its filters. */
const listQuery = () =>
  z.strictObject({
    ...z.omit(FilterInput, { metadata: true, hide_finished: true, hide_closed: true, hide_infra: true }).shape,
    /** Closed ones and gates, too. */
    all: flag,
    ready: flag,
    limit: z.optional(z.int().check(z.gte(0))),
    sort: z.optional(z.enum(SORT_FIELDS)),
    reverse: flag,
  });

const DEFAULT_LIMIT = 50;

function listInput({
  all,
  ready,
  limit = DEFAULT_LIMIT,
  sort = "priority",
  reverse = false,
  ...filter
}: Readonly<Record<string, unknown>>) {
  const { statuses, types, not_types: notTypes = [] } = filter;
  const asksForAll = all === true || ready === true;
  const leftOut = asksForAll || types !== undefined ? [] : ["gate"];
  return {
    filter: {
      ...filter,
      not_types: [...(Array.isArray(notTypes) ? notTypes : []), ...leftOut],
      hide_finished: !asksForAll && statuses === undefined,
      hide_infra: !asksForAll && types === undefined,
      ...(asksForAll ? {} : { template: filter["template"] ?? false }),
    },
    limit,
    sort,
    reverse,
    ready,
  };
}

const createBody = () =>
  z.extend(DraftInput, {
    priority: level,
    metadata: object,
    labels: texts,
    id: text,
    parent: text,
    inherit_labels: flag,
    deps: texts,
    waits_for: text,
    waits_for_gate: text,
    force: flag,
  });

function createInput(body: Readonly<Record<string, unknown>>) {
  const {
    labels = [],
    id,
    parent,
    inherit_labels = true,
    deps = [],
    waits_for,
    waits_for_gate,
    force = false,
    ...draft
  } = body;
  return {
    draft: asWritten(draft),
    labels,
    id,
    parent,
    inherit_labels,
    deps,
    waits_for,
    waits_for_gate,
    force,
    dry_run: false,
  };
}

const changeBody = () =>
  z.extend(z.omit(UpdateInput, { ids: true, if_version: true }), { priority: level, metadata: object });

/** Operations take the words of people. */
function asWritten({ priority, metadata, ...rest }: Readonly<Record<string, unknown>>): object {
  return {
    ...rest,
    ...(priority === undefined ? {} : { priority: String(priority) }),
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
  };
}

/** Issues as resources: each row is a route, and what the description of the API says of it. */
export const ISSUE_ROUTES: readonly Route[] = [
  {
    method: "get",
    path: "/api/issues",
    operation: "issue.list",
    summary: "List issues; without more words, those that are not closed",
    query: listQuery,
    input: ({ query }) => listInput(query),
  },
  {
    method: "post",
    path: "/api/issues",
    operation: "issue.create",
    summary: "Create an issue",
    body: createBody,
    input: ({ body }) => createInput(body),
    versioned: true,
    creates: true,
  },
  {
    method: "get",
    path: "/api/issues/:id",
    operation: "issue.show",
    summary: "Show an issue with all that hangs on it",
    input: ({ id }) => ({ ids: [id] }),
    one: true,
    versioned: true,
  },
  {
    method: "patch",
    path: "/api/issues/:id",
    operation: "issue.change",
    summary: "Change an issue; with If-Match, only if nobody else has meanwhile. An empty text clears its field",
    body: changeBody,
    input: ({ id, body, version }) => ({ id, ...asWritten(body), if_version: version }),
    versioned: true,
  },
  {
    method: "post",
    path: "/api/issues/:id/close",
    operation: "issue.close",
    summary: "Close an issue",
    body: () => z.strictObject({ reason: text, force: flag }),
    input: ({ id, body: { reason, force = false } }) => ({
      ids: [id],
      reason,
      force,
      suggest_next: false,
      claim_next: false,
    }),
    one: true,
    versioned: true,
  },
  {
    method: "post",
    path: "/api/issues/:id/reopen",
    operation: "issue.reopen",
    summary: "Open a closed issue again",
    body: () => z.strictObject({ reason: text }),
    input: ({ id, body: { reason } }) => ({ ids: [id], reason }),
    one: true,
    versioned: true,
  },
  {
    method: "get",
    path: "/api/issues/:id/comments",
    operation: "comment.list",
    summary: "List the comments on an issue",
    input: ({ id }) => ({ id }),
  },
  {
    method: "post",
    path: "/api/issues/:id/comments",
    operation: "comment.add",
    summary: "Comment on an issue",
    body: () => z.strictObject({ text: z.string() }),
    input: ({ id, body }) => ({ id, ...body }),
    creates: true,
  },
  {
    method: "get",
    path: "/api/issues/:id/dependencies",
    operation: "dependency.list",
    summary: "List what an issue depends on, or what depends on it",
    query: () => z.strictObject({ direction: z.optional(z.enum(["down", "up"])), type: text }),
    input: ({ id, query: { direction = "down", type } }) => ({ ids: [id], direction, type }),
  },
  {
    method: "post",
    path: "/api/issues/:id/dependencies",
    operation: "dependency.add",
    summary: "Make an issue depend on another",
    body: () => z.strictObject({ depends_on: z.string(), type: text }),
    input: ({ id, body }) => ({ dependencies: [{ issue: id, ...body }] }),
    creates: true,
  },
  {
    method: "delete",
    path: "/api/issues/:id/dependencies/:part",
    operation: "dependency.remove",
    summary: "Remove a dependency",
    input: ({ id, part }) => ({ issue: id, depends_on: part }),
  },
  {
    method: "get",
    path: "/api/issues/:id/labels",
    operation: "label.list",
    summary: "List the labels of an issue",
    input: ({ id }) => ({ id }),
  },
  {
    method: "post",
    path: "/api/issues/:id/labels",
    operation: "label.add",
    summary: "Put a label on an issue",
    body: () => z.strictObject({ label: z.string() }),
    input: ({ id, body: { label } }) => ({ ids: [id], label }),
    one: true,
  },
  {
    method: "delete",
    path: "/api/issues/:id/labels/:part",
    operation: "label.remove",
    summary: "Take a label off an issue",
    input: ({ id, part }) => ({ ids: [id], label: part }),
    one: true,
  },
];
