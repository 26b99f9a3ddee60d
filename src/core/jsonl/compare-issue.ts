import { type Comment, type Dependency, ISSUE_FIELDS, type Issue } from "../issue/issue.ts";
import { withAllDigits, withSortedKeys } from "../json/go-json.ts";
import type { LineFields } from "./line-fields.ts";
import type { LineComment, LineDependency } from "./line-parts.ts";
import type { LineIssue } from "./parse-line.ts";

/** An issue as the database has it. */
export interface StoredIssue {
  readonly issue: Issue;
  readonly labels: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly comments: readonly Comment[];
}

/** What a line means for the database. Parts are only ever added; the issue is written when its fields differ. */
export type ImportStep =
  | { readonly kind: "stale" | "same"; readonly id: string }
  | ({ readonly kind: "new" | "changed"; readonly issue: Issue; readonly fieldsDiffer: boolean } & AddedParts);

export interface AddedParts {
  readonly labels: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly comments: readonly Comment[];
  /** Edges that are there with another type, and keep it. */
  readonly keptEdges: readonly { readonly edge: Dependency; readonly lineType: string }[];
}

export interface ImportRules {
  /** Wire time, for what the line gives no time. */
  readonly now: string;
  readonly newId: () => string;
  /** Ids of comments that are taken by other comments; ids that this step gives away are added. */
  readonly takenCommentIds: Set<string>;
  /** Let an older line overwrite a newer row. */
  readonly forceOlder: boolean;
}

/** Compares a line with the row of the same id, where there is one. */
export function compareIssue(line: LineIssue, stored: StoredIssue | undefined, rules: ImportRules): ImportStep {
  const { fields } = line;
  if (stored === undefined) {
    const issue = { ...fields, ...timesOf(line, undefined, rules.now) };
    return { kind: "new", issue, fieldsDiffer: true, ...addedParts(line, issue, undefined, rules) };
  }
  const { updated_at: rowTime } = stored.issue;
  if (fields.updated_at !== undefined && fields.updated_at < rowTime && !rules.forceOlder) {
    return { kind: "stale", id: fields.id };
  }
  const likeRow: Issue = { ...keepingPlace(fields, stored.issue), ...timesOf(line, stored.issue, rowTime) };
  const fieldsDiffer = fingerprint(likeRow) !== fingerprint(stored.issue);
  const issue: Issue = fieldsDiffer ? { ...likeRow, updated_at: fields.updated_at ?? rules.now } : stored.issue;
  const parts = addedParts(line, issue, stored, rules);
  const addsParts = parts.labels.length + parts.dependencies.length + parts.comments.length > 0;
  if (!fieldsDiffer && !addsParts) return { kind: "same", id: fields.id };
  return { kind: "changed", issue, fieldsDiffer, ...parts };
}

function timesOf(
  line: LineIssue,
  stored: Issue | undefined,
  otherwise: string,
): Pick<Issue, "created_at" | "updated_at"> {
  const { created_at: created, updated_at: updated } = line.fields;
  return {
    created_at: created ?? stored?.created_at ?? updated ?? otherwise,
    updated_at: updated ?? otherwise,
  };
}

/** An issue stays in the tables where it is, so what says where that is stays too. */
function keepingPlace(fields: LineFields, stored: Issue): LineFields {
  const { ephemeral: _ephemeral, no_history: _noHistory, ...rest } = fields;
  return {
    ...rest,
    ...(stored.ephemeral === undefined ? {} : { ephemeral: stored.ephemeral }),
    ...(stored.no_history === undefined ? {} : { no_history: stored.no_history }),
  };
}

/** Equal for issues that are stored alike: the database sorts the keys of JSON objects. */
function fingerprint(issue: Issue): string {
  return withAllDigits(ISSUE_FIELDS.map(({ name }) => withSortedKeys(issue[name] ?? null)));
}

function addedParts(line: LineIssue, issue: Issue, stored: StoredIssue | undefined, rules: ImportRules): AddedParts {
  const labels = new Set(stored?.labels);
  const targets = new Map(stored?.dependencies.map((edge) => [edge.depends_on_id, edge]));
  const edgeOf = (edge: LineDependency): Dependency => ({ ...edge, created_at: edge.created_at ?? issue.created_at });
  return {
    labels: line.labels.filter((label) => !labels.has(label)),
    dependencies: line.dependencies.filter((edge) => !targets.has(edge.depends_on_id)).map(edgeOf),
    comments: newComments(line.comments, issue, stored?.comments ?? [], rules),
    keptEdges: line.dependencies.flatMap(({ depends_on_id: target, type: lineType }) => {
      const edge = targets.get(target);
      return edge === undefined || edge.type === lineType ? [] : [{ edge, lineType }];
    }),
  };
}

/**
 * A comment is the same when issue, author, time and text are; programs number their copies differently. Two that
 * differ in their ids alone are two, so each stored one stands for one line: for that with its id, where there is one.
 */
function newComments(
  lines: readonly LineComment[],
  issue: Issue,
  stored: readonly Comment[],
  { takenCommentIds, newId }: ImportRules,
): Comment[] {
  const dated = lines.map((line) => ({ ...line, created_at: line.created_at ?? issue.created_at }));
  const wanted = [
    ...new Map(dated.map((line, index) => [line.id === undefined ? index : numberedKey(line), line])).values(),
  ];
  const storedNumbers = new Set(stored.map(numberedKey));
  const lineNumbers = new Set(wanted.map(numberedKey));
  const others = wanted.filter((line) => !storedNumbers.has(numberedKey(line)));
  const copies = countedKeys(stored.filter((comment) => !lineNumbers.has(numberedKey(comment))));
  const added: Comment[] = [];
  for (const line of others) {
    const left = copies.get(commentKey(line)) ?? 0;
    copies.set(commentKey(line), left - 1);
    if (left > 0) continue;
    const id = line.id === undefined || takenCommentIds.has(line.id) ? newId() : line.id;
    takenCommentIds.add(id);
    added.push({ id, issue_id: issue.id, author: line.author, text: line.text, created_at: line.created_at });
  }
  return added;
}

function countedKeys(comments: readonly Comment[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const comment of comments) counts.set(commentKey(comment), (counts.get(commentKey(comment)) ?? 0) + 1);
  return counts;
}

function numberedKey(comment: Omit<LineComment, "issue_id"> & { readonly created_at: string }): string {
  return `${comment.id}\0${commentKey(comment)}`;
}

function commentKey({ author, created_at: at, text }: Pick<Comment, "author" | "created_at" | "text">): string {
  return `${author}\0${at}\0${text}`;
}
