import * as z from "zod/mini";
import type { Comment, Issue, LinkedIssue } from "../../core/issue/issue.ts";
import { isDoneStatus } from "../../core/issue/status.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { type Holds, holdsOf, NO_HOLDS } from "../../store/queries/holds.ts";
import { aroundOf, issuesWithLinks, type LinkEnd } from "../../store/queries/issue-links.ts";
import { commentsOf } from "../../store/queries/issue-parts.ts";
import type { ProjectConfig } from "../../store/queries/project-config.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { combine, type Query } from "../../store/query.ts";
import { loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { namesOrLastTouched } from "../named-issues/names-or-last-touched.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation, type Several } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { commentSchema, labelledIssue, linkedIssue } from "../wire/issue-schemas.ts";

export const ShowInput = z.strictObject({
  /** None: the issue that was touched last. */
  ids: z.array(z.string()),
  /** What a program is to get of each: all of it, what points to it, or what belongs to it. */
  part: z.optional(z.enum(["refs", "children"])),
  /** Say what holds back each issue and what hangs on it, and which dependencies lead out of the database. */
  blockers: z.optional(z.boolean()),
});

export type ShowInput = z.infer<typeof ShowInput>;

/** An issue with all that hangs on it, in the wire's order. */
export interface IssueDetails extends Omit<Issue, "dependencies"> {
  labels?: string[];
  /** The issues that it depends on, or belongs to. */
  dependencies?: LinkedIssue[];
  dependents?: LinkedIssue[];
  comments?: Comment[];
  parent?: string;
  /** These three for epics only. */
  epic_total_children?: number;
  epic_closed_children?: number;
  epic_closeable?: boolean;
}

/** The end of a dependency that is not in this database. */
export type AbsentEnd = LinkEnd;

export interface ShowResult extends Several {
  readonly issues: readonly IssueDetails[];
  /** By issue, where it was asked for: the ids of what holds it back. */
  readonly blockers: ReadonlyMap<string, readonly string[]>;
  /** The same for ends that are elsewhere. */
  readonly absent: ReadonlyMap<string, readonly AbsentEnd[]>;
}

export const showIssues = defineOperation({
  name: "issue.show",
  access: "read",
  input: ShowInput,
  async run(context, input: ShowInput): Promise<ShowResult> {
    const now = toWireTime(context.clock());
    const { names, whole } = await namesOrLastTouched(input.ids, { ...context, note: () => {} });
    const { moved, ...result } = await context.read(async (reader) => {
      const { config, items, failures, ...named } = await loadNamed(reader, names, {
        load: (selection) => issueParts(selection, input.blockers === true ? now : undefined),
        beside: NOTHING_BESIDE,
        whole,
      });
      return {
        issues: items.map(({ found }) => detailsOf(found, config)),
        blockers: new Map(items.flatMap(({ found }) => [...blockersAround(found, config)])),
        absent: new Map(items.map(({ found }) => [found.issue.id, input.blockers === true ? absentEnds(found) : []])),
        failures,
        moved: named.moved,
      };
    });
    await sayMoved(context, moved);
    const last = result.issues.at(-1);
    if (last !== undefined) await context.lastTouched.write(last.id);
    return result;
  },
  wire: {
    of: payloadOf,
    schema: () => z.union([z.array(issueDetails()), z.record(z.string(), z.array(linkedIssue()))]),
  },
});

/** An issue and what stands beside it. */
interface WholeIssue {
  readonly issue: Issue;
  readonly labels: string[];
  readonly dependencies: LinkedIssue[];
  readonly dependents: LinkedIssue[];
  readonly comments: Comment[];
  /** Where its dependencies end, whether there is an issue or not. */
  readonly ends: readonly LinkEnd[];
  /** Of all issues that were asked for, and those that hang on them. */
  readonly holds: Holds;
}

/** `now` is a wire time where holds are asked for. */
function issueParts(selection: Selection, now: string | undefined): Query<WholeIssue[]> {
  return combine(
    [
      issuesWithLinks(selection, ["down", "up"]),
      commentsOf(selection),
      now === undefined ? NO_HOLDS : holdsOf(aroundOf(selection), now),
    ],
    ({ issues, labels, links, ends }, comments, holds) =>
      issues.map((issue) => ({
        issue,
        labels: labels.get(issue.id) ?? [],
        dependencies: links.down.get(issue.id) ?? [],
        dependents: links.up.get(issue.id) ?? [],
        ends: ends.down.get(issue.id) ?? [],
        comments: comments.get(issue.id) ?? [],
        holds,
      })),
  );
}

/** By issue, of this one and those around it: the ids of what holds it back. */
function blockersAround({ issue, dependencies, dependents, holds }: WholeIssue, config: ProjectConfig) {
  return holds([issue, ...dependencies, ...dependents], config);
}

/** Where no issue is. */
function absentEnds({ ends, dependencies }: WholeIssue): AbsentEnd[] {
  const here = new Set(dependencies.map(({ id }) => id));
  return ends.filter(({ id }) => !here.has(id));
}

function detailsOf(
  { issue, labels, dependencies, dependents, comments }: WholeIssue,
  config: ProjectConfig,
): IssueDetails {
  const parent = dependencies.find((link) => link.dependency_type === "parent-child")?.id;
  return {
    ...withoutParts(issue),
    ...(labels.length === 0 ? {} : { labels }),
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(dependents.length === 0 ? {} : { dependents }),
    ...(comments.length === 0 ? {} : { comments }),
    ...(parent === undefined ? {} : { parent }),
    ...(issue.issue_type === "epic" ? epicCounts(dependents, config) : {}),
  };
}

function withoutParts({ labels: _labels, dependencies: _dependencies, comments: _comments, ...fields }: Issue) {
  return fields;
}

function epicCounts(dependents: readonly LinkedIssue[], { customStatuses }: ProjectConfig) {
  const children = dependents.filter((link) => link.dependency_type === "parent-child");
  const closed = children.filter(({ status }) => isDoneStatus(status, customStatuses)).length;
  return {
    epic_total_children: children.length,
    epic_closed_children: closed,
    epic_closeable: children.length > 0 && closed === children.length,
  };
}

function payloadOf({ issues }: ShowResult, { part }: ShowInput): unknown {
  if (part === undefined) return issues;
  const partOf = part === "refs" ? ({ dependents = [] }: IssueDetails) => dependents : childrenOf;
  return Object.fromEntries(issues.map((issue) => [issue.id, partOf(issue)]));
}

function issueDetails() {
  return labelledIssue({
    dependencies: z.optional(z.array(linkedIssue())),
    dependents: z.optional(z.array(linkedIssue())),
    comments: z.optional(z.array(commentSchema())),
    parent: z.optional(z.string()),
    epic_total_children: z.optional(natural()),
    epic_closed_children: z.optional(natural()),
    epic_closeable: z.optional(z.boolean()),
  });
}

export function childrenOf({ dependents = [] }: IssueDetails): readonly LinkedIssue[] {
  return dependents.filter((link) => link.dependency_type === "parent-child");
}
