import { hashedUuid } from "../hashed-uuid.ts";
import { type Issue, withParts } from "../issue/issue.ts";
import { stringifyCompact, withSortedKeys } from "../json/go-json.ts";
import type { StoredIssue } from "../jsonl/compare-issue.ts";
import type { LineComment } from "../jsonl/line-parts.ts";
import type { LineIssue } from "../jsonl/parse-line.ts";
import { compareTexts } from "../merge/cell.ts";

/**
 * The issue of a line, whole: what the line does not say of times and ids is as the database has it, where it has the
 * issue, and else follows from the line. `at` is the time for a line that names none.
 */
export function wholeIssue(line: LineIssue, known: StoredIssue | undefined, at: string): StoredIssue {
  const { fields } = line;
  const created = fields.created_at ?? known?.issue.created_at ?? fields.updated_at ?? at;
  const issue: Issue = {
    ...fields,
    created_at: created,
    updated_at: fields.updated_at ?? known?.issue.updated_at ?? created,
  };
  const edges = new Map(known?.dependencies.map((edge) => [edge.depends_on_id, edge]));
  const dependencies = line.dependencies.map((edge) => ({
    ...edge,
    created_at: edge.created_at ?? edges.get(edge.depends_on_id)?.created_at ?? created,
  }));
  const numbered = commentNumbers(known);
  const comments = line.comments.map((comment) => {
    const dated = { ...comment, created_at: comment.created_at ?? created };
    return { ...dated, id: comment.id ?? numbered.get(contentOf(dated)) ?? hashedUuid("comment", [contentOf(dated)]) };
  });
  return { issue, labels: line.labels, dependencies, comments };
}

function commentNumbers(known: StoredIssue | undefined): Map<string, string> {
  return new Map(known?.comments.map((comment) => [contentOf(comment), comment.id]));
}

function contentOf({ issue_id: issueId, author, created_at: at, text }: Omit<LineComment, "id">): string {
  return JSON.stringify([issueId, author, at, text]);
}

/** The issue as the file of `bd sync` has it: no counts, which other issues change. */
export function issueText({ issue, labels, dependencies, comments }: StoredIssue): string {
  return stringifyCompact({ _type: "issue", ...withParts(issue, { labels, dependencies, comments }) });
}

/** Equal for issues that are the same, in whatever order their parts and the keys of their metadata come. */
export function issueMeaning({ issue, labels, dependencies, comments }: StoredIssue): string {
  return issueText({
    issue: issue.metadata === undefined ? issue : { ...issue, metadata: withSortedKeys(issue.metadata) },
    labels: labels.toSorted(compareTexts),
    dependencies: dependencies.toSorted((a, b) => compareTexts(a.depends_on_id, b.depends_on_id)).map(inOneOrder),
    comments: comments
      .toSorted((a, b) => compareTexts(a.created_at, b.created_at) || compareTexts(a.id, b.id))
      .map(inOneOrder),
  });
}

function inOneOrder<T extends object>(part: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same entries in another order
  return withSortedKeys(part) as T;
}
