import type { Issue } from "../../core/issue/issue.ts";
import { BdError, command } from "../../errors.ts";
import { commentsNamed, type PlacedComment } from "../../store/queries/comment-rows.ts";
import { ISSUE_TABLES, WISP_TABLES } from "../../store/queries/tables.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { loadNamed } from "../named-issues/named-issues.ts";
import type { Moved } from "../named-issues/say-moved.ts";
import { commentedIssues } from "./commented-issues.ts";

/** Ids of comments are UUIDs; so many characters of one, from its beginning or up to its end, tell it from a part of an issue's id. */
const COMMENT_ID = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/i;

export interface CommentRequest {
  /** An issue: of its comments the last one by the actor. Or a comment's id, or its beginning or end. */
  readonly target: string;
  readonly actor: string;
  /** Whether it may be another author's. */
  readonly force: boolean;
}

/**
 * The comment that somebody means. Throws BdError rejected COMMENT_OF_ANOTHER, not-found NO_OWN_COMMENT and those of issues.
 */
export async function findComment(
  reader: Reader,
  { target, actor, force }: CommentRequest,
): Promise<PlacedComment & { readonly moved: Moved }> {
  const { items, failures, moved, beside } = await loadNamed(reader, [target], {
    load: commentedIssues,
    beside: commentsCalled(target),
  });
  const [item] = items;
  if (item !== undefined) {
    const { issue, comments } = item.found;
    const comment = comments.findLast(({ author }) => author === actor);
    if (comment === undefined) throw noOwnComment(issue, actor);
    return { tables: item.tables, comment, title: issue.title, moved };
  }
  const [found, another] = beside;
  if (found !== undefined && another !== undefined) throw ambiguous(target, [found, another]);
  if (found === undefined) throw failures[0]?.error ?? new Error(`${target} is nowhere`);
  if (found.comment.author !== actor && !force) throw ofAnother(found);
  return { ...found, moved };
}

function commentsCalled(target: string): Query<PlacedComment[]> {
  if (!COMMENT_ID.test(target)) return combine([], () => []);
  const part = target.toLowerCase();
  return combine([commentsNamed(ISSUE_TABLES, part), commentsNamed(WISP_TABLES, part)], (issues, wisps) => [
    ...issues,
    ...wisps,
  ]);
}

function noOwnComment({ id }: Issue, actor: string): BdError {
  return new BdError("not-found", "NO_OWN_COMMENT", `${actor} has said nothing about ${id}; name a comment by its id`, {
    hint: command`bd comments ${id}`,
    details: { id, actor },
  });
}

function ambiguous(target: string, found: readonly PlacedComment[]): BdError {
  const [first] = found;
  const ids = found.map(({ comment }) => comment.id);
  return new BdError(
    "not-found",
    "AMBIGUOUS_ID",
    `several comments are called ${target}, such as ${ids.join(" and ")}`,
    {
      hint: command`bd comments ${first?.comment.issue_id ?? ""}`,
      details: { id: target, matches: ids },
    },
  );
}

function ofAnother({ comment: { id, issue_id, author } }: PlacedComment): BdError {
  return new BdError(
    "rejected",
    "COMMENT_OF_ANOTHER",
    `${author} wrote this comment on ${issue_id} (--force to override)`,
    {
      hint: command`bd comments ${issue_id}`,
      details: { comment: id, id: issue_id, author },
    },
  );
}
